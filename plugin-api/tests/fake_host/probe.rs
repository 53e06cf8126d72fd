//! An adapter that does what its settings say, and answers what the scripted upstream says.

use std::sync::Mutex;

use bestand_plugin_api::http::{Auth, SecretPlace};
use bestand_plugin_api::state::{Expected, Write};
use bestand_plugin_api::testing::{Answer, Connection, FakeHost};
use bestand_plugin_api::*;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Where the probe asks for its answers.
pub(crate) const UPSTREAM: &str = "https://api.probe.example/";

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    /// A host more that may be spoken to.
    #[serde(default, rename = "base_url")]
    _base_url: Option<String>,
    /// How often `does` is done.
    #[serde(default = "once")]
    #[schemars(range(min = 1, max = 100))]
    times: usize,
    #[serde(default)]
    does: Deed,
}

/// What `check` does.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Deed {
    #[default]
    Nothing,
    /// Asks this URL, and does not read the answer to its end.
    Get(String),
    /// Sends this method.
    Method(String),
    /// Signs in with this secret.
    SignIn(String),
    /// Fetches a token here.
    TokenFrom(String),
    /// Lets a secret be put into this member of its body.
    PutInto(String),
    /// Counts against this bucket.
    Count(String),
    /// Stores something under this key.
    Store(String),
    /// Asks for the time with the context of the call before.
    KeepCtx,
}

pub(crate) struct Probe {
    settings: Settings,
    kept: Mutex<Option<Ctx>>,
}

fn once() -> usize {
    1
}

impl Adapter for Probe {
    type Settings = Settings;

    fn manifest() -> Manifest {
        let mut manifest = Manifest::new("probe", "Probe", "0.1.0");
        manifest.publisher = "Acme".into();
        manifest.secrets = vec![SecretSpec::required("api_key", "API key", "")];
        manifest.outbound = ["api.probe.example", "*.below.example", "{base_url}"]
            .map(String::from)
            .into();
        manifest.buckets = vec![RateBucket::new(
            "reads",
            1,
            std::time::Duration::from_secs(1),
        )];
        manifest.semantics = Semantics::new("free", Absent::Zero);
        manifest.support = Support::email("help@acme.example");
        manifest
    }

    fn open(settings: Settings) -> Result<Self> {
        let kept = Mutex::default();
        Ok(Self { settings, kept })
    }

    async fn check(&self, ctx: &Ctx) -> Result<Account> {
        let mut answers = Vec::new();
        for _ in 0..self.settings.times {
            let get = |url: &str| ctx.http().get(url);
            let request = match &self.settings.does {
                Deed::Nothing => continue,
                Deed::Get(url) => get(url),
                Deed::Method(method) => ctx.http().request(method, UPSTREAM),
                Deed::SignIn(secret) => get(UPSTREAM).bearer(secret),
                Deed::TokenFrom(url) => {
                    get(UPSTREAM).auth(Auth::client_credentials(url, "api_key", "api_key"))
                }
                Deed::PutInto(path) => get(UPSTREAM)
                    .json(&serde_json::json!({ "auth": {} }))?
                    .auth(Auth::places([SecretPlace::json(path, "api_key")])),
                Deed::Count(bucket) => get(UPSTREAM).bucket(bucket),
                Deed::Store(key) => {
                    let write = Write::put(key, b"value".to_vec(), Expected::Any);
                    ctx.state().commit(&[write]).await?;
                    continue;
                }
                Deed::KeepCtx => {
                    let kept = self.kept.lock().unwrap().replace(ctx.clone());
                    kept.unwrap_or_else(|| ctx.clone()).now().await?;
                    continue;
                }
            };
            answers.push(request.send().await?);
        }
        Ok(Account::named("Probe"))
    }

    async fn locations(&self, ctx: &Ctx, _: Option<Cursor>) -> Result<Listing<Location>> {
        answer(ctx).await
    }
}

impl StockListing for Probe {
    async fn list_stock(&self, ctx: &Ctx, _: Option<Cursor>) -> Result<Listing<StockLevel>> {
        answer(ctx).await
    }
}

impl StockBySku for Probe {
    const MAX_BATCH: usize = 2;

    async fn stock_by_sku(&self, ctx: &Ctx, _: SkuQuery) -> Result<SkuAnswers> {
        answer(ctx).await
    }
}

impl StockChanges for Probe {
    const MISSES: &'static str = "";

    async fn stock_changes(
        &self,
        ctx: &Ctx,
        _: Option<Checkpoint>,
        _: Option<Cursor>,
    ) -> Result<Changes<StockLevel>> {
        answer(ctx).await
    }
}

impl StockWrites for Probe {
    const MAX_BATCH: usize = 2;
    const IDEMPOTENCY: Idempotency = Idempotency::Native;

    async fn write_stock(&self, ctx: &Ctx, _: Vec<StockOperation>) -> Result<Vec<WriteOutcome>> {
        answer(ctx).await
    }
}

async fn answer<T: DeserializeOwned>(ctx: &Ctx) -> Result<T> {
    ctx.http().get(UPSTREAM).send().await?.json().await
}

export_adapter!(Probe: StockListing + StockBySku + StockChanges + StockWrites);

/// The time on the clock of [`host`].
pub(crate) fn now() -> Timestamp {
    Timestamp::from_secs(1_700_000_000)
}

/// A host whose upstream answers everything with `answer`, some times over.
pub(crate) fn host(answer: &Answer) -> FakeHost {
    let host = FakeHost::at(now());
    for _ in 0..20 {
        host.answer("", answer.clone());
    }
    host
}

pub(crate) async fn open(host: &FakeHost, settings: Value) -> Result<Connection> {
    Connection::open(wiring, &settings, host).await
}

/// A connection to which the upstream answers `answer`.
pub(crate) async fn answering<T: Serialize>(answer: &T) -> Connection {
    let host = host(&Answer::json(answer));
    open(&host, json!({})).await.unwrap()
}
