//! Ship-from locations.

use bestand::api_key::Role::{Operator, Reader};
use serde_json::{Value, json};

use super::support::{Api, on_both_engines};

async fn make(api: &Api, body: Value) -> Value {
    api.api(Operator, "POST /ship-from-locations")
        .json(&body)
        .expect(201)
        .await
        .json()
}

on_both_engines! {
    async fn the_first_location_is_the_default_until_another_takes_over(api) {
        let first = make(api, json!({ "name": "Hamburg", "address": "Am Sandtorkai 1", "buffer": 2.5 })).await;
        assert_eq!((&first["is_default"], &first["policy"], &first["buffer"]), (&json!(true), &json!("warn"), &json!(2.5)));
        let second = make(api, json!({ "name": "Bremen", "buffer": "12.5%" })).await;
        assert_eq!((&second["is_default"], &second["buffer"]), (&json!(false), &json!("12.5%")));
        let line = format!("PATCH /ship-from-locations/{}", second["id"].as_str().unwrap());
        let patch = api.api(Operator, &line).header("if-match", "\"1\"");
        let changed = patch.json(&json!({ "is_default": true, "policy": "block", "address": null })).expect(200).await;
        assert_eq!((changed.json()["is_default"].clone(), changed.header("etag")), (json!(true), Some("\"2\"")));
        let first = format!("GET /ship-from-locations/{}", first["id"].as_str().unwrap());
        assert_eq!(api.api(Reader, &first).expect(200).await.json()["is_default"], false);
    }

    async fn a_change_based_on_an_older_version_is_refused(api) {
        let made = make(api, json!({ "name": "Hamburg" })).await;
        let line = format!("/ship-from-locations/{}", made["id"].as_str().unwrap());
        let rename = |name: &str, version: &str| {
            let call = api.api(Operator, &format!("PATCH {line}")).header("if-match", version);
            call.json(&json!({ "name": name }))
        };
        rename("Altona", "\"1\"").expect(200).await;
        let (kind, detail) = rename("Harburg", "\"1\"").expect(412).await.problem();
        assert_eq!(kind, "changed");
        assert!(detail.contains("it is at \"2\" now"), "{detail}");
        api.api(Operator, &format!("PATCH {line}")).json(&json!({})).expect(428).await;
        api.api(Operator, &format!("DELETE {line}")).expect(428).await;
        api.api(Operator, &format!("DELETE {line}")).header("if-match", "\"2\"").expect(204).await;
        api.api(Reader, &format!("GET {line}")).expect(404).await;
    }

    async fn a_name_that_is_taken_is_a_conflict(api) {
        make(api, json!({ "name": "Hamburg" })).await;
        let answer = api.api(Operator, "POST /ship-from-locations").json(&json!({ "name": " Hamburg " }));
        let (kind, detail) = answer.expect(409).await.problem();
        assert_eq!(kind, "conflict");
        assert!(detail.contains("already a ship-from location named `Hamburg`"), "{detail}");
    }

    async fn a_location_has_one_source_and_a_source_serves_many(api) {
        let shop = api.shop().await;
        let second = make(api, json!({ "name": "Shop window" })).await;
        let line = format!("/ship-from-locations/{}/inventory-source", second["id"].as_str().unwrap());
        let link = json!({ "source_id": shop.source });
        let linked = api.api(Operator, &format!("PUT {line}")).json(&link).expect(200).await;
        assert_eq!((linked.json()["source_id"].clone(), linked.header("etag")), (json!(shop.source), Some("\"2\"")));
        let stale = api.api(Operator, &format!("PUT {line}")).header("if-match", "\"1\"").json(&link);
        stale.expect(412).await;
        let nowhere = json!({ "source_id": "019a8f3c-7d2e-7c41-9b1e-3f6a2d5c8e90" });
        let refused = api.api(Operator, &format!("PUT {line}")).json(&nowhere).expect(422).await;
        assert_eq!(refused.fields()[0].0, "source_id");
        let unlinked = api.api(Operator, &format!("DELETE {line}")).expect(200).await;
        assert_eq!(unlinked.json()["source_id"], Value::Null);
    }
}

#[tokio::test]
async fn what_was_made_is_found_where_the_answer_says() {
    let api = Api::open().await;
    let made = api
        .api(Operator, "POST /ship-from-locations")
        .json(&json!({ "name": "Hamburg" }))
        .expect(201)
        .await;
    let location = made.header("location").unwrap();
    let found = api
        .call(&format!("GET {location}"))
        .by(Reader)
        .expect(200)
        .await;
    assert_eq!(
        (found.json(), found.header("etag")),
        (made.json(), made.header("etag"))
    );
}
