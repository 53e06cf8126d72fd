//! The two keys, and the limit of calls.

use bestand_upstreams::json_api::Fault;
use jiff::SignedDuration;
use serde_json::Value;

use crate::support::Fixture;

#[tokio::test]
async fn each_key_is_refused_in_its_own_way() {
    let fixture = Fixture::start().await;
    let url = format!("{}/api/Warehouses", fixture.ecomdash.url());
    let ask = async |account: &str, portal: &str| {
        let request = fixture
            .client
            .get(&url)
            .header("ecd-subscription-key", account);
        let response = request
            .header("ocp-apim-subscription-key", portal)
            .send()
            .await
            .unwrap();
        (
            response.status().as_u16(),
            response.json::<Value>().await.unwrap(),
        )
    };
    let (status, body) = ask("ecomdash-account", "wrong").await;
    assert_eq!((status, &body["statusCode"]), (401, &401.into()));
    let (status, body) = ask("wrong", "ecomdash-portal").await;
    assert_eq!(status, 403);
    assert!(
        body["Message"]
            .as_str()
            .unwrap()
            .contains("ecd-subscription-key")
    );
    assert_eq!(ask("ecomdash-account", "ecomdash-portal").await.0, 200);
}

#[tokio::test]
async fn the_121st_call_of_a_minute_is_refused_until_the_next() {
    let fixture = Fixture::start().await;
    for _ in 0..120 {
        assert_eq!(fixture.get("Warehouses").await.status(), 200);
    }
    let refused = fixture.get("Inventory").await;
    assert_eq!(refused.status(), 429);
    assert_eq!(refused.headers()["retry-after"], "50");
    fixture
        .ecomdash
        .clock()
        .advance(SignedDuration::from_secs(50));
    assert_eq!(fixture.get("Inventory").await.status(), 200);
}

#[tokio::test]
async fn addresses_are_read_in_any_case_and_others_are_not_found() {
    let fixture = Fixture::start().await;
    for (path, status) in [
        ("inventory", 200),
        ("INVENTORY/", 200),
        ("Products", 404),
        ("inventory/getProducts", 404),
    ] {
        assert_eq!(fixture.get(path).await.status(), status, "{path}");
    }
}

#[tokio::test]
async fn a_fault_hits_its_operation_in_any_case() {
    let fixture = Fixture::start().await;
    fixture
        .ecomdash
        .fault(Fault::Status { code: 500 }.times(1).on("inventory"));
    assert_eq!(fixture.get("Warehouses").await.status(), 200);
    assert_eq!(fixture.get("Inventory").await.status(), 500);
    assert_eq!(fixture.get("Inventory").await.status(), 200);
    fixture.ecomdash.fault(Fault::RateLimited {
        retry_after_secs: 7,
    });
    assert_eq!(fixture.get("Inventory").await.headers()["retry-after"], "7");
}
