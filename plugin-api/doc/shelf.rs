// The adapter that the examples of the capability traits extend; they include this file unseen. Each has a `main` of
// its own: without one, rustdoc would put the example into a function, where a file cannot be included.

use bestand_plugin_api::*;

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Settings {}

struct Shelf;

#[derive(serde::Deserialize)]
struct Row {
    sku: Sku,
    free: Quantity,
    there: Quantity,
}

impl Row {
    fn level(self, fetched_at: Timestamp) -> StockLevel {
        let quantities = Quantities::of(self.free, self.there);
        StockLevel::counted(self.sku, "shelf".into(), quantities, fetched_at)
    }
}

impl Adapter for Shelf {
    type Settings = Settings;

    fn manifest() -> Manifest {
        Manifest::new("acme-shelf", "Acme Shelf", "1.2.0")
    }

    fn open(_: Settings) -> Result<Self> {
        Ok(Self)
    }

    async fn check(&self, _: &Ctx) -> Result<Account> {
        Ok(Account::named("Acme"))
    }

    async fn locations(&self, _: &Ctx, _: Option<Cursor>) -> Result<Listing<Location>> {
        Ok(Listing::done(vec![Location::site("shelf", "The shelf")]))
    }
}
