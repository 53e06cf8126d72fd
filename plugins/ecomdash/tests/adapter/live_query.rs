//! The live answer to an order.

use bestand_plugin_api::{ErrorKind, SkuAnswers, SkuErrorKind};
use serde_json::json;

use crate::support::{Fixture, found, kit, product, query, summaries, updated};

async fn ask(fixture: &Fixture, skus: &[&str], places: &[&str]) -> SkuAnswers {
    fixture
        .connection
        .stock_by_sku(&query(skus, places))
        .await
        .unwrap()
}

#[tokio::test]
async fn one_look_up_answers_and_what_it_does_not_name_is_unknown() {
    let fixture = Fixture::open().await;
    fixture.look_up(found(&[product("A", &[(788, 12.0)])]));
    let answers = ask(&fixture, &["A", "B"], &["788", "876"]).await;
    assert_eq!(
        summaries(&answers.levels),
        ["A @ 788: 12", "A @ 876: NotStocked"]
    );
    assert_eq!(answers.errors[0].kind, SkuErrorKind::NotFound);
    assert_eq!(
        fixture.last_body(),
        json!({ "idType": "sku", "idList": ["A", "B"] })
    );
}

#[tokio::test]
async fn a_look_up_of_nothing_is_a_failure_that_is_none() {
    let fixture = Fixture::open().await;
    fixture.look_up(updated(
        "Failure",
        &["No active products with SKU 'A' were found."],
    ));
    assert_eq!(
        ask(&fixture, &["A"], &[]).await.errors[0].kind,
        SkuErrorKind::NotFound
    );
    fixture.look_up(updated("Failure", &["Something else."]));
    let error = fixture
        .connection
        .stock_by_sku(&query(&["A"], &[]))
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Protocol);
}

#[tokio::test]
async fn a_kit_asks_for_its_components_once() {
    let fixture = Fixture::open().await;
    fixture
        .look_up(found(&[kit("SET", &[("CUP", 4), ("TEA", 1)])]))
        .look_up(found(&[
            product("CUP", &[(788, 9.0)]),
            product("TEA", &[(788, 5.0)]),
        ]));
    assert_eq!(
        summaries(&ask(&fixture, &["SET"], &[]).await.levels),
        ["SET @ 788: 2"]
    );
    assert_eq!(fixture.last_body()["idList"], json!(["CUP", "TEA"]));
}

#[tokio::test]
async fn what_cannot_be_counted_is_told_and_never_zero() {
    let fixture = Fixture::open().await;
    fixture.look_up(found(&[kit("SET", &[]), product("A", &[])]));
    let answers = ask(&fixture, &["SET", "A"], &[]).await;
    assert!(answers.levels.is_empty());
    let told: Vec<_> = answers
        .errors
        .iter()
        .map(|error| (error.kind, error.message.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (
                SkuErrorKind::Failed,
                "Ecomdash does not tell what the kit is made of"
            ),
            (SkuErrorKind::Failed, "`A` is in no warehouse of Ecomdash"),
        ]
    );
}
