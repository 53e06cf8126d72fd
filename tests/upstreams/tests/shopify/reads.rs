//! Reading: authentication, versions, paging, search, ids and quantities.

use bestand_upstreams::shopify::quantities::Quantities;
use bestand_upstreams::shopify::schema;
use bestand_upstreams::shopify::stock::{NewItem, NewLocation};
use bestand_upstreams::shopify::{ShopifyOptions, version};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::client::{Client, gid, options};

const SHOP: &str = "query ShopProbe { shop { id name myshopifyDomain plan { publicDisplayName } }
  currentAppInstallation { accessScopes { handle } } publicApiVersions { handle displayName supported } }";

#[tokio::test]
async fn a_request_without_a_live_token_is_refused_with_the_real_words() {
    let client = Client::new().await;
    client.shop.revoke_tokens();
    let answer = client.send("2026-10", SHOP, json!({})).await;
    assert_eq!(answer.status(), 401);
    let body: Value = answer.json().await.unwrap();
    let words = "[API] Invalid API key or access token (unrecognized login or wrong password)";
    assert_eq!(body, json!({ "errors": words }));
}

#[tokio::test]
async fn a_granted_token_works_for_a_day_less_a_second() {
    let client = Client::with(ShopifyOptions {
        access_token: None,
        ..options()
    })
    .await;
    let url = format!("{}/admin/oauth/access_token", client.shop.url());
    let grant = |secret: &str| {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", "simulated-client"),
            ("client_secret", secret),
        ];
        client.http.post(&url).form(&form).send()
    };
    assert_eq!(grant("wrong").await.unwrap().status(), 400);
    let granted: Value = grant("shpss_simulated")
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(granted["expires_in"], 86_399);
    let ask = || {
        let url = format!("{}/admin/api/2026-10/graphql.json", client.shop.url());
        let request = client.http.post(url).json(&json!({ "query": SHOP }));
        request
            .header(
                "X-Shopify-Access-Token",
                granted["access_token"].as_str().unwrap(),
            )
            .send()
    };
    assert_eq!(ask().await.unwrap().status(), 200);
    client
        .shop
        .clock()
        .advance(SignedDuration::from_secs(86_399));
    assert_eq!(ask().await.unwrap().status(), 401);
}

#[tokio::test]
async fn a_retired_version_falls_forward_and_only_the_header_says_so() {
    let client = Client::new().await;
    let served = |answer: &reqwest::Response| {
        answer.headers()["X-Shopify-API-Version"]
            .to_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(
        served(&client.send(version::LATEST, SHOP, json!({})).await),
        "2026-10"
    );
    let old = client.send("2025-07", SHOP, json!({})).await;
    assert_eq!(
        (old.status().as_u16(), served(&old).as_str()),
        (200, "2026-01")
    );
    assert_eq!(
        client.send("yesterday", SHOP, json!({})).await.status(),
        404
    );
}

#[tokio::test]
async fn a_missing_scope_is_an_error_at_status_200() {
    let client = Client::with(ShopifyOptions {
        scopes: vec!["read_products".to_owned()],
        ..options()
    })
    .await;
    let body = client.items(json!({ "first": 1, "levels": 1 })).await;
    assert_eq!(body["errors"][0]["extensions"]["code"], "ACCESS_DENIED");
}

#[tokio::test]
async fn pages_follow_each_other_by_cursor() {
    let client = Client::new().await;
    client.shop.add_items(
        (0..7).map(|number| NewItem::sku(format!("S{number}")).at(client.location, number)),
    );
    let (mut skus, mut after) = (Vec::new(), Value::Null);
    loop {
        let body = client
            .items(json!({ "first": 3, "levels": 1, "after": after }))
            .await;
        let page = &body["data"]["inventoryItems"];
        skus.extend(
            page["nodes"]
                .as_array()
                .unwrap()
                .iter()
                .map(|node| node["sku"].as_str().unwrap().to_owned()),
        );
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(skus, ["S0", "S1", "S2", "S3", "S4", "S5", "S6"]);
}

#[tokio::test]
async fn search_finds_more_than_the_exact_sku_and_ignores_case() {
    let client = Client::new().await;
    for sku in ["X-1", "x-1", "X-1-BLUE", "1-X", "Y"] {
        client.add(sku, 1);
    }
    assert_eq!(
        client.search("(sku:'X-1')").await,
        ["X-1", "x-1", "X-1-BLUE"]
    );
    assert_eq!(client.search("(sku:'1-X' OR sku:'Y')").await, ["1-X", "Y"]);
}

#[tokio::test]
async fn an_unknown_filter_returns_everything_with_a_warning_only_in_the_extensions() {
    let client = Client::new().await;
    client.add("A", 1);
    client.add("B", 1);
    let body = client
        .items(json!({ "first": 9, "levels": 1, "query": "tracked:false" }))
        .await;
    assert_eq!(
        body["data"]["inventoryItems"]["nodes"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert_eq!(
        body["extensions"]["search"][0]["warnings"][0]["code"],
        "invalid_field"
    );
    let broken = client
        .items(json!({ "first": 9, "levels": 1, "query": "updated_at:>" }))
        .await;
    assert_eq!(
        broken["errors"][0]["extensions"]["code"],
        "INTERNAL_SERVER_ERROR"
    );
}

#[tokio::test]
async fn levels_of_a_location_can_be_asked_for_since_a_quoted_time() {
    let client = Client::new().await;
    client.add("OLD", 1);
    client.shop.clock().advance(SignedDuration::from_secs(60));
    let new = client.add("NEW", 2);
    let query =
        "query LocationLevelsPage($location: ID!, $query: String) { location(id: $location) { id
        inventoryLevels(first: 250, query: $query) { nodes { id item { id sku } } } } }";
    let variables = json!({
        "location": gid("Location", client.location),
        "query": "updated_at:>='2026-11-20T10:00:30Z'",
    });
    let body = client.ask(query, variables).await;
    let nodes = body["data"]["location"]["inventoryLevels"]["nodes"]
        .as_array()
        .unwrap();
    assert_eq!(nodes.len(), 1);
    assert_eq!(nodes[0]["item"]["id"], gid("InventoryItem", new));
}

#[tokio::test]
async fn nodes_keep_their_order_and_unknown_ids_are_null() {
    let client = Client::new().await;
    let item = client.add("A", 1);
    let query = "query InventoryItemsByIds($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on InventoryItem { sku } } }";
    let ids = json!([gid("InventoryItem", 1), gid("InventoryItem", item)]);
    let body = client.ask(query, json!({ "ids": ids })).await;
    assert_eq!(body["data"]["nodes"][0], Value::Null);
    assert_eq!(body["data"]["nodes"][1]["sku"], "A");
    let malformed = client.ask(query, json!({ "ids": ["42"] })).await;
    assert_eq!(malformed["errors"][0]["message"], "Invalid global id '42'");
}

#[tokio::test]
async fn on_hand_is_the_sum_of_its_parts_and_has_no_time_of_its_own() {
    let client = Client::new().await;
    let stock = Quantities {
        available: -2,
        committed: 5,
        damaged: 1,
        incoming: 9,
        ..Quantities::default()
    };
    let item = client
        .shop
        .add_items([NewItem::sku("A").with(client.location, stock)])[0];
    client
        .shop
        .set_quantity(item, client.location, "on_hand", 10);
    let body = client.items(json!({ "first": 1, "levels": 1 })).await;
    let level = &body["data"]["inventoryItems"]["nodes"][0]["inventoryLevels"]["nodes"][0];
    let quantities = level["quantities"].as_array().unwrap();
    assert_eq!(
        (&quantities[0]["quantity"], &quantities[1]["quantity"]),
        (&json!(4), &json!(10))
    );
    assert_eq!(quantities[1]["updatedAt"], Value::Null);
    assert_ne!(level["id"], gid("InventoryLevel", client.location));
}

#[tokio::test]
async fn untracked_items_show_zero_and_inactive_levels_are_hidden() {
    let client = Client::new().await;
    client
        .shop
        .add_items([NewItem::sku("SERVICE").untracked().at(client.location, 7)]);
    let sleeping = client.add("SLEEPING", 3);
    client.shop.deactivate(sleeping, client.location);
    let body = client.items(json!({ "first": 2, "levels": 5 })).await;
    let nodes = &body["data"]["inventoryItems"]["nodes"];
    assert_eq!(
        nodes[0]["inventoryLevels"]["nodes"][0]["quantities"][0]["quantity"],
        0
    );
    assert_eq!(nodes[1]["inventoryLevels"]["nodes"], json!([]));
}

#[tokio::test]
async fn locations_hide_the_inactive_and_the_foreign_unless_asked() {
    let client = Client::new().await;
    client.shop.add_location(NewLocation {
        is_active: false,
        ..NewLocation::named("Closed")
    });
    client.shop.add_location(NewLocation {
        is_fulfillment_service: true,
        ..NewLocation::named("3PL")
    });
    let count = async |arguments: &str| {
        let query = format!(
            "query {{ locations(first: 250{arguments}) {{ nodes {{ id name address {{ city }} }} }} }}"
        );
        let body = client.ask(&query, json!({})).await;
        body["data"]["locations"]["nodes"].as_array().unwrap().len()
    };
    assert_eq!(count("").await, 1);
    assert_eq!(
        count(", includeInactive: true, includeLegacy: true").await,
        3
    );
}

#[test]
fn every_type_field_and_argument_of_the_pruned_schema_is_in_the_real_one() {
    let Some(real) = schema::real() else {
        println!("skipped: ../shared/data (or BESTAND_DATA) has no Shopify schema to compare with");
        return;
    };
    let real = apollo_compiler::Schema::parse_and_validate(real, "real.graphql").unwrap();
    let ours =
        apollo_compiler::Schema::parse_and_validate(schema::PRUNED, "pruned.graphql").unwrap();
    for (name, definition) in ours
        .types
        .iter()
        .filter(|(_, definition)| !definition.is_built_in())
    {
        let theirs = real
            .types
            .get(name)
            .unwrap_or_else(|| panic!("the real schema has no type {name}"));
        if let (Some(one), Some(other)) = (definition.as_object(), theirs.as_object()) {
            for (field, ours) in &one.fields {
                let theirs = other
                    .fields
                    .get(field)
                    .unwrap_or_else(|| panic!("{name} has no field {field}"));
                assert_eq!(ours.ty, theirs.ty, "{name}.{field}");
                for argument in &ours.arguments {
                    let theirs = theirs.argument_by_name(&argument.name);
                    assert_eq!(
                        Some(&argument.ty),
                        theirs.map(|theirs| &theirs.ty),
                        "{name}.{field}({})",
                        argument.name
                    );
                }
            }
        }
        if let (Some(one), Some(other)) = (definition.as_input_object(), theirs.as_input_object()) {
            for (field, ours) in &one.fields {
                assert_eq!(
                    Some(&ours.ty),
                    other.fields.get(field).map(|theirs| &theirs.ty),
                    "{name}.{field}"
                );
            }
        }
        if let (Some(one), Some(other)) = (definition.as_enum(), theirs.as_enum()) {
            one.values
                .keys()
                .for_each(|value| assert!(other.values.contains_key(value), "{name}.{value}"));
        }
    }
}
