//! Each fault does what it says, and nothing else goes wrong.

use std::sync::Arc;

use bestand_plugin_api::abi::{inward, outward};
use bestand_plugin_api::call::adapter::{
    Check, Close, Describe, ListStock, Locations, Open, Settings, StockBySku,
};
use bestand_plugin_api::call::{self, Method, Port};
use bestand_plugin_api::testing::FakeHost;
use bestand_plugin_api::{ErrorKind, Listing, Result, Sku, SkuQuery, StockLevel, Timestamp};

fn plugin() -> Arc<dyn Port> {
    let host = outward(Arc::new(FakeHost::at(Timestamp::from_secs(0))));
    inward(crate::root::start(host).into_result().unwrap())
}

async fn open(settings: &str) -> (Arc<dyn Port>, Result<()>) {
    let plugin = plugin();
    let json = settings.into();
    let opened = ask::<Open>(&*plugin, &Settings { json }).await;
    (plugin, opened)
}

async fn opened(settings: &str) -> Arc<dyn Port> {
    let (plugin, opened) = open(settings).await;
    opened.unwrap();
    plugin
}

async fn ask<M: Method>(plugin: &dyn Port, params: &M::Params) -> Result<M::Reply> {
    call::ask::<M>(plugin, 1, "a", params).await
}

async fn list(settings: &str) -> Listing<StockLevel> {
    ask::<ListStock>(&*opened(settings).await, &None)
        .await
        .unwrap()
}

/// The numbers of a listing, article by article.
async fn listed(settings: &str) -> Vec<(String, String, Option<i64>)> {
    let Listing::Done { items, .. } = list(settings).await else {
        panic!("it goes on");
    };
    let level = |level: StockLevel| {
        let available = level.quantities.available;
        (
            level.sku.into(),
            level.location.0,
            available.map(|available| available.floor()),
        )
    };
    items.into_iter().map(level).collect()
}

fn seen(sku: &str, place: &str, units: impl Into<Option<i64>>) -> (String, String, Option<i64>) {
    (sku.into(), place.into(), units.into())
}

fn query(sku: &str) -> SkuQuery {
    SkuQuery::of(vec![Sku::new(sku).unwrap()])
}

#[tokio::test]
async fn without_a_fault_it_behaves() {
    let plugin = opened("{}").await;
    assert_eq!(
        ask::<Describe>(&*plugin, &()).await.unwrap().id,
        "misbehaving"
    );
    assert_eq!(
        ask::<Check>(&*plugin, &()).await.unwrap().name,
        "misbehaving"
    );
    assert!(ask::<Locations>(&*plugin, &None).await.is_ok());
    let honest = [
        seen("A", "site", 5),
        seen("B", "site", 0),
        seen("C", "site", 2),
    ];
    assert_eq!(listed("{}").await, honest);
    let answers = ask::<StockBySku>(&*plugin, &query("Z")).await.unwrap();
    assert_eq!((answers.levels.len(), answers.errors.len()), (0, 1));
}

#[tokio::test]
async fn it_panics_where_it_is_told_to() {
    let (_, opened_badly) = open(r#"{"fault":"panic","at":"open"}"#).await;
    assert_eq!(opened_badly.unwrap_err().kind, ErrorKind::Bug);
    let plugin = opened(r#"{"fault":"panic","at":"list_stock"}"#).await;
    assert!(ask::<Check>(&*plugin, &()).await.is_ok());
    let error = ask::<ListStock>(&*plugin, &None).await.unwrap_err();
    assert_eq!(
        error.message,
        "the adapter panicked: told to panic in ListStock"
    );
}

#[tokio::test]
async fn it_panics_when_it_is_let_go_and_that_stays_inside() {
    let plugin = opened(r#"{"fault":"panic_on_drop"}"#).await;
    assert!(ask::<Check>(&*plugin, &()).await.is_ok());
    assert!(ask::<Close>(&*plugin, &()).await.is_ok());
    drop(plugin);
    drop(opened(r#"{"fault":"panic_on_drop"}"#).await);
}

#[tokio::test]
async fn it_hangs_where_it_is_told_to() {
    let plugin = opened(r#"{"fault":"hang","at":"stock_by_sku"}"#).await;
    assert!(ask::<Check>(&*plugin, &()).await.is_ok());
    let mut answer = plugin.call(call::request::<StockBySku>(1, "a", &query("A")).unwrap());
    let mut task = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(answer.as_mut().poll(&mut task).is_pending());
}

#[tokio::test]
async fn it_answers_with_bytes_that_are_no_answer() {
    for (fault, because) in [
        ("garbage", "unreadable response"),
        ("empty", "unreadable response"),
        ("other_type", "unreadable message"),
        ("oversized", "a message of more than"),
    ] {
        let plugin = opened(&format!(r#"{{"fault":"{fault}","at":"check"}}"#)).await;
        let error = ask::<Check>(&*plugin, &()).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Protocol);
        assert!(error.message.starts_with(because), "{error}");
        assert!(ask::<Locations>(&*plugin, &None).await.is_ok());
    }
    let (_, garbled) = open(r#"{"fault":"garbage","at":"open"}"#).await;
    assert_eq!(garbled.unwrap_err().kind, ErrorKind::Protocol);
}

#[tokio::test]
async fn it_lies() {
    let twice = listed(r#"{"fault":"duplicate_skus"}"#).await;
    assert_eq!(twice[0], seen("A", "site", 5));
    assert_eq!(twice[3], seen("A", "site", 7));
    let elsewhere = listed(r#"{"fault":"foreign_location"}"#).await;
    assert_eq!(elsewhere[3], seen("A", "elsewhere", 1000));
    let numberless = listed(r#"{"fault":"no_numbers"}"#).await;
    assert_eq!(numberless[0], seen("A", "site", None));
    let plugin = opened(r#"{"fault":"unasked_skus"}"#).await;
    let answers = ask::<StockBySku>(&*plugin, &query("A")).await.unwrap();
    assert_eq!(answers.levels.len(), 3);
}

#[tokio::test]
async fn its_listings_do_not_end() {
    let next = |listing| match listing {
        Listing::Page { next, .. } => next,
        other => panic!("{other:?}"),
    };
    for (fault, moves) in [("endless_listing", true), ("stuck_cursor", false)] {
        let plugin = opened(&format!(r#"{{"fault":"{fault}"}}"#)).await;
        let first = next(ask::<ListStock>(&*plugin, &None).await.unwrap());
        let second = next(
            ask::<ListStock>(&*plugin, &Some(first.clone()))
                .await
                .unwrap(),
        );
        assert_eq!(first != second, moves);
    }
    assert!(next(list(r#"{"fault":"huge_cursor"}"#).await).0.len() > 64 * 1024);
    let pending = list(r#"{"fault":"endless_pending"}"#).await;
    assert!(matches!(pending, Listing::Pending { .. }));
}

#[tokio::test]
async fn it_floods_the_log_and_answers_all_the_same() {
    let plugin = opened(r#"{"fault":"log_flood","at":"check"}"#).await;
    assert!(ask::<Check>(&*plugin, &()).await.is_ok());
}

#[tokio::test]
async fn its_quantities_are_none_and_its_errors_do_not_end() {
    for fault in ["floats", "not_a_number"] {
        let plugin = opened(&format!(r#"{{"fault":"{fault}","at":"list_stock"}}"#)).await;
        let error = ask::<ListStock>(&*plugin, &None).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Protocol, "{error}");
    }
    let plugin = opened(r#"{"fault":"endless_error","at":"check"}"#).await;
    let error = ask::<Check>(&*plugin, &()).await.unwrap_err();
    assert!(error.message.len() > 1 << 20);
}

#[tokio::test]
async fn a_fault_it_does_not_know_is_a_wrong_setting() {
    let (_, refused) = open(r#"{"fault":"politeness"}"#).await;
    assert!(matches!(
        refused.unwrap_err().kind,
        ErrorKind::Config { .. }
    ));
}
