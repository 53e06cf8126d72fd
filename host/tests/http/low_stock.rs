//! Low-stock thresholds, and what is told by them.

use bestand::api_key::Role::{Operator, Reader};
use serde_json::{Value, json};

use super::support::{Api, on_both_engines};

async fn set(api: &Api, threshold: &Value) {
    let call = api.api(Operator, "PUT /low-stock-thresholds");
    call.json(threshold).expect(200).await;
}

on_both_engines! {
    async fn a_level_that_falls_to_its_threshold_is_told_once(api) {
        let shop = api.shop().await;
        set(api, &json!({ "threshold": 5 })).await;
        set(api, &json!({ "sku": "MUG", "threshold": 7 })).await;
        let mut messages = api.api(Reader, "GET /changes?types=stock.low").follow().await;
        messages.expect("stream.ready").await;
        for count in [8, 7, 6] {
            shop.push(&[shop.level("MUG", count)]).await;
        }
        let told = messages.expect("stock.low").await.data["data"].clone();
        assert_eq!(told["source_id"], json!(shop.source));
        let level = &told["levels"][0];
        assert_eq!((&level["sku"], &level["available"], &level["threshold"]), (&json!("MUG"), &json!(7), &json!(7)));
        shop.push(&[shop.level("MUG", 20), shop.level("CUP", 20)]).await;
        shop.push(&[shop.level("MUG", 2), shop.level("CUP", 5)]).await;
        let again = messages.expect("stock.low").await.data["data"]["levels"].clone();
        assert_eq!(again.as_array().unwrap().len(), 2);
    }

    async fn a_threshold_is_set_listed_replaced_and_removed(api) {
        let shop = api.shop().await;
        let of_source = json!({ "source_id": shop.source, "sku": "MUG", "threshold": 2.5 });
        set(api, &json!({ "sku": "MUG", "threshold": 7 })).await;
        set(api, &json!({ "sku": "MUG", "threshold": 8 })).await;
        set(api, &of_source).await;
        set(api, &of_source).await;
        set(api, &json!({ "threshold": 1 })).await;
        let first = api.api(Reader, "GET /low-stock-thresholds?limit=2").expect(200).await.json();
        let cursor = first["next_cursor"].as_str().unwrap();
        let line = format!("GET /low-stock-thresholds?limit=2&cursor={cursor}");
        let second = api.api(Reader, &line).expect(200).await.json();
        let shown = |page: &Value| page["items"].as_array().unwrap().iter().map(|item| item["threshold"].clone()).collect::<Vec<_>>();
        assert_eq!((shown(&first), shown(&second)), (vec![json!(1), json!(8)], vec![json!(2.5)]));
        api.api(Operator, "DELETE /low-stock-thresholds?sku=MUG").expect(204).await;
        api.api(Operator, "DELETE /low-stock-thresholds?sku=MUG").expect(422).await;
        let left = api.api(Reader, "GET /low-stock-thresholds").expect(200).await.json();
        assert_eq!(shown(&left), [json!(1), json!(2.5)]);
    }
}

#[tokio::test]
async fn what_can_be_no_threshold_names_the_field() {
    let api = Api::open().await;
    let elsewhere = "019a8f3c-7d2e-7c41-9b1e-3f6a2d5c8e90";
    for (threshold, field) in [
        (json!({ "threshold": -1 }), "threshold"),
        (
            json!({ "source_id": elsewhere, "threshold": 1 }),
            "source_id",
        ),
    ] {
        let call = api.api(Operator, "PUT /low-stock-thresholds");
        let refused = call.json(&threshold).expect(422).await;
        assert_eq!(refused.fields()[0].0, field);
    }
}
