//! Writes that are done once, however often they are sent.

use bestand::api_key::Role::{Admin, Operator, Reader};
use serde_json::{Value, json};

use super::support::{Answer, Api, on_both_engines};

async fn make(api: &Api, key: &str, body: Value) -> Answer {
    let call = api
        .api(Operator, "POST /ship-from-locations")
        .header("idempotency-key", key);
    call.json(&body).send().await
}

async fn count(api: &Api) -> usize {
    let listed = api
        .api(Reader, "GET /ship-from-locations")
        .expect(200)
        .await
        .json();
    listed["items"].as_array().unwrap().len()
}

on_both_engines! {
    async fn a_repeated_write_is_done_once_and_answered_the_same(api) {
        let body = json!({ "name": "Hamburg" });
        let first = make(api, "a-1", body.clone()).await;
        let again = make(api, "a-1", body).await;
        assert_eq!((first.status, again.status), (201, 201));
        assert_eq!(first.body, again.body);
        for name in ["etag", "location", "content-type"] {
            assert_eq!(first.header(name), again.header(name), "{name}");
        }
        assert_eq!((first.header("idempotency-replayed"), again.header("idempotency-replayed")), (None, Some("true")));
        assert_eq!(count(api).await, 1);
    }

    async fn the_same_key_for_another_request_is_refused(api) {
        make(api, "a-1", json!({ "name": "Hamburg" })).await;
        let other = make(api, "a-1", json!({ "name": "Bremen" })).await;
        assert_eq!((other.status, other.problem().0.as_str()), (422, "idempotency-key-reused"));
        assert_eq!(count(api).await, 1);
        let elsewhere = api.api(Admin, "POST /api-keys").header("idempotency-key", "a-1");
        elsewhere.json(&json!({ "name": "x", "role": "reader" })).expect(201).await;
    }

    async fn of_two_at_once_one_is_done_and_the_other_waits(api) {
        let body = json!({ "name": "Hamburg" });
        let (one, other) = tokio::join!(make(api, "a-1", body.clone()), make(api, "a-1", body.clone()));
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert!(statuses == [201, 409] || statuses == [201, 201], "{statuses:?}");
        assert_eq!(count(api).await, 1);
        assert_eq!(make(api, "a-1", body).await.status, 201);
    }

    async fn after_a_failure_the_key_may_be_used_again(api) {
        assert_eq!(make(api, "a-1", json!({ "name": "" })).await.status, 422);
        assert_eq!(make(api, "a-1", json!({ "name": "Hamburg" })).await.status, 201);
    }

    async fn a_secret_is_not_shown_again(api) {
        let call = || {
            let call = api.api(Admin, "POST /api-keys").header("idempotency-key", "k-1");
            call.json(&json!({ "name": "x", "role": "reader" }))
        };
        let before = api.api(Admin, "GET /api-keys").expect(200).await.json();
        call().expect(201).await;
        let again = call().expect(409).await;
        assert!(again.problem().1.contains("shown once"));
        let after = api.api(Admin, "GET /api-keys").expect(200).await.json();
        let count = |keys: &Value| keys["items"].as_array().unwrap().len();
        assert_eq!(count(&after), count(&before) + 1);
    }
}

#[tokio::test]
async fn a_key_that_cannot_be_one_is_a_wrong_field() {
    let api = Api::open().await;
    let answer = make(&api, &"x".repeat(300), json!({ "name": "Hamburg" })).await;
    assert_eq!(
        (answer.status, answer.fields()[0].0.as_str()),
        (422, "Idempotency-Key")
    );
}

#[tokio::test]
async fn keys_of_two_clients_do_not_meet() {
    let api = Api::open().await;
    let body = json!({ "name": "Hamburg" });
    assert_eq!(make(&api, "1", body.clone()).await.status, 201);
    let call = api
        .api(Admin, "POST /ship-from-locations")
        .header("idempotency-key", "1");
    let other = call.json(&body).expect(409).await;
    assert!(other.problem().1.contains("already a ship-from location"));
}
