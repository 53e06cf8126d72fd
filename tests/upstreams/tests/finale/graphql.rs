//! GraphQL: formatting, columns of facilities, pages, and what is refused.

use serde_json::json;

use crate::support::Fixture;

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
