//! The Ecomdash adapter and the simulated Ecomdash agree, over real HTTP and the true encoding.

#![cfg(test)]

#[path = "../connect_adapter/over_http.rs"]
mod over_http;

use std::sync::Arc;
use std::time::Duration;

use bestand_plugin_api::testing::{Connection, Credentials, FakeHost};
use bestand_plugin_api::{
    ErrorKind, Quantity, Sku, SkuErrorKind, SkuQuery, StockChange, StockLevel, StockOperation,
    Timestamp, WriteOutcome,
};
use bestand_upstreams::clock::Clock;
use bestand_upstreams::ecomdash::{Ecomdash, EcomdashOptions, Stock};
use bestand_upstreams::json_api::Fault;
use jiff::SignedDuration;
use serde_json::json;

use over_http::OverHttp;

/// An account with two products and a kit, and the adapter connected to it. Both clocks stand still.
struct Connected {
    ecomdash: Ecomdash,
    host: FakeHost,
    connection: Connection,
}

impl Connected {
    async fn new(options: EcomdashOptions) -> Self {
        let clock = Clock::frozen("2026-11-20T10:00:00Z".parse().unwrap());
        let now = Timestamp::from_millis(clock.now().as_millisecond());
        let ecomdash = Ecomdash::start(EcomdashOptions { clock, ..options })
            .await
            .unwrap();
        ecomdash.stock([
            Stock::on_hand("TEA-1", "Berlin", 12),
            Stock::on_hand("TEA-1", "Hamburg", 7),
            Stock::on_hand("CUP-2", "Berlin", 9),
        ]);
        ecomdash
            .kit("SET", &[("TEA-1", 2.into()), ("CUP-2", 1.into())])
            .unwrap();
        let host = FakeHost::at(now);
        let keys = Credentials::default()
            .with("account_key", "ecomdash-account")
            .with("portal_key", "ecomdash-portal");
        host.allow_private_network()
            .credentials(keys)
            .upstream(Arc::new(OverHttp::default()));
        let settings = json!({ "base_url": ecomdash.url() });
        let connection = Connection::open(bestand_plugin_ecomdash::wiring, &settings, &host)
            .await
            .unwrap();
        Self {
            ecomdash,
            host,
            connection,
        }
    }

    /// Lets time pass for both.
    fn advance(&self, secs: u32) {
        self.host.advance(Duration::from_secs(secs.into()));
        self.ecomdash
            .clock()
            .advance(SignedDuration::from_secs(secs.into()));
    }

    async fn set(&self, name: &str, place: &str, to: &str) -> WriteOutcome {
        let change = StockChange::Set {
            quantity: to.parse().unwrap(),
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

fn counts(levels: &[StockLevel]) -> Vec<(&str, &str, Option<Quantity>)> {
    levels
        .iter()
        .map(|level| {
            (
                level.sku.as_str(),
                level.location.0.as_str(),
                level.quantities.on_hand,
            )
        })
        .collect()
}

#[tokio::test]
async fn products_and_kits_are_counted_alike_in_a_listing_and_for_an_order() {
    let connected = Connected::new(EcomdashOptions::default()).await;
    assert!(
        connected
            .connection
            .check()
            .await
            .unwrap()
            .warnings
            .is_empty()
    );
    let places = connected.connection.locations().await.unwrap();
    let names: Vec<_> = places.iter().map(|place| place.name.as_str()).collect();
    assert_eq!(names, ["Berlin", "Hamburg"]);
    let (berlin, hamburg) = (places[0].id.0.as_str(), places[1].id.0.as_str());
    let units = |count| Some(Quantity::units(count));
    let expected = [
        ("CUP-2", berlin, units(9)),
        ("SET", berlin, units(6)),
        ("SET", hamburg, units(0)),
        ("TEA-1", berlin, units(12)),
        ("TEA-1", hamburg, units(7)),
    ];
    let listed = connected.connection.list_stock(None).await.unwrap();
    assert_eq!(counts(&listed), expected);
    let asked = connected
        .connection
        .stock_by_sku(&query(&["CUP-2", "SET", "TEA-1", "NONE"]))
        .await
        .unwrap();
    assert_eq!(counts(&asked.levels), expected);
    assert_eq!(asked.errors[0].kind, SkuErrorKind::NotFound);
}

#[tokio::test]
async fn a_change_is_told_once_the_quantity_changed() {
    let connected = Connected::new(EcomdashOptions::default()).await;
    connected.advance(600); // A look for changes begins five minutes before its checkpoint.
    let first = connected
        .connection
        .stock_changes(None, None)
        .await
        .unwrap();
    connected.advance(600);
    connected
        .ecomdash
        .stock([Stock::on_hand("CUP-2", "Berlin", 4)]);
    let changes = connected
        .connection
        .stock_changes(Some(first.checkpoint), None)
        .await
        .unwrap();
    let changed: Vec<_> = counts(&changes.items)
        .into_iter()
        .map(|(sku, ..)| sku)
        .collect();
    assert_eq!(changed, ["CUP-2"]);
}

#[tokio::test]
async fn a_filter_under_another_name_is_found_out_by_the_check() {
    let options = EcomdashOptions {
        changed_since_parameter: "LastQuantityUpdate".to_owned(),
        ..EcomdashOptions::default()
    };
    let connected = Connected::new(options).await;
    let warnings = connected.connection.check().await.unwrap().warnings;
    assert!(
        warnings[0].contains("changed_since_parameter"),
        "{warnings:?}"
    );
}

#[tokio::test]
async fn a_count_arrives_with_its_decimals_even_when_its_answer_is_lost() {
    let connected = Connected::new(EcomdashOptions::default()).await;
    let place = connected
        .connection
        .locations()
        .await
        .unwrap()
        .remove(0)
        .id
        .0;
    assert_eq!(
        connected.set("TEA-1", &place, "2.5").await,
        WriteOutcome::Applied
    );
    let on_hand = || {
        connected
            .ecomdash
            .on_hand("TEA-1", "Berlin")
            .map(|units| units.to_string())
    };
    assert_eq!(on_hand().as_deref(), Some("2.5"));
    connected.ecomdash.fault(
        Fault::DroppedAfterCommit
            .times(1)
            .on("updateQuantityOnHand"),
    );
    assert!(matches!(
        connected.set("TEA-1", &place, "3").await,
        WriteOutcome::Unknown { .. }
    ));
    assert_eq!(on_hand().as_deref(), Some("3"));
    connected.ecomdash.set_product_active("TEA-1", false);
    assert!(matches!(
        connected.set("TEA-1", &place, "4").await,
        WriteOutcome::Rejected { .. }
    ));
}

#[tokio::test]
async fn faults_and_a_used_up_minute_are_told_from_one_another() {
    let connected = Connected::new(EcomdashOptions::default()).await;
    for (fault, is_it) in [
        (Fault::Unauthorized, ErrorKind::Auth),
        (
            Fault::Status { code: 500 },
            ErrorKind::Upstream { status: 500 },
        ),
        (Fault::ErrorBody, ErrorKind::Protocol),
        (Fault::Page, ErrorKind::Protocol),
        (Fault::Truncated, ErrorKind::Protocol),
        (Fault::Reset, ErrorKind::Transient),
    ] {
        connected.ecomdash.fault(fault.clone().times(1));
        let error = connected.connection.list_stock(None).await.unwrap_err();
        assert_eq!(error.kind, is_it, "{fault:?}");
    }
    let last = loop {
        if let Err(error) = connected.connection.check().await {
            break error;
        }
    };
    let retry_at = Some(connected.host.now().after(Duration::from_secs(60)));
    assert_eq!(last.kind, ErrorKind::RateLimited { retry_at });
}
