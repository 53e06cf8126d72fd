//! Asking whether articles are there.

use std::time::Duration;

use bestand::api_key::Role::{Operator, Reader};
use serde_json::{Value, json};

use super::support::{Api, on_both_engines};

async fn ask(api: &Api, body: Value) -> Value {
    api.api(Reader, "POST /availability")
        .json(&body)
        .expect(200)
        .await
        .json()
}

on_both_engines! {
    async fn an_answer_names_its_source_and_the_age_of_each_number(api) {
        let shop = api.shop().await;
        let items = json!([{ "sku": "MUG", "quantity": 4 }, { "sku": "CUP", "quantity": 2 }]);
        let mut answer = ask(api, json!({ "ship_from_location_id": shop.ship_from, "items": items })).await;
        assert_eq!(answer["source"]["id"], json!(shop.source));
        answer["source"]["id"] = json!("…");
        insta::allow_duplicates! { insta::assert_json_snapshot!(answer, @r#"
        {
          "advice": null,
          "consequence": "warn",
          "lines": [
            {
              "advice": null,
              "as_of": "2023-11-14T22:13:20Z",
              "available": 10,
              "cause": "enough",
              "incoming": null,
              "on_hand": 10,
              "reason": null,
              "requested": 4,
              "sku": "MUG",
              "stale": false,
              "status": "in_stock"
            },
            {
              "advice": null,
              "as_of": "2023-11-14T22:13:20Z",
              "available": 1,
              "cause": "too_few",
              "incoming": null,
              "on_hand": 1,
              "reason": "2 needed, 1 available",
              "requested": 2,
              "sku": "CUP",
              "stale": false,
              "status": "short"
            }
          ],
          "reason": "short of `CUP`",
          "source": {
            "id": "…",
            "name": "Hamburg"
          },
          "verdict": "short"
        }
        "#) };
    }

    async fn without_a_location_the_default_one_is_asked(api) {
        api.shop().await;
        let answer = ask(api, json!({ "items": [{ "sku": "MUG", "quantity": "10" }] })).await;
        assert_eq!(answer["verdict"], "can_ship");
        let answer = ask(api, json!({ "items": [{ "sku": "MUG", "quantity": 6 }, { "sku": "MUG", "quantity": 5 }] })).await;
        assert_eq!(answer["verdict"], "short");
    }

    async fn what_is_not_known_is_told_and_never_zero(api) {
        api.shop().await;
        let answer = ask(api, json!({ "items": [
            { "sku": "NO SUCH", "quantity": 1 }, { "sku": "GIFT", "quantity": 1 },
        ] })).await;
        assert_eq!(answer["verdict"], "unknown");
        let lines = answer["lines"].as_array().unwrap();
        assert_eq!((&lines[0]["status"], &lines[0]["available"]), (&json!("unknown_sku"), &Value::Null));
        assert_eq!((&lines[1]["status"], &lines[1]["available"]), (&json!("not_tracked"), &Value::Null));
        assert!(lines.iter().all(|line| line["reason"].is_string()));
    }

    async fn an_old_count_is_stale_and_says_so(api) {
        api.shop().await;
        api.parts.clock.advance(Duration::from_secs(3600));
        let answer = ask(api, json!({ "live": false, "items": [{ "sku": "MUG", "quantity": 1 }] })).await;
        assert_eq!(answer["lines"][0]["stale"], true);
        assert_eq!(answer["lines"][0]["as_of"], "2023-11-14T22:13:20Z");
        assert_eq!(answer["verdict"], "can_ship");
    }

    async fn a_new_link_counts_at_once(api) {
        let shop = api.shop().await;
        let items = json!({ "items": [{ "sku": "MUG", "quantity": 1 }] });
        assert_eq!(ask(api, items.clone()).await["verdict"], "can_ship");
        let link = format!("/ship-from-locations/{}/inventory-source", shop.ship_from);
        api.api(Operator, &format!("DELETE {link}")).expect(200).await;
        let answer = ask(api, items.clone()).await;
        assert_eq!((&answer["verdict"], &answer["source"]), (&json!("unknown"), &Value::Null));
        assert!(answer["lines"][0]["reason"].as_str().unwrap().contains("no inventory source is linked"));
        let body = json!({ "source_id": shop.source });
        api.api(Operator, &format!("PUT {link}")).json(&body).expect(200).await;
        assert_eq!(ask(api, items).await["verdict"], "can_ship");
    }
}

#[tokio::test]
async fn a_location_that_does_not_exist_is_a_wrong_field() {
    let api = Api::open().await;
    let body =
        json!({ "ship_from_location_id": "019a8f3c-7d2e-7c41-9b1e-3f6a2d5c8e90", "items": [] });
    let answer = api
        .api(Reader, "POST /availability")
        .json(&body)
        .expect(422)
        .await;
    assert_eq!(answer.fields()[0].0, "ship_from_location_id");
}

#[tokio::test]
async fn more_items_than_may_be_asked_for_are_refused() {
    let api = Api::open().await;
    let items = vec![json!({ "sku": "A", "quantity": 1 }); 1001];
    let answer = api
        .api(Reader, "POST /availability")
        .json(&json!({ "items": items }))
        .expect(422)
        .await;
    assert_eq!(answer.fields()[0].0, "items");
}
