//! Who this adapter is, whether a connection works, and the places of its account.

use std::sync::Arc;
use std::time::Duration;

use bestand_plugin_api::{
    Absent, Account, Adapter, AdapterError, Ctx, Cursor, ErrorKind, Listing, Location, Manifest,
    Result, SecretSpec, Semantics, Support,
};

use crate::client::{API_KEY, API_SECRET, Client, Failure, buckets};
use crate::facilities::Facilities;
use crate::graphql::{FIELDS_QUERY, field_names};
use crate::kept::Kept;
use crate::layout::{Fields, Layout};
use crate::settings::Settings;
use crate::snapshot::Snapshot;

/// Facilities and columns change when somebody reorganises a warehouse; before each listing they are read anew.
const AGE_MAX: Duration = Duration::from_secs(15 * 60);

/// A connection to one Finale account.
#[derive(Debug)]
pub struct Finale {
    pub(crate) settings: Settings,
    pub(crate) client: Client,
    /// What a listing pages through.
    pub(crate) snapshot: Kept<Snapshot>,
    facilities: Kept<Facilities>,
    fields: Kept<Fields>,
}

impl Adapter for Finale {
    type Settings = Settings;

    fn manifest() -> Manifest {
        let mut manifest = Manifest::new("finale", "Finale Inventory", env!("CARGO_PKG_VERSION"));
        manifest.publisher = "Bestand".into();
        manifest.description =
            "Stock of every product at every location of a Finale Inventory account.".into();
        let place = "Finale › Application settings › Users › API keys";
        manifest.secrets = vec![
            SecretSpec::required(API_KEY, "API key", place),
            SecretSpec::required(
                API_SECRET,
                "API secret",
                &format!("{place}; shown once, when the key is made"),
            ),
        ];
        manifest.outbound = vec!["app.finaleinventory.com".into(), "{base_url}".into()];
        manifest.buckets = buckets();
        manifest.semantics = Semantics::new(
            "on hand − reserved; with `available_to_promise` + on order; without transit and excluded sublocations",
            // A listing names every product, also those of which there is nothing; one that it does not name is gone.
            Absent::Unknown,
        );
        manifest.support = Support::named("Finale Inventory support")
            .with_url("https://support.finaleinventory.com")
            .with_check("The API key is listed under Application settings › Users › API keys and was not revoked.")
            .with_check("The account is the lower-case part behind the host of the Finale address.")
            .with_check("The location is active in Finale.");
        manifest
    }

    fn open(settings: Settings) -> Result<Self> {
        let settings = settings.checked()?;
        Ok(Self {
            client: Client::new(&settings),
            settings,
            snapshot: Kept::default(),
            facilities: Kept::default(),
            fields: Kept::default(),
        })
    }

    async fn check(&self, ctx: &Ctx) -> Result<Account> {
        let facilities = self
            .read_facilities(ctx)
            .await
            .map_err(refused_at_the_door)?;
        let mut warnings = place_warnings(&facilities, &self.settings);
        match self.read_fields(ctx).await {
            Ok(fields) => warnings.extend(self.layout_of(facilities, fields).warnings()),
            Err(error) if error.kind == ErrorKind::Auth => return Err(error),
            Err(error) => warnings.push(format!(
                "orders are answered from the last sync, because Finale's GraphQL does not answer: {error}"
            )),
        }
        Ok(Account::named(&self.settings.account).with_warnings(warnings))
    }

    async fn locations(&self, ctx: &Ctx, _: Option<Cursor>) -> Result<Listing<Location>> {
        Ok(Listing::done(self.read_facilities(ctx).await?.listed()))
    }
}

impl Finale {
    /// The account's places and columns, asked anew where they are old.
    pub(crate) async fn layout(&self, ctx: &Ctx) -> Result<Layout> {
        let facilities = self.facilities(ctx).await?;
        let fields = match self.fields.fresh(ctx.now().await?, AGE_MAX) {
            Some(fields) => fields,
            None => self.read_fields(ctx).await?,
        };
        Ok(self.layout_of(facilities, fields))
    }

    /// The account's places and columns, asked anew.
    pub(crate) async fn read_layout(&self, ctx: &Ctx) -> Result<Layout> {
        let facilities = self.read_facilities(ctx).await?;
        let fields = self.read_fields(ctx).await?;
        Ok(self.layout_of(facilities, fields))
    }

    /// The account's places, asked anew when they are old.
    pub(crate) async fn facilities(&self, ctx: &Ctx) -> Result<Arc<Facilities>> {
        match self.facilities.fresh(ctx.now().await?, AGE_MAX) {
            Some(facilities) => Ok(facilities),
            None => Ok(self.read_facilities(ctx).await?),
        }
    }

    /// The account's places, asked anew.
    pub(crate) async fn read_facilities(&self, ctx: &Ctx) -> Result<Arc<Facilities>, Failure> {
        let body = self.client.collection(ctx, "facility", None).await?;
        let facilities =
            Facilities::parse(&body.bytes, &self.settings).map_err(Failure::NoAnswer)?;
        let facilities = Arc::new(facilities);
        self.facilities.keep(body.sent_at, Arc::clone(&facilities));
        Ok(facilities)
    }

    async fn read_fields(&self, ctx: &Ctx) -> Result<Arc<Fields>> {
        let answer = self.client.graphql(ctx, FIELDS_QUERY).await?;
        let fields = Arc::new(Fields::new(&field_names(&answer.data)?));
        self.fields.keep(answer.sent_at, Arc::clone(&fields));
        Ok(fields)
    }

    fn layout_of(&self, facilities: Arc<Facilities>, fields: Arc<Fields>) -> Layout {
        Layout::new(facilities, fields, self.settings.available)
    }
}

/// What a refusal means when nothing but the connection itself is being tried.
fn refused_at_the_door(failure: Failure) -> AdapterError {
    match failure {
        Failure::LoginPage => AdapterError::auth(
            "Finale shows its login page instead of an answer: check account, API key and API secret",
        ),
        Failure::Status { error, .. } if error.kind == ErrorKind::NotFound => AdapterError::config(
            "account",
            "Finale knows no such account: check the account's path",
        ),
        other => other.into(),
    }
}

fn place_warnings(facilities: &Facilities, settings: &Settings) -> Vec<String> {
    let mut warnings = Vec::new();
    if !facilities.locations().any(|location| location.active) {
        warnings.push("the account has no active location".into());
    }
    for excluded in &settings.excluded_sublocations {
        if !facilities.has_sublocation(excluded) {
            warnings.push(format!("there is no sublocation `{excluded}` to exclude"));
        }
    }
    warnings
}
