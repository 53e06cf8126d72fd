//! Who this adapter is, whether a connection works, and the warehouses of its account.

use bestand_plugin_api::{
    Absent, Account, Adapter, AdapterError, Ctx, Cursor, ErrorKind, Listing, Location, Manifest,
    Result, SecretSpec, Semantics, Support,
};

use crate::api::{self, Warehouses};
use crate::client::{API_KEY, Client, bucket};
use crate::settings::Settings;

/// What people call the system.
pub(crate) const NAME: &str = "Acme Stock";
/// Who ships this adapter.
const PUBLISHER: &str = "Acme";

/// A connection to one account.
#[derive(Debug)]
pub struct AcmeStock {
    pub(crate) client: Client,
}

impl Adapter for AcmeStock {
    type Settings = Settings;

    fn manifest() -> Manifest {
        let mut manifest = Manifest::new(env!("CARGO_PKG_NAME"), NAME, env!("CARGO_PKG_VERSION"));
        manifest.publisher = PUBLISHER.into();
        manifest.description = env!("CARGO_PKG_DESCRIPTION").into();
        manifest.secrets = vec![SecretSpec::required(
            API_KEY,
            "API key",
            "Settings › API keys",
        )];
        manifest.outbound = vec!["{base_url}".into()];
        manifest.buckets = vec![bucket()];
        // A listing names every article that is stocked anywhere: one that it does not name has none left.
        manifest.semantics = Semantics::new("on hand − promised to orders", Absent::Zero);
        manifest.support = Support::email("help@acme.example")
            .with_check("The API key is listed under Settings › API keys and was not revoked.");
        manifest
    }

    fn open(settings: Settings) -> Result<Self> {
        let client = Client::new(&settings.checked()?);
        Ok(Self { client })
    }

    async fn check(&self, ctx: &Ctx) -> Result<Account> {
        let account = self.client.get(ctx, "/v1/account").read().await;
        let account: api::Account = account.map_err(at_the_door)?.content;
        Ok(Account::named(account.name))
    }

    async fn locations(&self, ctx: &Ctx, _: Option<Cursor>) -> Result<Listing<Location>> {
        let answer = self.client.get(ctx, "/v1/warehouses").read().await?;
        let Warehouses { warehouses } = answer.content;
        let locations = warehouses.into_iter().map(Location::from);
        Ok(Listing::done(locations.collect()))
    }
}

/// What is not found when nothing but the connection itself is tried is the API.
fn at_the_door(error: AdapterError) -> AdapterError {
    match error.kind {
        ErrorKind::NotFound => AdapterError::config("base_url", "there is no such API"),
        _ => error,
    }
}
