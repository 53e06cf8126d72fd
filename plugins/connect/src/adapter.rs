//! Who this adapter is, and whether a connection works.

use bestand_plugin_api::{
    Absent, Account, Adapter, AdapterError, Ctx, Cursor, Listing, Location, Manifest, Result,
    Semantics, Sku, Support,
};

use crate::client::{Client, Failure};
use crate::contract::{Criteria, Fetch};
use crate::places;
use crate::settings::{Settings, registration, secrets};

/// An article that no system has: asking for it costs next to nothing.
const NO_ARTICLE: &str = "BESTAND-CONNECTION-CHECK";

/// A connection to one account behind one module.
#[derive(Debug)]
pub struct Connect {
    pub(crate) settings: Settings,
    pub(crate) client: Client,
}

impl Adapter for Connect {
    type Settings = Settings;

    fn manifest() -> Manifest {
        let mut manifest = Manifest::new(
            "connect",
            "ShipEngine Connect module",
            env!("CARGO_PKG_VERSION"),
        );
        manifest.publisher = "Bestand".into();
        manifest.description =
            "Stock from any HTTP module that speaks ShipEngine Connect's order-source inventory contract.".into();
        manifest.secrets = secrets();
        manifest.registration = Some(registration());
        manifest.outbound = vec!["{base_url}".into()];
        manifest.semantics = Semantics::new(
            "what the module reports as `available_quantity`: generally on hand − committed",
            // A module lists what its system has; what it does not name was deleted, or could not be read this time.
            Absent::Unknown,
        );
        manifest.icon = Some(include_str!("icon.svg").into());
        manifest.support = Support::named("The maker of the module")
            .with_url("https://connect.shipengine.com")
            .with_check("The address is that of the module, without `/inventory_fetch`.")
            .with_check("The module implements `/inventory_fetch`; many order sources do not.")
            .with_check("The credentials are those of the system behind the module, of the kind that `sign_in` names.");
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
        // Not every module can tell whether it is let in; what must work is the fetch, and it tells, too.
        self.client.validate_connection(ctx).await?;
        let nothing = Sku::new(NO_ARTICLE).expect("a SKU written out above");
        let fetch = Fetch {
            cursor: None,
            criteria: Criteria {
                skus: std::slice::from_ref(&nothing),
                from_date_time: None,
            },
        };
        self.client.fetch(ctx, fetch).await.map_err(no_module)?;
        Ok(Account::named(self.account_name()))
    }

    async fn locations(&self, ctx: &Ctx, cursor: Option<Cursor>) -> Result<Listing<Location>> {
        places::step(self, ctx, cursor).await
    }
}

impl Connect {
    fn account_name(&self) -> &str {
        let named = self.settings.connection_name.as_deref();
        named.unwrap_or(&self.settings.order_source_api_code)
    }
}

/// A module without the one method that is needed is another one, or stands at another address.
fn no_module(failure: Failure) -> AdapterError {
    match failure.is_not_implemented() {
        true => AdapterError::config("base_url", AdapterError::from(failure).message),
        false => failure.into(),
    }
}
