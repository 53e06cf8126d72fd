//! Goods that are not for sale, lots, and what goods cost.

use std::time::Duration;

use bestand_plugin_api::{Condition, LocationId, Quantity, StockChange, StockOperation, Timestamp};
use serde_json::json;

use crate::support::{
    Shop, adjust, bring, main_site, operation, regrade, release, reserve, set, ship,
};

fn at(secs: i64) -> Timestamp {
    Timestamp::from_secs(1_700_000_000 + secs)
}

fn here(id: &str, change: StockChange) -> StockOperation {
    operation(id, "A", &main_site(), change)
}

async fn other(shop: &Shop, condition: &str) -> Option<i64> {
    let level = shop.level("A", &main_site()).await;
    level
        .quantities
        .other
        .get(condition)
        .map(|quantity| quantity.floor())
}

/// `(lot, quantity)` at a place.
async fn lots(shop: &Shop, place: &LocationId) -> Vec<(String, i64)> {
    let level = shop.level("A", place).await;
    level
        .lots
        .into_iter()
        .map(|lot| (lot.id, lot.quantity.floor()))
        .collect()
}

fn lot(name: &str, quantity: i64) -> (String, i64) {
    (name.into(), quantity)
}

#[tokio::test]
async fn damaged_goods_are_there_but_not_for_sale() {
    let shop = Shop::open().await;
    shop.apply(here("1", set(10))).await;
    shop.apply(here("2", regrade(3, Condition::Damaged))).await;
    shop.apply(here("3", adjust(2)).with_condition(Condition::QaHold))
        .await;
    assert_eq!(shop.numbers("A", &main_site()).await, (12, 0, 7));
    assert_eq!(
        (other(&shop, "damaged").await, other(&shop, "qa_hold").await),
        (Some(3), Some(2))
    );
    assert_eq!(
        shop.refused(here("4", reserve(8))).await,
        "only 7 of 8 are there"
    );
    assert_eq!(
        shop.refused(here("5", adjust(-8))).await,
        "only 7 of 8 are there"
    );
    shop.apply(here("6", adjust(-3)).with_condition(Condition::Damaged))
        .await;
    assert_eq!(other(&shop, "damaged").await, None);
    shop.apply(here("7", regrade(2, Condition::Sellable)).with_condition(Condition::QaHold))
        .await;
    assert_eq!(shop.numbers("A", &main_site()).await, (9, 0, 9));
}

#[tokio::test]
async fn a_count_of_all_changes_what_is_sellable_and_no_other_condition() {
    let shop = Shop::open().await;
    shop.apply(here("1", set(10))).await;
    shop.apply(here("2", regrade(4, Condition::Damaged))).await;
    shop.apply(here("3", set(5))).await;
    assert_eq!(shop.numbers("A", &main_site()).await, (5, 0, 1));
    assert_eq!(
        shop.refused(here("4", set(3))).await,
        "4 of them are not sellable, so there cannot be 3; name the condition"
    );
    shop.apply(here("5", set(1)).with_condition(Condition::Damaged))
        .await;
    shop.apply(here("6", set(7)).with_condition(Condition::Sellable))
        .await;
    assert_eq!(shop.numbers("A", &main_site()).await, (8, 0, 7));
}

#[tokio::test]
async fn what_expires_first_goes_first_and_plain_goods_last() {
    let shop = Shop::open().await;
    let bin = shop.bin("main", "A-1-1-1").await;
    shop.apply(here("1", adjust(5))).await;
    shop.apply(here("2", adjust(5)).with_lot("ENDLESS")).await;
    shop.apply(
        here("3", adjust(5))
            .with_lot("LATE")
            .with_expires_at(at(2000)),
    )
    .await;
    let soon = operation("4", "A", &bin, adjust(5))
        .with_lot("SOON")
        .with_expires_at(at(1000));
    shop.apply(soon).await;
    shop.apply(here("5", adjust(-7))).await;
    assert_eq!(
        lots(&shop, &main_site()).await,
        [lot("ENDLESS", 5), lot("LATE", 3)]
    );
    shop.apply(here("6", reserve(6))).await;
    shop.apply(here("7", ship(6))).await;
    assert_eq!(lots(&shop, &main_site()).await, [lot("ENDLESS", 2)]);
    assert_eq!(
        shop.refused(here("8", adjust(-3)).with_lot("ENDLESS"))
            .await,
        "only 2 of 3 are there"
    );
    shop.apply(here("9", adjust(-3))).await;
    assert_eq!(lots(&shop, &main_site()).await, []);
    assert_eq!(shop.numbers("A", &main_site()).await, (4, 0, 4));
}

#[tokio::test]
async fn a_lot_expires_by_itself_and_is_then_taken_by_its_condition_only() {
    let shop = Shop::open().await;
    shop.apply(here("1", adjust(5)).with_lot("L").with_expires_at(at(60)))
        .await;
    shop.apply(here("2", adjust(2))).await;
    assert_eq!(shop.numbers("A", &main_site()).await, (7, 0, 7));
    shop.host.advance(Duration::from_secs(60));
    assert_eq!(shop.numbers("A", &main_site()).await, (7, 0, 2));
    assert_eq!(other(&shop, "expired").await, Some(5));
    assert_eq!(shop.ledger().len(), 2, "nobody did anything");
    assert_eq!(
        shop.refused(here("3", adjust(-3))).await,
        "only 2 of 3 are there"
    );
    assert_eq!(
        shop.refused(here("4", adjust(-1)).with_lot("L")).await,
        "only 0 of 1 are there"
    );
    shop.apply(
        here("5", adjust(-5))
            .with_lot("L")
            .with_condition(Condition::Expired),
    )
    .await;
    assert_eq!(shop.numbers("A", &main_site()).await, (2, 0, 2));
}

#[tokio::test]
async fn goods_keep_their_lot_and_condition_when_they_are_moved() {
    let shop = Shop::open().await;
    let bin = shop.bin("main", "A-1-1-1").await;
    shop.apply(
        here("1", adjust(5))
            .with_lot("L")
            .with_condition(Condition::Damaged),
    )
    .await;
    shop.apply(here("2", adjust(5)).with_lot("L")).await;
    shop.apply(here("3", bring(2, &bin)).with_condition(Condition::Damaged))
        .await;
    shop.apply(here("4", bring(1, &bin))).await;
    assert_eq!(shop.numbers("A", &bin).await, (3, 0, 1));
    assert_eq!(lots(&shop, &bin).await, [lot("L", 3)]);
    assert_eq!(shop.numbers("A", &main_site()).await, (10, 0, 5));
}

#[tokio::test]
async fn what_is_not_for_sale_is_not_promised() {
    let shop = Shop::open().await;
    shop.apply(here("1", adjust(5)).with_condition(Condition::Damaged))
        .await;
    for change in [reserve(1), release(1), ship(1)] {
        let refused = shop
            .refused(here("2", change).with_condition(Condition::Damaged))
            .await;
        assert_eq!(refused, "only sellable goods are promised and shipped");
    }
    assert_eq!(
        shop.refused(here("3", regrade(1, Condition::Unknown)))
            .await,
        "only 0 of 1 are there"
    );
}

#[tokio::test]
async fn the_average_cost_follows_what_comes_in() {
    let shop = Shop::open().await;
    let recost = |cost| StockChange::Recost {
        quantity: None,
        unit_cost: Quantity::units(cost),
    };
    shop.refused(here("0", recost(3))).await;
    shop.apply(here("1", adjust(10)).with_unit_cost(Quantity::units(2)))
        .await;
    shop.apply(here("2", adjust(10)).with_unit_cost(Quantity::units(4)))
        .await;
    shop.apply(here("3", adjust(5))).await;
    shop.apply(here("4", adjust(-7))).await;
    let level = shop.level("A", &main_site()).await;
    assert_eq!(level.unit_cost, Some(Quantity::units(3)));
    shop.apply(here("5", recost(7))).await;
    let costs: Vec<_> = shop
        .ledger()
        .into_iter()
        .map(|entry| entry.unit_cost.unwrap().floor())
        .collect();
    assert_eq!(costs, [2, 3, 3, 3, 7]);
    assert_eq!(shop.numbers("A", &main_site()).await, (18, 0, 18));
    let some = |quantity: i64, cost: i64| StockChange::Recost {
        quantity: Some(Quantity::units(quantity)),
        unit_cost: Quantity::units(cost),
    };
    assert_eq!(
        shop.refused(here("6", some(19, 1))).await,
        "only 18 of 19 are there"
    );
    shop.apply(here("7", some(6, 1))).await;
    let level = shop.level("A", &main_site()).await;
    let told = (level.unit_cost, level.currency);
    assert_eq!(told, (Some(Quantity::units(5)), "EUR".parse().ok()));
    let in_dollars = here("8", recost(9)).with_currency("USD".parse().unwrap());
    assert_eq!(
        shop.refused(in_dollars).await,
        "costs are told in EUR here, and USD is not converted"
    );
}

#[tokio::test]
async fn a_currency_is_three_capital_letters() {
    let shop = Shop::open().await;
    for bad in ["", "eur", "EURO", "€"] {
        let refused = Shop::connect(&shop.host, json!({ "currency": bad })).await;
        let message = refused.err().unwrap().message;
        assert_eq!(
            message, "a currency is three capital letters, such as EUR",
            "{bad}"
        );
    }
    assert!(
        Shop::connect(&shop.host, json!({ "currency": "USD" }))
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn an_article_has_a_hundred_batches_at_most() {
    let shop = Shop::open().await;
    for number in 0..100 {
        shop.apply(here(&number.to_string(), adjust(1)).with_lot(number.to_string()))
            .await;
    }
    shop.refused(here("one more", adjust(1)).with_lot("one more"))
        .await;
    shop.apply(here("used up", adjust(-1)).with_lot("0")).await;
    shop.apply(here("one more", adjust(1)).with_lot("one more"))
        .await;
}
