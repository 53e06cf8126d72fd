//! Page by page: what a level says, and how a small shop is told from a large one.

use bestand_plugin_api::{Cursor, ErrorKind, Listing, Quantity, Tracking};
use serde_json::json;

use crate::support::{Shop, item, items, kind, level, shown};

#[tokio::test]
async fn every_quantity_has_its_name_and_what_is_no_count_says_so() {
    let shop = Shop::open().await;
    shop.answers(include_str!("../fixtures/items_page.json"));
    let levels = shop.connection.list_stock(None).await.unwrap();
    let expected = [
        ("MUG", "1", Tracking::Counted, Some(-2)),
        ("MUG", "2", Tracking::NotStocked, None),
        ("SERVICE", "1", Tracking::NotTracked, None),
        ("TWIN", "1", Tracking::Ambiguous, None),
    ];
    assert_eq!(shown(&levels), expected);
    let quantities = &levels[0].quantities;
    assert_eq!(quantities.on_hand, Some(Quantity::units(4)));
    assert_eq!(quantities.allocated, Some(Quantity::units(5)));
    assert_eq!(quantities.incoming, Some(Quantity::units(9)));
    assert_eq!(quantities.other["damaged"], Quantity::units(1));
    assert_eq!(
        levels[0].item.as_ref().unwrap().0,
        "gid://shopify/InventoryItem/11"
    );
}

#[tokio::test]
async fn an_item_at_more_locations_than_came_with_it_is_read_on() {
    let shop = Shop::open().await;
    let mut many = item(11, "MUG", json!([level(1, 1)]));
    many["inventoryLevels"]["pageInfo"] = json!({ "hasNextPage": true, "endCursor": "V1" });
    shop.answers_json(&items(&[many], None));
    let rest =
        json!({ "nodes": [level(2, 2)], "pageInfo": { "hasNextPage": false, "endCursor": null } });
    shop.answers_json(&json!({ "data": { "inventoryItem": { "inventoryLevels": rest } } }));
    let levels = shop.connection.list_stock(None).await.unwrap();
    assert_eq!(levels.len(), 2);
    assert_eq!(shop.asked()[1].1["after"], "V1");
}

#[tokio::test]
async fn a_cursor_goes_on_where_the_page_before_ended() {
    let shop = Shop::open().await;
    shop.answers_json(&items(
        &[item(11, "MUG", json!([level(1, 1)]))],
        Some("I11"),
    ));
    shop.answers_json(&items(&[item(12, "CUP", json!([level(1, 2)]))], None));
    let levels = shop.connection.list_stock(None).await.unwrap();
    assert_eq!(
        shown(&levels).iter().map(|row| row.0).collect::<Vec<_>>(),
        ["MUG", "CUP"]
    );
    assert_eq!(shop.asked()[1].1["after"], "I11");
}

#[tokio::test]
async fn a_shop_that_turns_out_large_is_listed_by_a_bulk_operation() {
    let shop = Shop::with(json!({ "shop": "acme.myshopify.com", "bulk_above_items": 1 })).await;
    let two = [
        item(11, "MUG", json!([level(1, 1)])),
        item(12, "CUP", json!([level(1, 2)])),
    ];
    shop.answers_json(&items(&two, Some("I12")));
    shop.answers_json(&json!({ "data": { "bulkOperationRunQuery": {
        "bulkOperation": { "id": "gid://shopify/BulkOperation/5" }, "userErrors": [] } } }));
    let step = |cursor| shop.connection.list_stock_step(cursor);
    let bestand_plugin_api::Listing::Page { next, .. } = step(None).await.unwrap() else {
        panic!("a page")
    };
    step(Some(next)).await.unwrap();
    assert_eq!(shop.names(), ["InventoryItemsPage", "BulkRun"]);
}

#[tokio::test]
async fn pages_that_end_where_shopify_may_cut_them_are_no_complete_listing() {
    let last = |bulk_given_up: bool| {
        let pages = json!({ "after": "I", "items_so_far": 24_999, "bulk_given_up": bulk_given_up });
        Some(Cursor(json!({ "pages": pages }).to_string()))
    };
    let settings = json!({ "shop": "acme.myshopify.com", "bulk_above_items": 24_999 });
    let shop = Shop::with(settings).await;
    let page = items(&[item(11, "MUG", json!([level(1, 1)]))], None);
    let step = |cursor| shop.connection.list_stock_step(cursor);

    shop.answers_json(&page);
    let Ok(Listing::Page { next, .. }) = step(last(false)).await else {
        panic!("a bulk operation can still tell");
    };
    assert!(next.0.contains("bulk_wanted"), "{next:?}");

    shop.answers_json(&page);
    assert_eq!(kind(step(last(true)).await), ErrorKind::NotFound);
    shop.answers_json(&json!({ "data": { "bulkOperationRunQuery": {
        "bulkOperation": { "id": "gid://shopify/BulkOperation/5" }, "userErrors": [] } } }));
    step(None).await.unwrap();
    assert_eq!(shop.names().last().unwrap(), "BulkRun", "the shop is large");
}

#[tokio::test]
async fn a_filter_that_shopify_ignored_is_an_error() {
    let shop = Shop::open().await;
    shop.answers(include_str!("../fixtures/ignored_filter.json"));
    assert_eq!(
        kind(shop.connection.list_stock(None).await),
        ErrorKind::Protocol
    );
}
