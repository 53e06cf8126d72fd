//! Low-stock thresholds, and what is told by them.

use std::time::Duration;

use bestand::api_key::Role::{Operator, Reader};
use bestand::id::SourceId;
use bestand_plugin_api::{Quantities, Quantity};
use serde_json::{Value, json};

use super::support::{Api, NOW, on_both_engines, other_account};

async fn set(api: &Api, threshold: &Value) {
    let call = api.api(Operator, "PUT /low-stock-thresholds");
    call.json(threshold).expect(200).await;
}

on_both_engines! {
    async fn what_is_low_now_is_listed_with_the_threshold_that_says_so(api) {
        let shop = api.shop().await;
        let none = api.api(Reader, "GET /low-stock").expect(200).await.json();
        assert_eq!(none["items"], json!([]), "without a threshold nothing is low");
        set(api, &json!({ "threshold": 1 })).await;
        set(api, &json!({ "sku": "MUG", "threshold": 7 })).await;
        api.parts.clock.advance(Duration::from_secs(60));
        let fell_at = api.parts.clock.now();
        let mug = |count| shop.level_at("MUG", Quantities::available(Quantity::units(count)), fell_at);
        shop.push(&[mug(7)]).await;
        let all = api.api(Reader, "GET /low-stock").expect(200).await.json();
        let cup = json!({
            "sku": "CUP", "source_id": shop.source, "source": "Hamburg", "available": 1, "threshold": 1,
            "threshold_for": "everything", "as_of": NOW.to_string(), "since": null, "stale": false,
        });
        let mug = json!({
            "sku": "MUG", "source_id": shop.source, "source": "Hamburg", "available": 7, "threshold": 7,
            "threshold_for": "article", "as_of": fell_at.to_string(), "since": fell_at.to_string(), "stale": false,
        });
        assert_eq!(all["items"], json!([cup, mug]), "what is not tracked is not low");
        let first = api.api(Reader, "GET /low-stock?limit=1").expect(200).await.json();
        let cursor = first["next_cursor"].as_str().unwrap();
        let line = format!("GET /low-stock?limit=1&source_id={}&cursor={cursor}", shop.source);
        let second = api.api(Reader, &line).expect(200).await.json();
        assert_eq!((&first["items"][0]["sku"], &second["items"]), (&json!("CUP"), &json!([mug])));
        assert_eq!(second["next_cursor"], Value::Null);
        let nowhere = format!("GET /low-stock?source_id={}", SourceId::new());
        let refused = api.api(Reader, &nowhere).expect(422).await;
        assert_eq!(refused.fields()[0].0, "source_id");
        let csv = api.api(Reader, "GET /low-stock?format=csv").expect(200).await.text();
        let expected = format!(
            "sku,source_id,source,available,threshold,threshold_for,as_of,since\n\
             CUP,{0},Hamburg,1,1,everything,{NOW},\nMUG,{0},Hamburg,7,7,article,{fell_at},{fell_at}\n",
            shop.source
        );
        assert_eq!(csv, expected);
        let theirs = other_account(api).await;
        let seen = api.call("GET /api/v1/low-stock").with(&theirs).expect(200).await.json();
        assert_eq!(seen["items"], json!([]));
    }

    async fn the_threshold_that_names_most_decides_what_is_low(api) {
        let shop = api.shop().await;
        let low = async || {
            let all = api.api(Reader, "GET /low-stock").expect(200).await.json();
            let items = all["items"].as_array().unwrap().iter();
            items.map(|item| (item["sku"].clone(), item["threshold_for"].clone())).collect::<Vec<_>>()
        };
        set(api, &json!({ "threshold": 100 })).await;
        assert_eq!(low().await, [(json!("CUP"), json!("everything")), (json!("MUG"), json!("everything"))]);
        set(api, &json!({ "source_id": shop.source, "threshold": 5 })).await;
        assert_eq!(low().await, [(json!("CUP"), json!("source"))]);
        set(api, &json!({ "sku": "MUG", "threshold": 10 })).await;
        assert_eq!(low().await, [(json!("CUP"), json!("source")), (json!("MUG"), json!("article"))]);
        set(api, &json!({ "sku": "MUG", "source_id": shop.source, "threshold": 0 })).await;
        set(api, &json!({ "sku": "CUP", "source_id": shop.source, "threshold": 2.5 })).await;
        assert_eq!(low().await, [(json!("CUP"), json!("article_at_source"))]);
    }

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

    async fn what_falls_low_and_recovers_stands_in_the_activity_in_one_line_each(api) {
        let shop = api.shop().await;
        set(api, &json!({ "threshold": 5 })).await;
        let names: Vec<String> = (0..12).map(|number| format!("A{number:02}")).collect();
        let all = |count| names.iter().map(|name| shop.level(name, count)).collect::<Vec<_>>();
        let noted = async || {
            api.parts.book.note_news(&api.parts.activity).await.unwrap();
            api.parts.activity.settle().await;
            let line = "GET /activity?kind=stock_low,stock_recovered";
            let items = api.api(Reader, line).expect(200).await.json()["items"].clone();
            let line = |item: &Value| (item["kind"].clone(), item["details"].clone());
            items.as_array().unwrap().iter().map(line).collect::<Vec<_>>()
        };
        shop.push(&all(9)).await;
        assert_eq!(noted().await, [], "an article's first count is no news");
        shop.push(&all(5)).await;
        shop.push(&[shop.level("MUG", 4)]).await;
        let low = (json!("stock_low"), json!({
            "articles": 13, "skus": "A00, A01, A02, A03, A04, A05, A06, A07, A08, A09",
        }));
        assert_eq!(noted().await, std::slice::from_ref(&low));
        shop.push(&[shop.level("MUG", 6)]).await;
        let recovered = (json!("stock_recovered"), json!({ "articles": 1, "skus": "MUG" }));
        assert_eq!(noted().await, [recovered, low]);
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
