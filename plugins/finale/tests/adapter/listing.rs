//! The full listing.

use std::time::Duration;

use bestand_plugin_api::testing::Answer;
use bestand_plugin_api::{Cursor, ErrorKind, Listing, Tracking};
use serde_json::{Value, json};

use crate::support::{Fixture, now, quantity, recorded, summaries, text, twins};

/// So many products, each with one row of stock at Berlin.
fn many(products: usize) -> (Answer, Answer) {
    let ids: Vec<String> = (0..products)
        .map(|number| format!("SKU-{number:06}"))
        .collect();
    let urls: Vec<String> = ids
        .iter()
        .map(|id| format!("/acme/api/product/{id}"))
        .collect();
    let places = vec!["/acme/api/facility/100001"; products];
    let counts: Vec<usize> = (1..=products).collect();
    let items = json!({ "productId": ids, "productUrl": urls, "facilityUrl": places, "quantityOnHand": counts });
    (
        Answer::json(&json!({ "productId": ids, "productUrl": urls })),
        Answer::json(&items),
    )
}

#[tokio::test]
async fn rows_are_added_up_per_location_and_a_product_without_rows_has_zero() {
    let fixture = Fixture::open().await;
    fixture.listing(recorded("inventoryitem.json"));
    let levels = fixture.list().await.unwrap();
    assert_eq!(
        summaries(&levels),
        [
            "CABLE @ 100000: 0 - 0 = 0, + 0",
            "CABLE @ 100003: 0.3 - 0 = 0.3, + 0",
            "KETTLE @ 100000: 15.5 - 5 = 10.5, + 24",
            "KETTLE @ 100003: 2 - 0 = 2, + 0",
            "LAMP @ 100000: 0 - 0 = 0, + 0",
            "LAMP @ 100003: 0 - 0 = 0, + 0",
            "OLD @ 100000: 0 - 0 = 0, + 0",
            "OLD @ 100003: 0 - 0 = 0, + 0",
        ],
        "also of the inactive product; the 99 in transit are left out"
    );
}

#[tokio::test]
async fn a_level_carries_its_reference_its_lots_and_the_start_of_the_request() {
    let fixture = Fixture::open().await;
    fixture.listing(recorded("inventoryitem.json"));
    let levels = fixture.list().await.unwrap();
    let [cable, kettle] = [&levels[1], &levels[2]];
    assert_eq!(
        cable.item.as_ref().unwrap().0,
        "/acme/api/product/10017",
        "a URL is read, never made"
    );
    assert_eq!(kettle.lots.len(), 1);
    assert_eq!(
        (kettle.lots[0].id.as_str(), kettle.lots[0].quantity),
        ("LOT7", quantity("3.5"))
    );
    assert_eq!(kettle.fetched_at, now());
}

#[tokio::test]
async fn on_order_counts_as_available_only_when_that_is_set() {
    let fixture =
        Fixture::with(json!({ "account": "acme", "available": "available_to_promise" })).await;
    fixture.listing(recorded("inventoryitem.json"));
    assert_eq!(
        summaries(&fixture.list().await.unwrap())[2],
        "KETTLE @ 100000: 15.5 - 5 = 34.5, + 24"
    );
}

#[tokio::test]
async fn an_excluded_sublocation_is_left_out() {
    let fixture =
        Fixture::with(json!({ "account": "acme", "excluded_sublocations": ["B-01"] })).await;
    fixture.listing(recorded("inventoryitem.json"));
    assert_eq!(
        summaries(&fixture.list().await.unwrap())[2],
        "KETTLE @ 100000: 0 - 4 = -4, + 0"
    );
}

#[tokio::test]
async fn a_row_that_is_listed_twice_counts_once() {
    let fixture = Fixture::open().await;
    fixture.listing(recorded("inventoryitem_duplicated.json"));
    assert!(
        summaries(&fixture.list().await.unwrap())
            .contains(&"KETTLE @ 100000: 12 - 0 = 12, + 0".into())
    );
}

#[tokio::test]
async fn packed_rows_count_units_or_packs_as_set() {
    for (packed, on_hand) in [("units", "7"), ("packs", "77")] {
        let fixture =
            Fixture::with(json!({ "account": "acme", "packed_quantities": packed })).await;
        fixture.listing(recorded("inventoryitem_packed.json"));
        let levels = fixture.list().await.unwrap();
        assert_eq!(
            levels[2].quantities.on_hand,
            Some(quantity(on_hand)),
            "{packed}"
        );
    }
}

#[tokio::test]
async fn a_row_without_a_known_place_is_left_out_unless_its_parent_is_known() {
    let fixture = Fixture::open().await;
    fixture.listing(recorded("inventoryitem_homeless.json"));
    let levels = summaries(&fixture.list().await.unwrap());
    assert_eq!(
        levels[2..4],
        [
            "KETTLE @ 100000: 0 - 0 = 0, + 0",
            "KETTLE @ 100003: 9 - 0 = 9, + 0"
        ]
    );
}

#[tokio::test]
async fn places_within_places_belong_to_the_outermost_and_a_circle_to_nobody() {
    let url = |number: &str| format!("/acme/api/facility/{number}");
    let facilities = json!({
        "facilityUrl": [url("1"), url("2"), url("3"), url("4")],
        "parentFacilityUrl": [null, url("1"), url("2"), url("4")],
    });
    let items = json!({
        "productId": ["KETTLE", "KETTLE"],
        "productUrl": ["/acme/api/product/KETTLE", "/acme/api/product/KETTLE"],
        "facilityUrl": [url("3"), url("4")],
        "quantityOnHand": [5, 7],
    });
    let fixture = Fixture::open().await;
    fixture
        .get("facility", Answer::json(&facilities))
        .get("product", Answer::json_text("{}"))
        .get("inventoryitem", Answer::json(&items));
    assert_eq!(
        summaries(&fixture.list().await.unwrap()),
        ["KETTLE @ 1: 5 - 0 = 5, + 0"]
    );
}

#[tokio::test]
async fn two_products_with_one_sku_are_ambiguous() {
    let fixture = Fixture::open().await;
    fixture
        .get("facility", recorded("facilities.json"))
        .get("product", recorded("products_same_sku.json"))
        .get("inventoryitem", recorded("inventoryitem_duplicated.json"));
    let levels = fixture.list().await.unwrap();
    assert_eq!(levels.len(), 2, "one level per location");
    assert!(
        levels
            .iter()
            .all(|level| level.tracking == Tracking::Ambiguous)
    );
}

#[tokio::test]
async fn no_stock_at_all_is_zero_of_everything() {
    let fixture = Fixture::open().await;
    fixture.listing(Answer::json_text("{}"));
    let levels = fixture.list().await.unwrap();
    assert_eq!(levels.len(), 8);
    assert!(
        levels
            .iter()
            .all(|level| level.quantities.on_hand == Some(quantity("0")))
    );
}

#[tokio::test]
async fn a_listing_is_fetched_once_and_handed_out_in_pages() {
    let fixture = Fixture::open().await;
    let (products, items) = many(2_500);
    fixture
        .get("facility", recorded("facilities.json"))
        .get("product", products)
        .get("inventoryitem", items);
    let levels = fixture.list().await.unwrap();
    assert_eq!(levels.len(), 5_000);
    assert!(
        levels
            .windows(2)
            .all(|pair| (&pair[0].sku, &pair[0].location) < (&pair[1].sku, &pair[1].location))
    );
    assert_eq!(fixture.host.sent().len(), 3);
}

#[tokio::test]
async fn a_listing_goes_on_after_a_restart_with_a_new_snapshot() {
    let first = Fixture::open().await;
    let (products, items) = many(1_000);
    first
        .get("facility", recorded("facilities.json"))
        .get("product", products)
        .get("inventoryitem", items);
    let Listing::Page {
        items: page, next, ..
    } = first.connection.list_stock_step(None).await.unwrap()
    else {
        panic!("two thousand levels are more than a page");
    };
    let restarted = Fixture::open().await;
    restarted.host.advance(Duration::from_secs(60));
    let (products, items) = many(1_000);
    restarted
        .get("facility", recorded("facilities.json"))
        .get("product", products)
        .get("inventoryitem", items);
    let rest = restarted.connection.list_stock(Some(next)).await.unwrap();
    assert_eq!(page.len() + rest.len(), 2_000);
    assert!(page.last().unwrap().sku < rest[0].sku);
    assert_eq!(rest[0].fetched_at, now().after(Duration::from_secs(60)));
}

#[tokio::test]
async fn behind_the_cut_the_listing_goes_through_graphql() {
    let fixture = Fixture::open().await;
    let (_, items) = many(120_000);
    fixture
        .layout()
        .get("product", recorded("products.json"))
        .get("inventoryitem", items);
    fixture
        .graphql(recorded("page_first.json"))
        .graphql(recorded("page_last.json"));
    assert_eq!(
        summaries(&fixture.list().await.unwrap()),
        [
            "CABLE @ 100000: 1 - 0 = 1, + 0",
            "CABLE @ 100003: 2 - 0 = 2, + 0",
            "KETTLE @ 100000: 3 - 0 = 3, + 0",
            "KETTLE @ 100003: 0 - 0 = 0, + 0",
        ]
    );
    let second: Value = fixture.sent("POST graphql")[2].json();
    let text = second["query"].as_str().unwrap();
    assert!(text.contains(r#"after: "eyJwb3NpdGlvbiI6MX0=""#), "{text}");
}

#[tokio::test]
async fn two_products_with_one_sku_are_ambiguous_also_where_a_page_ends_between_them() {
    let first = text("page_first.json").replace("CABLE", "KETTLE");
    let last = text("page_last.json");
    let fixture = Fixture::open().await;
    let (products, _) = many(120_000);
    fixture.layout().get("product", products);
    fixture
        .graphql(Answer::json_text(first))
        .graphql(Answer::json_text(last));
    let levels = fixture.list().await.unwrap();
    let last_said: Vec<_> = levels[2..].iter().map(|level| level.tracking).collect();
    assert_eq!(last_said, [Tracking::Ambiguous, Tracking::Ambiguous]);

    fixture.get("product", many(120_000).0);
    fixture.graphql(twins("page_last.json"));
    let levels = fixture.list().await.unwrap();
    assert!(
        levels
            .iter()
            .all(|level| level.tracking == Tracking::Ambiguous)
    );
}

#[tokio::test]
async fn products_behind_the_cut_are_listed_through_graphql_and_not_left_out() {
    let fixture = Fixture::open().await;
    let (products, _) = many(120_000);
    fixture.layout().get("product", products);
    fixture
        .graphql(recorded("page_first.json"))
        .graphql(recorded("page_last.json"));
    let levels = summaries(&fixture.list().await.unwrap());
    assert_eq!(levels[3], "KETTLE @ 100003: 0 - 0 = 0, + 0");
}

#[tokio::test]
async fn behind_the_cut_a_location_without_columns_fails_the_listing() {
    let fixture = Fixture::open().await;
    let (_, items) = many(120_000);
    fixture
        .get("facility", recorded("facilities.json"))
        .graphql(recorded("fields_hamburg_only.json"))
        .get("product", recorded("products.json"))
        .get("inventoryitem", items);
    let error = fixture.list().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unsupported);
    assert!(error.message.contains("Berlin"), "{error}");
}

#[tokio::test]
async fn a_cursor_that_finale_no_longer_takes_is_not_found() {
    let fixture = Fixture::open().await;
    fixture
        .layout()
        .graphql(recorded("graphql_dead_cursor.json"));
    let cursor = Cursor(r#"{"through":"graph_ql","after":"eyJwb3NpdGlvbiI6MX0="}"#.into());
    assert_eq!(
        fixture
            .connection
            .list_stock(Some(cursor))
            .await
            .unwrap_err()
            .kind,
        ErrorKind::NotFound
    );
    let foreign = Cursor("page 7".into());
    assert_eq!(
        fixture
            .connection
            .list_stock(Some(foreign))
            .await
            .unwrap_err()
            .kind,
        ErrorKind::NotFound
    );
}

#[tokio::test]
async fn stock_is_never_filtered_and_every_collection_has_its_slash() {
    let fixture = Fixture::open().await;
    fixture.listing(recorded("inventoryitem.json"));
    fixture.list().await.unwrap();
    let lines: Vec<String> = fixture.host.sent().iter().map(|sent| sent.line()).collect();
    assert!(lines.iter().all(|line| line.ends_with('/')), "{lines:?}");
}
