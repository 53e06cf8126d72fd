//! The simulated Finale behaves, and above all refuses, like the real one.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bestand_upstreams::clock::Clock;
use bestand_upstreams::finale::{Fault, Finale, FinaleOptions, Held, Stock, StockRow, Units};
use jiff::SignedDuration;
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

/// A Finale with three products at two locations, at a time that stands still.
struct Fixture {
    finale: Finale,
    client: reqwest::Client,
}

impl Fixture {
    async fn start() -> Self {
        Self::with(|options| options).await
    }

    async fn with(change: impl FnOnce(FinaleOptions) -> FinaleOptions) -> Self {
        let clock = Clock::frozen("2026-11-20T10:00:10Z".parse().expect("a timestamp"));
        let options = change(FinaleOptions {
            clock,
            ..FinaleOptions::default()
        });
        let finale = Finale::start(options).await.expect("a free port");
        finale.stock([
            Stock::on_hand("NCP-001", "Berlin", 12)
                .titled("Kettle")
                .reserved(4)
                .on_order(1_500),
            Stock::on_hand("NCP-001", "Hamburg", 3),
            Stock::on_hand(
                "NCP-018",
                "Berlin",
                "3.5".parse::<Units>().expect("a quantity"),
            )
            .titled("Cable, by metre"),
        ]);
        finale.product("NCP-EMPTY", "Nothing left");
        Self {
            finale,
            client: reqwest::Client::builder()
                .no_gzip()
                .build()
                .expect("a client"),
        }
    }

    async fn get(&self, path: &str) -> Response {
        let url = format!("{}/demo/api/{path}", self.finale.url());
        let request = self
            .client
            .get(url)
            .basic_auth("finale-key", Some("finale-secret"));
        request.send().await.expect("an answer")
    }

    async fn post(&self, path: &str, body: &Value) -> Response {
        self.try_post(path, body).await.expect("an answer")
    }

    async fn try_post(&self, path: &str, body: &Value) -> reqwest::Result<Response> {
        let url = format!("{}/demo/api/{path}", self.finale.url());
        let request = self
            .client
            .post(url)
            .basic_auth("finale-key", Some("finale-secret"));
        request.json(body).send().await
    }

    async fn collection(&self, path: &str) -> Value {
        let response = self.get(path).await;
        assert_eq!(response.status(), StatusCode::OK);
        response.json().await.expect("a collection")
    }

    async fn graphql(&self, query: &str) -> Value {
        let response = self.post("graphql", &json!({ "query": query })).await;
        assert_eq!(response.status(), StatusCode::OK);
        response.json().await.expect("a GraphQL answer")
    }

    fn filtered(collection: &str, filter: &Value) -> String {
        let encoded = STANDARD.encode(filter.to_string());
        format!(
            "{collection}?filter={}",
            encoded.replace('+', "%2B").replace('=', "%3D")
        )
    }

    fn stock_change(by: Value) -> Value {
        json!({
            "statusId": "PHSCL_INV_COMMITTED",
            "physicalInventoryTypeId": "SINGLE",
            "facilityUrl": "/demo/api/facility/100001",
            "generalComments": "op-1",
            "inventoryItemVarianceList": [{
                "productUrl": "/demo/api/product/NCP-001",
                "facilityUrl": "/demo/api/facility/100001",
                "quantityOnHandVar": by,
            }],
        })
    }
}

async fn error_of(response: Response) -> String {
    let body: Value = response.json().await.expect("an error body");
    assert_eq!(body["success"], json!(false));
    body["errorMessage"].as_str().expect("a message").to_owned()
}

// === access ===

#[tokio::test]
async fn wrong_credentials_are_refused_with_401() {
    let fixture = Fixture::start().await;
    let url = format!("{}/demo/api/facility/", fixture.finale.url());
    for secret in [None, Some("wrong")] {
        let request = fixture.client.get(&url);
        let request = match secret {
            Some(secret) => request.basic_auth("finale-key", Some(secret)),
            None => request,
        };
        assert_eq!(
            request.send().await.unwrap().status(),
            StatusCode::UNAUTHORIZED
        );
    }
}

#[tokio::test]
async fn a_collection_without_its_slash_and_another_account_are_not_found() {
    let fixture = Fixture::start().await;
    assert_eq!(
        fixture.get("inventoryitem").await.status(),
        StatusCode::NOT_FOUND
    );
    let url = format!("{}/other/api/inventoryitem/", fixture.finale.url());
    let request = fixture
        .client
        .get(url)
        .basic_auth("finale-key", Some("finale-secret"));
    assert_eq!(
        request.send().await.unwrap().status(),
        StatusCode::NOT_FOUND
    );
}

// === collections ===

#[tokio::test]
async fn every_row_of_stock_has_one_quantity_that_is_not_zero() {
    let fixture = Fixture::start().await;
    let items = fixture.collection("inventoryitem/").await;
    let column = |name: &str| items[name].as_array().cloned().unwrap_or_default();
    assert_eq!(
        items["productId"],
        json!(["NCP-001", "NCP-001", "NCP-001", "NCP-001", "NCP-018"])
    );
    for row in 0..5 {
        let quantities = ["quantityOnHand", "quantityReserved", "quantityOnOrder"]
            .map(|name| column(name)[row].clone());
        assert_eq!(
            quantities
                .iter()
                .filter(|quantity| **quantity != json!(0))
                .count(),
            1
        );
    }
    assert!(column("quantityOnHand").contains(&json!(3.5)));
    assert!(
        items.get("lotId").is_none(),
        "a column without values is absent"
    );
    assert!(
        column("orderUrl").len() < 5,
        "a column ends with its last value"
    );
}

#[tokio::test]
async fn a_location_has_no_parent_and_a_sublocation_has_one() {
    let fixture = Fixture::start().await;
    let facilities = fixture.collection("facility/").await;
    assert_eq!(
        facilities["facilityName"],
        json!(["Berlin", "Berlin main", "Hamburg", "Hamburg main"])
    );
    assert_eq!(
        facilities["parentFacilityUrl"],
        json!([
            null,
            "/demo/api/facility/100000",
            null,
            "/demo/api/facility/100002"
        ])
    );
}

#[tokio::test]
async fn a_renamed_product_keeps_its_url() {
    let fixture = Fixture::start().await;
    fixture.finale.rename_product("NCP-018", "CABLE");
    let product: Value = fixture.get("product/NCP-018").await.json().await.unwrap();
    assert_eq!(product["productId"], json!("CABLE"));
    assert_eq!(product["productUrl"], json!("/demo/api/product/NCP-018"));
    assert_eq!(
        fixture.get("product/CABLE").await.status(),
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_collection_is_cut_after_its_dates_and_before_other_filters() {
    let fixture = Fixture::with(|options| FinaleOptions {
        collection_rows_max: 2,
        ..options
    })
    .await;
    let products = fixture.collection("product/").await;
    assert_eq!(products["productId"], json!(["NCP-001", "NCP-018"]));
    let filter = json!({ "productId": ["NCP-EMPTY", "NCP-EMPTY"] });
    let behind_the_cut = fixture
        .collection(&Fixture::filtered("product/", &filter))
        .await;
    assert_eq!(behind_the_cut, json!({}));
    fixture
        .finale
        .clock()
        .advance(SignedDuration::from_hours(1));
    fixture.finale.product("NCP-EMPTY", "Changed later");
    let filter = json!({ "lastUpdatedDate": ["2026-11-20T10:30:00Z", "2026-11-20T12:00:00Z"] });
    let changed = fixture
        .collection(&Fixture::filtered("product/", &filter))
        .await;
    assert_eq!(changed["productId"], json!(["NCP-EMPTY"]));
}

// === filters ===

#[tokio::test]
async fn a_filter_needs_both_bounds_and_thirty_days_at_most() {
    let fixture = Fixture::start().await;
    for (filter, reason) in [
        (
            json!({ "lastUpdatedDate": ["2026-11-19T00:00:00Z", null] }),
            "open",
        ),
        (
            json!({ "lastUpdatedDate": [null, "2026-11-19T00:00:00Z"] }),
            "open",
        ),
        (
            json!({ "lastUpdatedDate": ["2026-10-01T00:00:00Z", "2026-11-19T00:00:00Z"] }),
            "30 days",
        ),
        (json!({ "colour": ["red", "red"] }), "unknown field"),
        (json!({ "statusId": "PRODUCT_ACTIVE" }), "not a range"),
    ] {
        let response = fixture.get(&Fixture::filtered("product/", &filter)).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{filter}");
        assert!(error_of(response).await.contains(reason), "{filter}");
    }
}

#[tokio::test]
async fn stock_cannot_be_filtered_at_all() {
    let fixture = Fixture::start().await;
    let filter = json!({ "productId": ["NCP-001", "NCP-001"] });
    let response = fixture
        .get(&Fixture::filtered("inventoryitem/", &filter))
        .await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_documented_filter_vector_is_refused_for_its_open_bound() {
    let fixture = Fixture::start().await;
    let vector = "eyJsYXN0VXBkYXRlZERhdGUiOlsiMjAxNS0xMS0xOVQyMDowOTo1N1oiLG51bGxdfQ%3D%3D";
    let response = fixture.get(&format!("product/?filter={vector}")).await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
}

// === limits ===

#[tokio::test]
async fn the_121st_get_of_a_minute_is_refused_until_the_reset() {
    let fixture = Fixture::start().await;
    for _ in 0..120 {
        assert_eq!(
            fixture.get("product/NCP-001").await.status(),
            StatusCode::OK
        );
    }
    let refused = fixture.get("product/NCP-001").await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    let reset: i64 = refused.headers()["x-ratelimit-reset"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert_eq!(
        reset,
        fixture.finale.clock().now().as_second() + 50,
        "unix seconds, not a delay"
    );
    fixture
        .finale
        .clock()
        .advance(SignedDuration::from_secs(50));
    assert_eq!(
        fixture.get("product/NCP-001").await.status(),
        StatusCode::OK
    );
}

#[tokio::test]
async fn the_301st_collection_of_an_hour_is_refused() {
    let fixture = Fixture::start().await;
    for _ in 0..300 {
        fixture.finale.clock().advance(SignedDuration::from_secs(1));
        assert_eq!(fixture.get("facility/").await.status(), StatusCode::OK);
    }
    let refused = fixture.get("facility/").await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.headers()["x-ratelimit-limit"], "300");
    assert_eq!(
        fixture.get("product/NCP-001").await.status(),
        StatusCode::OK,
        "single records do not count"
    );
}

// === GraphQL ===

#[tokio::test]
async fn numbers_come_formatted_unless_no_formatter_is_asked_for() {
    let fixture = Fixture::start().await;
    let answer = fixture
        .graphql(
            r#"{ productViewConnection(first: 3) { edges { node {
                productId shown: stockOnOrderUnits raw: stockOnOrderUnits(formatter: "none") status
            } } } }"#,
        )
        .await;
    let node = |row: usize| answer["data"]["productViewConnection"]["edges"][row]["node"].clone();
    assert_eq!(
        node(0),
        json!({ "productId": "NCP-001", "shown": "1,500", "raw": 1500, "status": "Active" })
    );
    assert_eq!(
        node(2),
        json!({ "productId": "NCP-EMPTY", "shown": "--", "raw": null, "status": "Active" })
    );
}

#[tokio::test]
async fn facility_columns_are_found_by_introspection_and_asked_through_aliases() {
    let fixture = Fixture::start().await;
    let answer = fixture
        .graphql(r#"{ __type(name: "product") { fields { name } } }"#)
        .await;
    let names: Vec<&str> = answer["data"]["__type"]["fields"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|f| f["name"].as_str())
        .collect();
    assert!(names.contains(&"stockColumnQuantityOnHandUnitsDemoapifacility100000"));
    assert!(
        !names.contains(&"stockColumnQuantityOnHandUnitsDemoapifacility100001"),
        "sublocations have none"
    );
    let answer = fixture
        .graphql(
            r#"{
                a: productViewConnection(first: 1, productId: "NCP-001") { edges { node {
                    onHand: stockColumnQuantityOnHandUnitsDemoapifacility100000(formatter: "none")
                    reserved: stockColumnReservationsUnitsDemoapifacility100000(formatter: "none") } } }
                b: productViewConnection(first: 1, productId: "UNKNOWN") { edges { node { productId } } }
            }"#,
        )
        .await;
    assert_eq!(
        answer["data"]["a"]["edges"][0]["node"],
        json!({ "onHand": 12, "reserved": 4 })
    );
    assert_eq!(answer["data"]["b"]["edges"], json!([]));
}

#[tokio::test]
async fn unknown_fields_arguments_and_formatters_are_graphql_errors() {
    let fixture = Fixture::start().await;
    for query in [
        "{ productViewConnection(first: 1) { edges { node { colour } } } }",
        "{ productViewConnection(first: 1, sku: \"A\") { edges { node { productId } } } }",
        "{ productViewConnection(first: 1) { edges { node { productId(formatter: \"raw\") } } } }",
        "{ productViewConnection(first: 5000) { edges { node { productId } } } }",
        "{ productViewConnection(first: 1 ",
        "{ stockViewConnection { edges { node { productId } } } }",
    ] {
        let answer = fixture.graphql(query).await;
        assert!(
            answer["errors"][0]["message"].is_string(),
            "{query}: {answer}"
        );
    }
}

#[tokio::test]
async fn pages_follow_each_other_and_a_cursor_is_bound_to_its_query() {
    let fixture = Fixture::start().await;
    let mut seen = Vec::new();
    let mut after = String::from("null");
    loop {
        let query = format!(
            "{{ productViewConnection(first: 2, after: {after}, sort: [{{field: \"productId\", mode: \"desc\"}}]) \
             {{ pageInfo {{ hasNextPage endCursor }} edges {{ node {{ productId }} }} }} }}"
        );
        let page = fixture.graphql(&query).await["data"]["productViewConnection"].clone();
        for edge in page["edges"].as_array().unwrap() {
            seen.push(edge["node"]["productId"].as_str().unwrap().to_owned());
        }
        after = page["pageInfo"]["endCursor"].to_string();
        if page["pageInfo"]["hasNextPage"] == json!(false) {
            break;
        }
    }
    assert_eq!(seen, ["NCP-EMPTY", "NCP-018", "NCP-001"]);
    let elsewhere = format!(
        "{{ productViewConnection(first: 2, after: {after}) {{ edges {{ node {{ productId }} }} }} }}"
    );
    let answer = fixture.graphql(&elsewhere).await;
    assert!(
        answer["errors"][0]["message"]
            .as_str()
            .unwrap()
            .contains("another query")
    );
}

#[tokio::test]
async fn products_are_found_by_search_and_by_status() {
    let fixture = Fixture::start().await;
    fixture.finale.set_product_active("NCP-001", false);
    let ids = async |arguments: &str| -> Vec<String> {
        let query = format!(
            "{{ productViewConnection({arguments}) {{ edges {{ node {{ productId }} }} }} }}"
        );
        let answer = fixture.graphql(&query).await;
        let edges = answer["data"]["productViewConnection"]["edges"]
            .as_array()
            .cloned()
            .unwrap();
        edges
            .iter()
            .map(|edge| edge["node"]["productId"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(ids(r#"search: "kettle""#).await, ["NCP-001"]);
    assert_eq!(
        ids(r#"status: ["PRODUCT_ACTIVE"]"#).await,
        ["NCP-018", "NCP-EMPTY"]
    );
}

// === writes ===

#[tokio::test]
async fn a_stock_change_is_relative_keeps_its_comment_and_is_done_again_when_repeated() {
    let fixture = Fixture::start().await;
    for expected in [10, 8] {
        let record: Value = fixture
            .post("inventoryvariance/", &Fixture::stock_change(json!(-2)))
            .await
            .json()
            .await
            .unwrap();
        assert_eq!(record["statusId"], json!("PHSCL_INV_COMMITTED"));
        assert_eq!(
            fixture.finale.on_hand("NCP-001", "Berlin"),
            Some(Units::from(expected))
        );
    }
    let filter = json!({ "lastUpdatedDate": ["2026-11-20T10:00:00Z", "2026-11-20T10:01:00Z"] });
    let variances = fixture
        .collection(&Fixture::filtered("inventoryvariance/", &filter))
        .await;
    assert_eq!(variances["generalComments"], json!(["op-1", "op-1"]));
}

#[tokio::test]
async fn a_stock_take_is_absolute_and_counts_only_once_it_is_committed() {
    let fixture = Fixture::start().await;
    let mut take = Fixture::stock_change(json!(null));
    take["physicalInventoryTypeId"] = json!("FACILITY_COUNT");
    take["statusId"] = json!("PHSCL_INV_INPUT");
    take["inventoryItemVarianceList"][0]["quantityOnHandCount"] = json!(7.25);
    let draft: Value = fixture
        .post("inventoryvariance/", &take)
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(
        fixture.finale.on_hand("NCP-001", "Berlin"),
        Some(Units::from(12))
    );
    let commit = draft["actionUrlCommit"]
        .as_str()
        .unwrap()
        .strip_prefix("/demo/api/")
        .unwrap()
        .to_owned();
    let committed: Value = fixture
        .post(&commit, &json!({}))
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(
        fixture.finale.on_hand("NCP-001", "Berlin"),
        Some("7.25".parse().unwrap())
    );
    assert!(committed.get("actionUrlCommit").is_none());
    assert_eq!(
        fixture.post(&commit, &json!({})).await.status(),
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test]
async fn a_malformed_variance_is_refused_and_changes_nothing() {
    let fixture = Fixture::start().await;
    let change = |pointer: &str, value: Value| {
        let mut body = Fixture::stock_change(json!(1));
        *body.pointer_mut(pointer).unwrap() = value;
        body
    };
    for body in [
        change("/physicalInventoryTypeId", Value::Null),
        change("/physicalInventoryTypeId", json!("BATCH")),
        change("/facilityUrl", json!("/demo/api/facility/100000")),
        change("/facilityUrl", json!("/demo/api/facility/999999")),
        change("/inventoryItemVarianceList", json!([])),
        change(
            "/inventoryItemVarianceList/0/facilityUrl",
            json!("/demo/api/facility/100003"),
        ),
        change(
            "/inventoryItemVarianceList/0/productUrl",
            json!("/demo/api/product/UNKNOWN"),
        ),
        change("/inventoryItemVarianceList/0/quantityOnHandVar", json!("1")),
    ] {
        let response = fixture.post("inventoryvariance/", &body).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{body}");
    }
    assert_eq!(
        fixture.finale.on_hand("NCP-001", "Berlin"),
        Some(Units::from(12))
    );
    assert_eq!(
        fixture
            .post(
                "inventoryvariance",
                &change("/statusId", json!("PHSCL_INV_COMMITTED"))
            )
            .await
            .status(),
        404
    );
}

#[tokio::test]
async fn lots_and_packings_are_rows_of_their_own() {
    let fixture = Fixture::start().await;
    let row = StockRow {
        sku: "NCP-018".to_owned(),
        facility: "Berlin main".to_owned(),
        lot: Some("LOT7".to_owned()),
        packing: Some("36 cs 36/1".to_owned()),
        held: Held::OnHand,
        order: None,
        quantity: Units::from(72),
    };
    fixture.finale.row(row).unwrap();
    let items = fixture.collection("inventoryitem/").await;
    assert_eq!(items["productId"].as_array().unwrap().len(), 6);
    assert_eq!(
        items["lotId"].as_array().unwrap().last(),
        Some(&json!("LOT7"))
    );
    assert_eq!(
        fixture.finale.on_hand("NCP-018", "Berlin"),
        Some("75.5".parse().unwrap())
    );
}

// === faults ===

#[tokio::test]
async fn a_fault_hits_so_many_requests_on_its_resource() {
    let fixture = Fixture::start().await;
    fixture
        .finale
        .fault(Fault::Status { code: 503 }.times(2).on("facility"));
    assert_eq!(fixture.get("product/").await.status(), StatusCode::OK);
    for expected in [503, 503, 200] {
        assert_eq!(fixture.get("facility/").await.status(), expected);
    }
}

#[tokio::test]
async fn answers_of_status_200_can_be_errors_or_a_login_page_or_cut() {
    let fixture = Fixture::start().await;
    fixture.finale.fault(Fault::ErrorBody.times(1));
    let response = fixture.get("facility/").await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(error_of(response).await, "Unexpected error");
    fixture.finale.fault(Fault::LoginPage.times(1));
    let response = fixture.get("facility/").await;
    assert_eq!(
        (response.status(), &response.headers()["content-type"]),
        (StatusCode::OK, &"text/html".parse().unwrap())
    );
    fixture.finale.fault(Fault::Truncated.times(1));
    let body = fixture.get("facility/").await.text().await.unwrap();
    assert!(serde_json::from_str::<Value>(&body).is_err());
}

#[tokio::test]
async fn a_reset_leaves_the_stock_alone_and_a_drop_after_the_commit_does_not() {
    let fixture = Fixture::start().await;
    fixture.finale.fault(Fault::Reset.times(1));
    assert!(
        fixture
            .try_post("inventoryvariance/", &Fixture::stock_change(json!(1)))
            .await
            .is_err()
    );
    assert_eq!(
        fixture.finale.on_hand("NCP-001", "Berlin"),
        Some(Units::from(12))
    );
    fixture.finale.fault(Fault::DroppedAfterCommit.times(1));
    assert!(
        fixture
            .try_post("inventoryvariance/", &Fixture::stock_change(json!(1)))
            .await
            .is_err()
    );
    assert_eq!(
        fixture.finale.on_hand("NCP-001", "Berlin"),
        Some(Units::from(13))
    );
    assert_eq!(
        fixture
            .finale
            .requests()
            .iter()
            .map(|request| request.status)
            .collect::<Vec<_>>(),
        [None, None]
    );
}

#[tokio::test]
async fn a_stalled_body_never_ends_and_a_slow_one_does() {
    let fixture = Fixture::start().await;
    fixture
        .finale
        .fault(Fault::SlowBody { pause_ms: 1 }.times(1));
    assert!(fixture.get("facility/").await.json::<Value>().await.is_ok());
    fixture.finale.fault(Fault::StalledBody.times(1));
    let stalled = fixture.get("facility/").await;
    assert!(
        tokio::time::timeout(Duration::from_millis(100), stalled.bytes())
            .await
            .is_err()
    );
}

#[tokio::test]
async fn duplicated_rows_and_a_gzip_bomb_can_be_had() {
    let fixture = Fixture::start().await;
    fixture.finale.fault(Fault::DuplicatedRows.times(1));
    let items = fixture.collection("inventoryitem/").await;
    assert_eq!(items["productId"].as_array().unwrap().len(), 10);
    fixture
        .finale
        .fault(Fault::GzipBomb { inflated_mib: 64 }.times(1));
    let bomb = fixture.get("inventoryitem/").await;
    assert_eq!(bomb.headers()["content-encoding"], "gzip");
    assert!(bomb.content_length().unwrap() < 1024 * 1024);
}

#[tokio::test]
async fn the_upstream_tells_its_own_time() {
    let fixture = Fixture::start().await;
    let response = fixture.get("facility/").await;
    assert_eq!(response.headers()["date"], "Fri, 20 Nov 2026 10:00:10 GMT");
}

// === control ===

#[tokio::test]
async fn people_who_play_steer_it_over_http() {
    let fixture = Fixture::start().await;
    let control = async |path: &str, body: Value| {
        let url = format!("{}/_control/{path}", fixture.finale.url());
        fixture
            .client
            .post(url)
            .json(&body)
            .send()
            .await
            .unwrap()
            .status()
    };
    let stock = json!([{ "sku": "NEW", "title": "New", "location": "Berlin", "on_hand": 2.5, "reserved": 1 }]);
    assert_eq!(control("stock", stock).await, StatusCode::NO_CONTENT);
    assert_eq!(
        fixture.finale.on_hand("NEW", "Berlin"),
        Some("2.5".parse().unwrap())
    );
    assert_eq!(
        control(
            "faults",
            json!({ "fault": "status", "code": 500, "times": 1 })
        )
        .await,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        fixture.get("facility/").await.status(),
        StatusCode::INTERNAL_SERVER_ERROR
    );
    assert_eq!(
        control("faults", json!({ "fault": "explode" })).await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(
        control("clock", json!({ "advance_secs": 60 })).await,
        StatusCode::OK
    );
    assert_eq!(
        fixture.finale.clock().now(),
        "2026-11-20T10:01:10Z".parse().unwrap()
    );
    let listed = fixture
        .client
        .get(format!("{}/_control/requests", fixture.finale.url()))
        .send()
        .await
        .unwrap();
    assert_eq!(
        listed.json::<Value>().await.unwrap()[0]["status"],
        json!(500)
    );
}

#[tokio::test]
async fn tens_of_thousands_of_products_are_seeded_in_one_call() {
    let fixture = Fixture::start().await;
    fixture
        .finale
        .stock((0..30_000).map(|number| Stock::on_hand(format!("SKU-{number}"), "Berlin", number)));
    let products = fixture.collection("product/").await;
    assert_eq!(products["productId"].as_array().unwrap().len(), 30_003);
}
