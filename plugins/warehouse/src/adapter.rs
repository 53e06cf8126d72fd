//! Who this adapter is, and the places it has.

use bestand_plugin_api::{
    Absent, Account, Adapter, Condition, Ctx, Currency, Cursor, Listing, Location, Manifest,
    Result, Semantics, Support,
};

use crate::places;
use crate::settings::Settings;

/// The built-in warehouse of one account.
#[derive(Debug)]
pub struct Warehouse {
    pub(crate) settings: Settings,
    /// What costs are told in.
    pub(crate) currency: Currency,
}

impl Adapter for Warehouse {
    type Settings = Settings;

    fn manifest() -> Manifest {
        let mut manifest =
            Manifest::new("warehouse", "Built-in warehouse", env!("CARGO_PKG_VERSION"));
        manifest.publisher = "Bestand".into();
        manifest.description =
            "Stock that Bestand itself keeps: warehouses, locations, and a ledger of every change."
                .into();
        manifest.built_in = true;
        manifest.semantics = Semantics::new(
            "sellable and not expired − allocated, all locations of a warehouse together",
            Absent::Unknown,
        );
        manifest.conditions = vec![
            Condition::Sellable,
            Condition::Damaged,
            Condition::Expired,
            Condition::QaHold,
        ];
        manifest.support = Support::named("whoever runs this installation")
            .with_check("Does the connection to the warehouse exist, and is it not paused?");
        manifest
    }

    fn open(settings: Settings) -> Result<Self> {
        let settings = settings.checked()?;
        let currency = settings.currency()?;
        Ok(Self { settings, currency })
    }

    async fn check(&self, ctx: &Ctx) -> Result<Account> {
        places::found(ctx, &self.settings).await?;
        let account = Account::named("Built-in warehouse");
        Ok(match places::list(ctx, None).await? {
            Listing::Done { items, .. } if items.is_empty() => {
                account.with_warning("there is no inventory warehouse: create one to keep stock")
            }
            _ => account,
        })
    }

    async fn locations(&self, ctx: &Ctx, cursor: Option<Cursor>) -> Result<Listing<Location>> {
        places::found(ctx, &self.settings).await?;
        places::list(ctx, cursor).await
    }
}
