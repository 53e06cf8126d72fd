use bestand_plugin_api::*;
use schemars::JsonSchema;
use serde::Deserialize;

/// What the operator fills in. Secrets are not here: the manifest names them, and the host puts them in.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where the shelf service answers, such as `https://api.shelf.example`.
    base_url: String,
}

pub struct Shelf {
    settings: Settings,
}

/// A row as the shelf service sends it.
#[derive(Deserialize)]
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
        let mut manifest = Manifest::new("acme-shelf", "Acme Shelf", env!("CARGO_PKG_VERSION"));
        manifest.publisher = "Acme".into();
        manifest.secrets = vec![SecretSpec::required("api_key", "API key", "Settings › API")];
        manifest.outbound = vec!["{base_url}".into()];
        manifest.semantics = Semantics::new("free", Absent::Zero);
        manifest.support = Support::email("help@acme.example");
        manifest
    }

    fn open(settings: Settings) -> Result<Self> {
        Ok(Self { settings })
    }

    async fn check(&self, ctx: &Ctx) -> Result<Account> {
        self.rows(ctx).await?;
        Ok(Account::named("Acme"))
    }

    async fn locations(&self, _: &Ctx, _: Option<Cursor>) -> Result<Listing<Location>> {
        Ok(Listing::done(vec![Location::site("shelf", "The shelf")]))
    }
}

impl StockListing for Shelf {
    async fn list_stock(&self, ctx: &Ctx, _: Option<Cursor>) -> Result<Listing<StockLevel>> {
        let (fetched_at, rows) = self.rows(ctx).await?;
        let levels = rows.into_iter().map(|row| row.level(fetched_at));
        Ok(Listing::done(levels.collect()))
    }
}

impl Shelf {
    async fn rows(&self, ctx: &Ctx) -> Result<(Timestamp, Vec<Row>)> {
        let url = format!("{}/stock", self.settings.base_url);
        let auth = http::Auth::bearer("api_key");
        let mut answer = ctx.http().get(url).auth(auth).send().await?;
        match answer.status() {
            200 => Ok((answer.sent_at(), answer.json().await?)),
            401 | 403 => Err(AdapterError::auth("Acme refuses the API key")),
            status => {
                let message = format!("Acme answered {status}");
                Err(AdapterError::upstream(status, message))
            }
        }
    }
}

export_adapter!(Shelf: StockListing);
