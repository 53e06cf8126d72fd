//! Who this adapter is, whether a connection works, and the warehouses of its account.

use bestand_plugin_api::{
    Absent, Account, Adapter, AdapterError, Ctx, Cursor, ErrorKind, Listing, Location, Manifest,
    Result, Semantics, Support, Timestamp,
};

use crate::answer::Warehouse;
use crate::client::{Client, buckets, secrets};
use crate::listing::{Position, read, written};
use crate::product::location;
use crate::settings::Settings;

/// The year 2100: since then nothing can have changed.
const AHEAD: Timestamp = Timestamp::from_secs(4_102_444_800);

/// A connection to one Ecomdash account.
#[derive(Debug)]
pub struct Ecomdash {
    pub(crate) settings: Settings,
    pub(crate) client: Client,
}

impl Adapter for Ecomdash {
    type Settings = Settings;

    fn manifest() -> Manifest {
        let mut manifest = Manifest::new("ecomdash", "Ecomdash", env!("CARGO_PKG_VERSION"));
        manifest.publisher = "Bestand".into();
        manifest.description =
            "Stock of every active product in every warehouse of an Ecomdash account.".into();
        manifest.secrets = secrets();
        manifest.outbound = vec!["ecomdash.azure-api.net".into(), "{base_url}".into()];
        manifest.buckets = buckets();
        manifest.semantics = Semantics::new(
            "quantity on hand; Ecomdash does not tell what of it is promised to orders; a kit by its scarcest component",
            // Only active products are listed: one that is not named was switched off, or is a kit that nobody can count.
            Absent::Unknown,
        );
        manifest.icon = Some(include_str!("icon.svg").into());
        manifest.support = Support::named("Ecomdash support")
            .with_url("https://ecomdash.portal.azure-api.net")
            .with_check(
                "The account integration key is shown under Administration › Settings › Tools.",
            )
            .with_check(
                "The subscription key stands under Profile in the API portal, and is active.",
            )
            .with_check("The product is active in Ecomdash, and assigned to the warehouse.");
        manifest
    }

    fn open(settings: Settings) -> Result<Self> {
        let settings = settings.checked()?;
        Ok(Self {
            client: Client::new(&settings),
            settings,
        })
    }

    async fn check(&self, ctx: &Ctx) -> Result<Account> {
        let warehouses = self.client.warehouses(ctx, 1).await;
        let warehouses = warehouses.map_err(|failure| wrong_address(failure.into()))?;
        let mut account = Account::named("Ecomdash account");
        if !warehouses.items.iter().any(|warehouse| warehouse.is_active) {
            account = account.with_warning("the account has no active warehouse");
        }
        let changed = self.client.products(ctx, 1, Some(AHEAD)).await?;
        Ok(match changed.value.items.is_empty() {
            true => account,
            false => account.with_warning(format!(
                "Ecomdash does not know the parameter `{}`, so every look for changes reads all products: check the \
                 setting `changed_since_parameter`",
                self.settings.changed_since_parameter
            )),
        })
    }

    async fn locations(&self, ctx: &Ctx, cursor: Option<Cursor>) -> Result<Listing<Location>> {
        let Position { page } = cursor.as_ref().map_or(Ok(Position::FIRST), read)?;
        let listed = self.client.warehouses(ctx, page).await?;
        let locations = listed.items.iter().map(place).collect();
        Ok(
            match u64::from(page) < listed.pagination.total_number_of_pages {
                true => Listing::page(locations, written(&Position { page: page + 1 })),
                false => Listing::done(locations),
            },
        )
    }
}

fn place(warehouse: &Warehouse) -> Location {
    let id = location(warehouse.id).0;
    let name = warehouse
        .name
        .clone()
        .filter(|name| !name.trim().is_empty());
    let place = Location::site(id.clone(), name.unwrap_or(id));
    match warehouse.is_active {
        true => place,
        false => place.closed(),
    }
}

/// Only an address that is not Ecomdash's knows no warehouses.
fn wrong_address(error: AdapterError) -> AdapterError {
    match error.kind {
        ErrorKind::NotFound => AdapterError::config("base_url", error.message),
        _ => error,
    }
}
