//! The live query: searched, compared exactly, and remembered by id.

use bestand_plugin_api::{LocationId, SkuErrorKind, Tracking};
use serde_json::{Value, json};

use crate::support::{Shop, item, items, level, shown, skus};

fn nodes(nodes: &[Value]) -> Value {
    json!({ "data": { "nodes": nodes } })
}

#[tokio::test]
async fn only_the_exact_sku_is_an_answer() {
    let shop = Shop::open().await;
    let found = [
        item(11, "mug", json!([level(1, 1)])),
        item(12, "MUG", json!([level(1, 2)])),
        item(13, "MUG-XL", json!([level(1, 3)])),
    ];
    shop.answers_json(&items(&found, None));
    let answers = shop
        .connection
        .stock_by_sku(&skus(&["MUG", "O'X"]))
        .await
        .unwrap();
    assert_eq!(
        shown(&answers.levels),
        [("MUG", "1", Tracking::Counted, Some(2))]
    );
    assert_eq!(
        (answers.errors[0].sku.as_str(), answers.errors[0].kind),
        ("O'X", SkuErrorKind::NotFound)
    );
    assert_eq!(shop.asked()[0].1["query"], r"(sku:'MUG' OR sku:'O\'X')");
}

#[tokio::test]
async fn a_sku_of_several_items_is_ambiguous_once_for_each_place() {
    let shop = Shop::open().await;
    let found = [
        item(11, "MUG", json!([level(1, 1)])),
        item(12, "MUG", json!([level(1, 2), level(2, 2)])),
    ];
    shop.answers_json(&items(&found, None));
    let answers = shop.connection.stock_by_sku(&skus(&["MUG"])).await.unwrap();
    let expected = [
        ("MUG", "1", Tracking::Ambiguous, None),
        ("MUG", "2", Tracking::Ambiguous, None),
    ];
    assert_eq!(shown(&answers.levels), expected);
}

#[tokio::test]
async fn a_place_without_the_item_is_not_stocked_rather_than_zero() {
    let shop = Shop::open().await;
    shop.answers_json(&items(
        &[item(11, "MUG", json!([level(1, 1), level(3, 9)]))],
        None,
    ));
    let locations = ["gid://shopify/Location/1", "gid://shopify/Location/2"]
        .map(LocationId::from)
        .to_vec();
    let query = skus(&["MUG"]).at(locations);
    let answers = shop.connection.stock_by_sku(&query).await.unwrap();
    let expected = [
        ("MUG", "1", Tracking::Counted, Some(1)),
        ("MUG", "2", Tracking::NotStocked, None),
    ];
    assert_eq!(shown(&answers.levels), expected);
}

#[tokio::test]
async fn a_known_item_is_read_by_its_id_and_searched_again_when_it_was_renamed() {
    let shop = Shop::open().await;
    shop.answers_json(&items(&[item(11, "MUG", json!([level(1, 1)]))], None));
    shop.connection.stock_by_sku(&skus(&["MUG"])).await.unwrap();
    shop.answers_json(&nodes(&[item(11, "MUG", json!([level(1, 5)]))]));
    let again = shop.connection.stock_by_sku(&skus(&["MUG"])).await.unwrap();
    assert_eq!(
        shown(&again.levels),
        [("MUG", "1", Tracking::Counted, Some(5))]
    );
    shop.answers_json(&nodes(&[item(11, "CUP", json!([level(1, 5)]))]));
    shop.answers_json(&items(&[item(12, "MUG", json!([level(1, 8)]))], None));
    let renamed = shop.connection.stock_by_sku(&skus(&["MUG"])).await.unwrap();
    assert_eq!(
        shown(&renamed.levels),
        [("MUG", "1", Tracking::Counted, Some(8))]
    );
    let names = [
        "InventoryItemsPage",
        "InventoryItemsByIds",
        "InventoryItemsByIds",
        "InventoryItemsPage",
    ];
    assert_eq!(shop.names(), names);
}

#[tokio::test]
async fn a_deleted_item_is_searched_for_and_not_found() {
    let shop = Shop::open().await;
    shop.answers_json(&items(&[item(11, "MUG", json!([level(1, 1)]))], None));
    shop.connection.stock_by_sku(&skus(&["MUG"])).await.unwrap();
    shop.answers_json(&nodes(&[Value::Null]))
        .answers_json(&items(&[], None));
    let answers = shop.connection.stock_by_sku(&skus(&["MUG"])).await.unwrap();
    assert!(answers.levels.is_empty());
    assert_eq!(answers.errors[0].kind, SkuErrorKind::NotFound);
}

#[tokio::test]
async fn a_search_is_read_to_its_end_or_says_that_it_was_not() {
    let shop = Shop::open().await;
    shop.answers_json(&items(&[item(1, "MUG-1", json!([]))], Some("a")));
    shop.answers_json(&items(&[item(2, "MUG", json!([level(1, 4)]))], None));
    let found = shop.connection.stock_by_sku(&skus(&["MUG"])).await.unwrap();
    assert_eq!(
        shown(&found.levels),
        [("MUG", "1", Tracking::Counted, Some(4))]
    );
    for _ in 0..4 {
        shop.answers_json(&items(&[item(1, "CUP-1", json!([]))], Some("a")));
    }
    let unfinished = shop.connection.stock_by_sku(&skus(&["CUP"])).await.unwrap();
    assert_eq!(unfinished.errors[0].kind, SkuErrorKind::Failed);
}
