//! The full listing, and kits.

use bestand_plugin_api::testing::Answer;
use bestand_plugin_api::{Cursor, ErrorKind};
use serde_json::json;

use crate::support::{Fixture, found, kit, list, page, product, summaries};

#[tokio::test]
async fn pages_of_two_hundred_come_with_their_warehouses() {
    let fixture = Fixture::open().await;
    fixture
        .get(
            "Inventory",
            page(&[product("A", &[(788, 12.0), (876, 7.5)])], 2),
        )
        .get("Inventory", page(&[product("B", &[(788, -1.0)])], 2));
    let levels = fixture.connection.list_stock(None).await.unwrap();
    assert_eq!(
        summaries(&levels),
        ["A @ 788: 12", "A @ 876: 7.5", "B @ 788: -1"]
    );
    assert_eq!(levels[0].item.as_ref().unwrap().0, "235040");
    assert_eq!(
        levels[0].quantities.available, None,
        "what is promised is not told"
    );
    assert_eq!(
        fixture.lines(),
        [
            "GET Inventory?pageNumber=1&resultsPerPage=200&include=Warehouses%2CKitComponents",
            "GET Inventory?pageNumber=2&resultsPerPage=200&include=Warehouses%2CKitComponents",
        ]
    );
}

#[tokio::test]
async fn a_product_that_is_inactive_in_a_warehouse_is_not_stocked_there() {
    let fixture = Fixture::open().await;
    let mut product = product("A", &[(788, 12.0), (876, 3.0)]);
    product["Warehouses"][1]["IsActive"] = json!(false);
    fixture.get("Inventory", list(&[product]));
    let levels = fixture.connection.list_stock(None).await.unwrap();
    assert_eq!(summaries(&levels), ["A @ 788: 12", "A @ 876: NotStocked"]);
}

#[tokio::test]
async fn a_kit_is_counted_by_its_components_wherever_they_are_found() {
    let fixture = Fixture::open().await;
    fixture
        .get(
            "Inventory",
            list(&[
                product("CUP", &[(788, 9.0), (876, 4.0)]),
                kit("SET", &[("CUP", 4), ("TEA", 1)]),
            ]),
        )
        .look_up(found(&[product("TEA", &[(788, 1.0)])]));
    let levels = fixture.connection.list_stock(None).await.unwrap();
    let of_kit: Vec<_> = levels
        .into_iter()
        .filter(|level| level.sku.as_str() == "SET")
        .collect();
    assert_eq!(summaries(&of_kit), ["SET @ 788: 1", "SET @ 876: 0"]);
    assert_eq!(
        fixture.last_body(),
        json!({ "idType": "sku", "idList": ["TEA"] })
    );
}

#[tokio::test]
async fn a_kit_of_unknown_components_is_left_out_and_the_others_stay() {
    let fixture = Fixture::open().await;
    fixture
        .get(
            "Inventory",
            list(&[product("CUP", &[(788, 9.0)]), kit("SET", &[("GONE", 1)])]),
        )
        .look_up(found(&[]));
    let levels = fixture.connection.list_stock(None).await.unwrap();
    assert_eq!(summaries(&levels), ["CUP @ 788: 9"]);
}

#[tokio::test]
async fn a_kit_may_be_counted_by_ecomdashs_own_numbers() {
    let fixture = Fixture::with(json!({ "kits": "as_reported" })).await;
    let mut kit = kit("SET", &[("CUP", 4)]);
    kit["Warehouses"] = json!([{ "WarehouseId": 788, "QuantityOnHand": 5 }]);
    fixture.get("Inventory", list(&[kit]));
    let levels = fixture.connection.list_stock(None).await.unwrap();
    assert_eq!(summaries(&levels), ["SET @ 788: 5"]);
}

#[tokio::test]
async fn a_product_without_a_sku_is_passed_over_and_one_without_warehouses_is_told() {
    let fixture = Fixture::open().await;
    fixture.get(
        "Inventory",
        list(&[product("", &[(788, 1.0)]), product("A", &[])]),
    );
    assert!(
        fixture
            .connection
            .list_stock(None)
            .await
            .unwrap()
            .is_empty()
    );
    let mut bare = product("A", &[]);
    bare.as_object_mut().unwrap().remove("Warehouses");
    fixture.get("Inventory", list(&[bare]));
    let error = fixture.connection.list_stock(None).await.unwrap_err();
    assert!(error.message.contains("without its warehouses"), "{error}");
}

#[tokio::test]
async fn a_cursor_of_another_release_starts_the_listing_over() {
    let fixture = Fixture::open().await;
    let refused = fixture
        .connection
        .list_stock_step(Some(Cursor::from("page-2")))
        .await;
    assert_eq!(refused.unwrap_err().kind, ErrorKind::NotFound);
    fixture.get("Inventory", Answer::new(404, "{}"));
    let cursor = Cursor::from(r#"{"page":7}"#);
    assert!(
        fixture
            .connection
            .list_stock_step(Some(cursor))
            .await
            .is_err()
    );
}
