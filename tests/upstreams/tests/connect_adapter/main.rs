//! The Connect adapter and the simulated module agree, over real HTTP and the true encoding.

#![cfg(test)]

mod over_http;

use std::sync::Arc;
use std::time::Duration;

use bestand_plugin_api::testing::{Connection, Credentials, FakeHost};
use bestand_plugin_api::{
    ErrorKind, Quantity, Sku, SkuErrorKind, SkuQuery, StockChange, StockOperation, Timestamp,
    WriteOutcome,
};
use bestand_upstreams::clock::Clock;
use bestand_upstreams::connect::{IdName, Module, ModuleOptions, Stock};
use bestand_upstreams::json_api::Fault;
use jiff::SignedDuration;
use serde_json::json;

use over_http::OverHttp;

/// A module with three articles, and the adapter connected to it. Both clocks stand still.
struct Connected {
    module: Module,
    host: FakeHost,
    connection: Connection,
}

impl Connected {
    async fn new(options: ModuleOptions) -> Self {
        let clock = Clock::frozen("2026-11-20T10:00:00Z".parse().unwrap());
        let now = Timestamp::from_millis(clock.now().as_millisecond());
        let module = Module::start(ModuleOptions { clock, ..options })
            .await
            .unwrap();
        module.stock([
            Stock::available("TEA-1", "berlin", 12).of(17),
            Stock::available("TEA-1", "hamburg", 7).of(7),
            Stock::available("CUP-2", "", 3),
        ]);
        let host = FakeHost::at(now);
        host.allow_private_network()
            .credentials(Credentials::default().with("api_key", "connect-key"))
            .upstream(Arc::new(OverHttp::default()));
        let settings = json!({ "base_url": module.url(), "order_source_api_code": "acme_wms" });
        let connection = Connection::open(bestand_plugin_connect::wiring, &settings, &host)
            .await
            .unwrap();
        Self {
            module,
            host,
            connection,
        }
    }

    /// Lets time pass for both.
    fn advance(&self, secs: u32) {
        self.host.advance(Duration::from_secs(secs.into()));
        self.module
            .clock()
            .advance(SignedDuration::from_secs(secs.into()));
    }

    async fn set(&self, name: &str, place: &str, to: i64) -> WriteOutcome {
        let change = StockChange::Set {
            quantity: Quantity::units(to),
            expected: None,
        };
        let operation = StockOperation::new("op-1", Sku::new(name).unwrap(), place.into(), change);
        self.connection
            .write_stock(&[operation])
            .await
            .unwrap()
            .remove(0)
    }
}

fn query(skus: &[&str]) -> SkuQuery {
    SkuQuery::of(skus.iter().map(|sku| Sku::new(sku).unwrap()).collect())
}

#[tokio::test]
async fn places_and_levels_are_read_whichever_way_a_module_answers() {
    for options in [
        ModuleOptions::default(),
        ModuleOptions {
            page_items: 1,
            ..ModuleOptions::default()
        },
        ModuleOptions {
            validates: false,
            id_name: IdName::InventoryItem,
            ..ModuleOptions::default()
        },
    ] {
        let connected = Connected::new(options).await;
        connected.connection.check().await.unwrap();
        let places = connected.connection.locations().await.unwrap();
        let mut ids: Vec<_> = places.iter().map(|place| place.id.0.as_str()).collect();
        ids.sort_unstable();
        assert_eq!(ids, ["all-stock", "berlin", "hamburg"]);
        let levels = connected.connection.list_stock(None).await.unwrap();
        assert_eq!(levels.len(), 3);
        assert!(levels.iter().all(|level| level.item.is_some()));
    }
}

#[tokio::test]
async fn a_change_is_told_and_an_order_sees_it_at_once() {
    let connected = Connected::new(ModuleOptions::default()).await;
    connected.advance(600); // A look for changes begins five minutes before its checkpoint.
    let first = connected
        .connection
        .stock_changes(None, None)
        .await
        .unwrap();
    connected.advance(600);
    connected
        .module
        .stock([Stock::available("TEA-1", "hamburg", 2).of(2)]);
    let changes = connected
        .connection
        .stock_changes(Some(first.checkpoint), None)
        .await
        .unwrap();
    let changed: Vec<_> = changes
        .items
        .iter()
        .map(|level| level.location.0.as_str())
        .collect();
    assert_eq!(changed, ["hamburg"]);
    let answers = connected
        .connection
        .stock_by_sku(&query(&["TEA-1", "NONE"]))
        .await
        .unwrap();
    assert_eq!(
        answers.levels[1].quantities.available,
        Some(Quantity::units(2))
    );
    assert_eq!(answers.errors[0].kind, SkuErrorKind::NotFound);
}

#[tokio::test]
async fn a_locked_article_fails_alone() {
    let connected = Connected::new(ModuleOptions::default()).await;
    connected.module.set_locked("CUP-2", true);
    let answers = connected
        .connection
        .stock_by_sku(&query(&["TEA-1", "CUP-2"]))
        .await
        .unwrap();
    assert_eq!(
        (answers.levels.len(), answers.errors[0].kind),
        (2, SkuErrorKind::Failed)
    );
    assert!(matches!(
        connected.set("CUP-2", "all-stock", 1).await,
        WriteOutcome::Rejected { .. }
    ));
}

#[tokio::test]
async fn a_count_arrives_once_even_when_its_answer_is_lost() {
    let connected = Connected::new(ModuleOptions::default()).await;
    assert_eq!(
        connected.set("TEA-1", "berlin", 20).await,
        WriteOutcome::Applied
    );
    let berlin = || connected.module.find("TEA-1", Some("berlin")).unwrap();
    assert_eq!(
        (berlin().available, berlin().on_hand),
        (15, Some(20)),
        "five stay committed"
    );
    connected
        .module
        .fault(Fault::DroppedAfterCommit.times(1).on("inventory_push"));
    assert!(matches!(
        connected.set("TEA-1", "berlin", 30).await,
        WriteOutcome::Unknown { .. }
    ));
    assert_eq!(
        connected.set("TEA-1", "berlin", 30).await,
        WriteOutcome::Applied
    );
    assert_eq!((berlin().available, berlin().on_hand), (25, Some(30)));
}

#[tokio::test]
async fn faults_are_told_from_one_another() {
    let connected = Connected::new(ModuleOptions::default()).await;
    let module = &connected.module;
    for (fault, is_it) in [
        (Fault::Unauthorized, ErrorKind::Auth),
        (
            Fault::Status { code: 500 },
            ErrorKind::Upstream { status: 500 },
        ),
        (
            Fault::Status { code: 520 },
            ErrorKind::Upstream { status: 520 },
        ),
        (Fault::Status { code: 404 }, ErrorKind::Unsupported),
        (Fault::ErrorBody, ErrorKind::Protocol),
        (Fault::Page, ErrorKind::Protocol),
        (Fault::Truncated, ErrorKind::Protocol),
        (Fault::Reset, ErrorKind::Transient),
    ] {
        module.fault(fault.clone().times(1));
        let error = connected.connection.list_stock(None).await.unwrap_err();
        assert_eq!(error.kind, is_it, "{fault:?}");
    }
    module.fault(
        Fault::RateLimited {
            retry_after_secs: 40,
        }
        .times(1),
    );
    let limited = connected.connection.list_stock(None).await.unwrap_err();
    let retry_at = Some(connected.host.now().after(Duration::from_secs(40)));
    assert_eq!(limited.kind, ErrorKind::RateLimited { retry_at });
}

#[tokio::test]
async fn what_a_module_refuses_to_be_asked_is_never_asked() {
    let connected = Connected::new(ModuleOptions {
        page_items: 1,
        ..ModuleOptions::default()
    })
    .await;
    connected.connection.check().await.unwrap();
    connected.connection.list_stock(None).await.unwrap();
    connected
        .connection
        .stock_by_sku(&query(&["TEA-1"]))
        .await
        .unwrap();
    connected
        .connection
        .stock_changes(Some("2026-11-20T09:00:00Z".into()), None)
        .await
        .unwrap();
    connected.set("TEA-1", "berlin", 20).await;
    let refused: Vec<_> = connected
        .module
        .requests()
        .into_iter()
        .filter(|request| request.status != Some(200))
        .collect();
    assert!(refused.is_empty(), "{refused:?}");
}
