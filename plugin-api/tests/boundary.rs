//! The boundary itself, through the ABI objects a daemon and a library exchange.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use bestand_plugin_api::abi::{self, abi_stable};
use bestand_plugin_api::call::adapter::{
    Check, Close, Describe, ListStock, Open, Settings, StockBySku,
};
use bestand_plugin_api::call::{self, Port};
use bestand_plugin_api::testing::FakeHost;
use bestand_plugin_api::{
    Account, Adapter, AdapterError, Capability, Ctx, Cursor, ErrorKind, Listing, Location,
    Manifest, Result, SkuQuery, StockLevel, StockListing, Timestamp, export_adapter,
};
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Mood {
    #[serde(default)]
    panics: bool,
    #[serde(default)]
    panics_when_dropped: bool,
}

struct Moody(Mood);

impl Drop for Moody {
    fn drop(&mut self) {
        if self.0.panics_when_dropped {
            std::panic::panic_any(Grenade);
        }
    }
}

/// Panics when it is dropped.
struct Grenade;

impl Drop for Grenade {
    fn drop(&mut self) {
        panic!("dropped");
    }
}

impl Adapter for Moody {
    type Settings = Mood;

    fn manifest() -> Manifest {
        Manifest::new("moody", "Moody", "0.1.0")
    }

    fn open(settings: Mood) -> Result<Self> {
        Ok(Self(settings))
    }

    async fn check(&self, ctx: &Ctx) -> Result<Account> {
        let now = ctx.now().await?;
        assert!(!self.0.panics, "in a bad mood");
        Ok(Account::named(now.to_string()))
    }

    async fn locations(&self, _: &Ctx, _: Option<Cursor>) -> Result<Listing<Location>> {
        Ok(Listing::done(Vec::new()))
    }
}

impl StockListing for Moody {
    async fn list_stock(&self, _: &Ctx, _: Option<Cursor>) -> Result<Listing<StockLevel>> {
        let _grenade = Grenade;
        std::future::pending().await
    }
}

export_adapter!(Moody: StockListing);

fn adapter() -> Arc<dyn Port> {
    let host = abi::outward(Arc::new(FakeHost::at(Timestamp::from_secs(0))));
    abi::inward(abi::start(wiring, host).into_result().unwrap())
}

async fn open(port: &dyn Port, connection: &str, settings: &str) -> Result<()> {
    call::ask::<Open>(
        port,
        1,
        connection,
        &Settings {
            json: settings.into(),
        },
    )
    .await
}

#[test]
fn the_root_is_exported_under_the_name_abi_stable_looks_for() {
    assert_eq!(
        abi_stable::library::ROOT_MODULE_LOADER_NAME,
        "_1as_0lib_1header_0root_bmodule_bloader"
    );
}

#[tokio::test]
async fn the_manifest_is_completed_by_the_export() {
    let manifest = call::ask::<Describe>(&*adapter(), 1, "", &())
        .await
        .unwrap();
    assert_eq!(manifest.contract, bestand_plugin_api::CONTRACT);
    assert_eq!(manifest.capabilities, [Capability::StockListing]);
    assert_eq!(
        manifest.settings_schema["properties"]["panics"]["type"],
        "boolean"
    );
}

#[tokio::test]
async fn a_call_reaches_the_host_and_comes_back() {
    let port = adapter();
    open(&*port, "a", "{}").await.unwrap();
    assert_eq!(
        call::ask::<Check>(&*port, 1, "a", &()).await.unwrap().name,
        "1970-01-01T00:00:00Z"
    );
}

#[tokio::test]
async fn a_panic_poisons_its_own_connection_until_it_is_opened_anew() {
    let port = adapter();
    open(&*port, "bad", r#"{"panics":true}"#).await.unwrap();
    open(&*port, "good", "{}").await.unwrap();

    let first = call::ask::<Check>(&*port, 1, "bad", &()).await.unwrap_err();
    assert_eq!(
        first,
        AdapterError::bug("the adapter panicked: in a bad mood")
    );
    let second = call::ask::<Check>(&*port, 2, "bad", &()).await.unwrap_err();
    assert!(
        second.message.starts_with("the adapter panicked earlier"),
        "{second}"
    );
    assert!(call::ask::<Check>(&*port, 3, "good", &()).await.is_ok());

    open(&*port, "bad", "{}").await.unwrap();
    assert!(call::ask::<Check>(&*port, 4, "bad", &()).await.is_ok());
}

#[tokio::test]
async fn a_panic_while_a_call_is_dropped_stays_inside() {
    let port = adapter();
    open(&*port, "a", "{}").await.unwrap();
    let request = call::request::<ListStock>(1, "a", &None).unwrap();
    let mut answer = port.call(request);
    assert!(futures_poll(&mut answer).is_pending());
    drop(answer);
    let error = call::ask::<Check>(&*port, 2, "a", &()).await.unwrap_err();
    assert!(error.message.ends_with("dropped"), "{error}");
}

#[tokio::test]
async fn an_instance_that_panics_when_it_is_dropped_does_so_inside() {
    let port = adapter();
    let dying = r#"{"panics_when_dropped":true}"#;
    for connection in ["replaced", "closed", "left"] {
        open(&*port, connection, dying).await.unwrap();
    }
    open(&*port, "replaced", "{}").await.unwrap();
    assert!(call::ask::<Check>(&*port, 1, "replaced", &()).await.is_ok());
    call::ask::<Close>(&*port, 1, "closed", &()).await.unwrap();

    let doomed = r#"{"panics":true,"panics_when_dropped":true}"#;
    open(&*port, "poisoned", doomed).await.unwrap();
    let error = call::ask::<Check>(&*port, 1, "poisoned", &()).await;
    assert_eq!(error.unwrap_err().kind, ErrorKind::Bug);

    let mut last_call = port.call(call::request::<ListStock>(1, "left", &None).unwrap());
    assert!(futures_poll(&mut last_call).is_pending());
    drop(port);
    drop(last_call);
}

#[tokio::test]
async fn what_cannot_be_done_is_said_and_nothing_else_suffers() {
    let port = adapter();
    let unopened = call::ask::<Check>(&*port, 1, "a", &()).await.unwrap_err();
    assert_eq!(unopened.kind, ErrorKind::Bug);
    let unknown = open(&*port, "a", r#"{"panic":true}"#).await.unwrap_err();
    assert!(
        unknown.message.contains("unknown field `panic`"),
        "{unknown}"
    );
    open(&*port, "a", "{}").await.unwrap();
    let unsupported = call::ask::<StockBySku>(&*port, 1, "a", &SkuQuery::default())
        .await
        .unwrap_err();
    assert_eq!(
        unsupported,
        AdapterError::unsupported("adapter `moody` has no `stock.by_sku`")
    );
    let garbage = port.call(b"\x93garbage".to_vec()).await;
    assert_eq!(
        call::read_response(&garbage).unwrap_err().kind,
        ErrorKind::Protocol
    );
    call::ask::<Close>(&*port, 1, "a", &()).await.unwrap();
    assert!(call::ask::<Check>(&*port, 1, "a", &()).await.is_err());
}

fn futures_poll<F: Future + Unpin>(future: &mut F) -> std::task::Poll<F::Output> {
    let mut task = std::task::Context::from_waker(std::task::Waker::noop());
    std::pin::Pin::new(future).poll(&mut task)
}
