//! The newer API's inventory: every source is told of, and nothing is told as zero that is not known.

use bestand::api_key::Role::{Operator, Partner, Reader};
use bestand_plugin_api::{Quantities, Quantity};
use serde_json::{Value, json};

use super::super::support::{Answer, Api, NOW, Shop, on_both_engines, other_account};
use super::published;

async fn get(api: &Api, line: &str) -> Answer {
    api.call(&format!("GET {line}"))
        .header("api-key", api.credentials(Reader))
        .send()
        .await
}

fn rows(answer: &Answer) -> Vec<(String, i64)> {
    let json = answer.json();
    let row = |row: &Value| {
        (
            row["sku"].as_str().unwrap().to_owned(),
            row["available"].as_i64().unwrap(),
        )
    };
    json["inventory"]
        .as_array()
        .unwrap()
        .iter()
        .map(row)
        .collect()
}

async fn warehouse(shop: &Shop<'_>) -> String {
    let listed = get(shop.api, "/v2/inventory_warehouses").await.json();
    listed["inventory_warehouses"][0]["inventory_warehouse_id"]
        .as_str()
        .unwrap()
        .to_owned()
}

on_both_engines! {
    async fn levels_with_a_number_are_listed_and_others_are_left_out(api) {
        let shop = api.shop().await;
        let answer = get(api, "/v2/inventory").await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        published::check("/v2/inventory", &answer);
        // GIFT is not tracked: whatever number it has means nothing.
        assert_eq!(rows(&answer), [("CUP".into(), 1), ("MUG".into(), 10)]);
        let row = &answer.json()["inventory"][1];
        assert_eq!((&row["on_hand"], &row["allocated"]), (&json!(10), &json!(0)));
        assert_eq!(row["inventory_warehouse_id"], json!(warehouse(&shop).await));
    }

    async fn what_a_source_does_not_say_is_left_out_of_a_row(api) {
        let shop = api.shop().await;
        let mut quantities = Quantities::default();
        quantities.available = Some("2.5".parse().unwrap());
        let later = NOW.after(std::time::Duration::from_secs(1));
        shop.push(&[shop.level_at("CUP", quantities, later)]).await;
        let quantities = Quantities::of(Quantity::units(-2), Quantity::units(3));
        shop.push(&[shop.level_at("MUG", quantities, later)]).await;
        let answer = get(api, "/v2/inventory").await;
        published::check("/v2/inventory", &answer);
        let told = answer.json();
        let (cup, mug) = (&told["inventory"][0], &told["inventory"][1]);
        assert_eq!((&cup["available"], cup.get("on_hand"), cup.get("allocated")), (&json!(2), None, None));
        assert_eq!((&mug["available"], &mug["on_hand"], &mug["allocated"]), (&json!(-2), &json!(3), &json!(5)));
    }

    async fn lists_are_filtered_by_sku_warehouse_and_location(api) {
        let shop = api.shop().await;
        let found = async |query: &str| rows(&get(api, &format!("/v2/inventory?{query}")).await);
        assert_eq!(found("sku=MUG,CUP,NOBODY").await.len(), 2);
        assert_eq!(found("sku=MUG").await, [("MUG".into(), 10)]);
        assert_eq!(found("sku=NOBODY").await, []);
        let id = warehouse(&shop).await;
        assert_eq!(found(&format!("inventory_warehouse_id={id}&group_by=warehouse")).await.len(), 2);
        let locations = get(api, "/v2/inventory_locations").await;
        published::check("/v2/inventory_locations", &locations);
        let location = locations.json()["inventory_locations"][0].clone();
        assert_eq!((&location["name"], &location["inventory_warehouse_id"]), (&json!("Hamburg"), &json!(id)));
        let location = location["inventory_location_id"].as_str().unwrap();
        assert_eq!(found(&format!("inventory_location_id={location}&sku=CUP")).await, [("CUP".into(), 1)]);
        assert_eq!(found("group_by=location").await.len(), 2);
        let one = get(api, &format!("/v2/inventory_locations/{location}")).await;
        published::check("/v2/inventory_locations/{inventory_location_id}", &one);
        let one = get(api, &format!("/v2/inventory_warehouses/{id}")).await;
        published::check("/v2/inventory_warehouses/{inventory_warehouse_id}", &one);
        assert_eq!(one.json()["created_at"], "2023-11-14T22:13:20Z");
    }

    async fn pages_have_links_where_there_are_pages_and_empty_objects_where_not(api) {
        api.shop().await;
        let first = get(api, "/v2/inventory?page_size=1&group_by=warehouse").await;
        published::check("/v2/inventory", &first);
        let told = first.json();
        assert_eq!((&told["total"], &told["page"], &told["pages"]), (&json!(2), &json!(1), &json!(2)));
        assert_eq!(told["links"]["prev"], json!({}));
        let next = told["links"]["next"]["href"].as_str().unwrap();
        assert!(next.contains("/v2/inventory?group_by=warehouse&page=2&page_size=1"), "{next}");
        let second = get(api, "/v2/inventory?limit=1&page=2").await.json();
        assert_eq!((&second["links"]["next"], second["inventory"][0]["sku"].as_str()), (&json!({}), Some("MUG")));
        let beyond = get(api, "/v2/inventory?page=9").await;
        published::check("/v2/inventory", &beyond);
        assert_eq!((&beyond.json()["inventory"], &beyond.json()["total"]), (&json!([]), &json!(2)));
        let none = get(api, "/v2/inventory?sku=NOBODY").await.json();
        assert_eq!((&none["pages"], &none["links"]["next"]), (&json!(0), &json!({})));
        assert!(none["links"]["last"]["href"].is_string());
    }

    async fn another_accounts_ids_are_nobodys(api) {
        let shop = api.shop().await;
        let theirs = other_account(api).await;
        let id = warehouse(&shop).await;
        let line = format!("GET /v2/inventory_warehouses/{id}");
        let answer = api.call(&line).header("api-key", &theirs).expect(404).await;
        published::check("/v2/inventory_warehouses/{inventory_warehouse_id}", &answer);
        assert_eq!(answer.json()["errors"][0]["error_code"], "invalid_identifier");
        let levels = api.call("GET /v2/inventory").header("api-key", &theirs).expect(200).await;
        assert_eq!(levels.json()["total"], 0);
    }
}

#[tokio::test]
async fn what_cannot_be_written_is_refused_with_all_that_is_wrong() {
    let api = Api::open().await;
    let shop = api.shop().await;
    let post = |path: &str, body: Value| {
        let call = api.call(&format!("POST /v2/{path}"));
        call.header("api-key", api.credentials(Operator))
            .json(&body)
    };
    let answer = post("inventory", json!({ "quantity": -1 }))
        .expect(400)
        .await;
    published::check("/v2/inventory", &answer);
    let told = answer.json();
    let codes = told["errors"].as_array().unwrap().iter();
    let codes: Vec<&str> = codes
        .map(|error| error["error_code"].as_str().unwrap())
        .collect();
    let expected = [
        "invalid_field_value",
        "field_value_required",
        "field_value_required",
        "field_value_required",
    ];
    assert_eq!(codes, expected, "{told:#}");

    let listed = get(&api, "/v2/inventory_locations").await.json();
    let location = &listed["inventory_locations"][0]["inventory_location_id"];
    let mut change = json!({
        "transaction_type": "increment", "sku": "MUG", "quantity": "5", "inventory_location_id": location,
    });
    let elsewhere = post("inventory", change.clone()).expect(409).await;
    published::check("/v2/inventory", &elsewhere);
    assert!(
        elsewhere.text().contains("in its own system"),
        "{}",
        elsewhere.text()
    );
    change["condition"] = "rotten".into();
    post("inventory", change.clone()).expect(400).await;
    change["inventory_location_id"] = "se-999".into();
    change["condition"] = "sellable".into();
    post("inventory", change).expect(400).await;

    let none = post("inventory_warehouses", json!({ "name": "New" }))
        .expect(400)
        .await;
    assert!(
        none.text().contains("enable the adapter"),
        "{}",
        none.text()
    );
    post("inventory_warehouses", json!({})).expect(400).await;
    let id = warehouse(&shop).await;
    let renamed = api.call(&format!("PUT /v2/inventory_warehouses/{id}"));
    let renamed = renamed
        .header("api-key", api.credentials(Operator))
        .json(&json!({ "name": "X" }));
    renamed.expect(409).await;
}

#[tokio::test]
async fn whoever_may_not_is_told_so_in_the_envelope() {
    let api = Api::open().await;
    for (key, status, code) in [
        ("nobody:nothing", 401, "unauthorized"),
        ("no colon", 401, "unauthorized"),
        (api.credentials(Partner), 403, "forbidden"),
    ] {
        let answer = api
            .call("GET /v2/inventory")
            .header("api-key", key)
            .expect(status)
            .await;
        published::check("/v2/inventory", &answer);
        assert_eq!(answer.json()["errors"][0]["error_code"], code);
        assert_eq!(
            answer.json()["request_id"],
            json!(answer.header("x-request-id"))
        );
    }
    let nothing = api.call("GET /v2/inventory").expect(401).await;
    assert!(nothing.text().contains("api-key"), "{}", nothing.text());
    let reader = api
        .call("POST /v2/inventory_warehouses")
        .header("api-key", api.credentials(Reader));
    reader.json(&json!({ "name": "New" })).expect(403).await;
    for line in ["GET /v2/labels", "GET /v2"] {
        let answer = api
            .call(line)
            .header("api-key", api.credentials(Reader))
            .expect(404)
            .await;
        published::check("/v2/inventory", &answer);
    }
    api.call("PATCH /v2/inventory")
        .header("api-key", api.credentials(Reader))
        .expect(405)
        .await;
    let wrong = get(&api, "/v2/inventory?page=one").await;
    published::check("/v2/inventory", &wrong);
    assert_eq!(wrong.status, 400);
}
