//! Products by page: the total over the included sources, and what is not known is never a zero.

use std::time::Duration;

use bestand::api_key::Role::{Operator, Reader};
use bestand::id::SourceId;
use bestand::stock::{Cause, CauseKind, Update};
use bestand::store;
use bestand_plugin_api::{Location, LocationId, Quantities, Quantity, Sku, StockLevel, Tracking};

use super::page::Page;
use super::person::Person;
use crate::support::{NOW, Shop};

/// What stands in the row of a product in the list: SKU, total, what it is made of.
fn row(list: &Page, sku: &str) -> String {
    let rows = list.texts("main tbody tr");
    let row = rows
        .into_iter()
        .find(|row| row.starts_with(&format!("{sku} ")));
    row.unwrap_or_else(|| panic!("no {sku}: {}", list.said()))
}

/// A second place of the shop's connection, with these levels.
async fn second_place(shop: &Shop<'_>, levels: &[(&str, Option<i64>)]) -> SourceId {
    let (db, account) = (&shop.api.parts.db, shop.api.account);
    let places = [
        Location::site("main", "Hamburg"),
        Location::site("south", "Munich"),
    ];
    let sources = store::source::follow_locations(db, account, shop.connection, &places, NOW);
    let sources = sources.await.unwrap();
    let source_id = sources
        .iter()
        .find(|source| source.name == "Munich")
        .unwrap()
        .id;
    let update = |(sku, count): &(&str, Option<i64>)| Update {
        source_id,
        level: level(sku, *count),
    };
    let updates = levels.iter().map(update).collect();
    let cause = Cause::of(CauseKind::Push);
    shop.api
        .parts
        .book
        .apply(account, cause, updates)
        .await
        .unwrap();
    source_id
}

fn level(sku: &str, count: Option<i64>) -> StockLevel {
    let units = Quantity::units(count.unwrap_or_default());
    let (sku, place) = (Sku::new(sku).unwrap(), LocationId::from("south"));
    let mut level = StockLevel::counted(sku, place, Quantities::of(units, units), NOW);
    if count.is_none() {
        level.tracking = Tracking::NotTracked;
    }
    level
}

#[tokio::test]
async fn a_total_adds_up_the_included_sources_and_says_of_how_many_it_is_made() {
    let api = crate::support::Api::open().await;
    let shop = api.shop().await;
    let munich = second_place(&shop, &[("MUG", Some(2_000)), ("GIFT", Some(0))]).await;
    let operator = Person::of(&api, Operator).await;
    assert!(row(&operator.opens("/products").await, "MUG").starts_with("MUG 2,010 2 sources"));
    let details = operator.opens("/products/MUG").await;
    assert_eq!(
        (details.text("dd.figure"), details.texts("tbody tr").len()),
        ("2,010".into(), 2)
    );

    let form = operator
        .opens(&format!("/inventory-sources/{munich}"))
        .await;
    let form = form.form(&format!("/inventory-sources/{munich}/change"));
    let fields = form.fields.iter().filter(|(name, _)| name != "included");
    let left_out = super::form::Form {
        fields: fields.cloned().collect(),
        ..form
    };
    operator.submits(&left_out).await.leads_to();
    assert!(row(&operator.opens("/products").await, "MUG").starts_with("MUG 10 1 source"));
    let details = operator.reading_german().opens("/products/MUG").await;
    assert_eq!(details.text("dd.figure"), "10");
    assert!(details.said().contains("Munich"), "{}", details.said());
}

#[tokio::test]
async fn what_nobody_counts_is_never_a_zero() {
    let api = crate::support::Api::open().await;
    let shop = api.shop().await;
    let reader = Person::of(&api, Reader).await;
    let gift = row(&reader.opens("/products").await, "GIFT");
    assert!(
        gift.starts_with("GIFT – No source: nobody counts it Not known: Hamburg"),
        "{gift}"
    );
    let details = reader.opens("/products/GIFT").await;
    assert_eq!(details.text("dd.figure"), "–");
    assert!(
        details
            .said()
            .contains("The source does not track this article."),
        "{}",
        details.said()
    );
    assert!(
        details
            .texts("td.number")
            .iter()
            .all(|number| number == "–"),
        "{}",
        details.said()
    );
    let missing = reader.opens("/products/NO-SUCH").await;
    assert_eq!(missing.text("dd.figure"), "–");

    // One that is counted, though there is none, is one.
    second_place(&shop, &[("GIFT", Some(0))]).await;
    let details = reader.opens("/products/GIFT").await;
    assert_eq!(details.text("dd.figure"), "0");
    assert!(
        details.said().contains("there may be more than this"),
        "{}",
        details.said()
    );
}

#[tokio::test]
async fn an_old_number_is_marked_in_the_list_and_in_full() {
    let api = crate::support::Api::open().await;
    api.shop().await;
    let reader = Person::of(&api, Reader).await.reading_german();
    let paths = ["/products", "/products/MUG"];
    for path in paths {
        assert!(
            !reader.opens(path).await.said().contains("Veraltet"),
            "{path}"
        );
    }
    api.parts.clock.advance(Duration::from_secs(901));
    assert!(row(&reader.opens(paths[0]).await, "MUG").ends_with("vor 15 Minuten Veraltet"));
    let details = reader.opens(paths[1]).await;
    assert_eq!(
        details.texts(".chip.doubt"),
        ["Veraltet", "Veraltet"],
        "{}",
        details.said()
    );
}
