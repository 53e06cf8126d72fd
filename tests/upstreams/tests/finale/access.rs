//! Credentials, addresses and rate limits.

use jiff::SignedDuration;
use reqwest::StatusCode;

use crate::support::Fixture;

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
