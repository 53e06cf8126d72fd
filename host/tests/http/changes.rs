//! The stream of changes.

use std::time::Duration;

use bestand::api_key::Role::Reader;
use bestand_plugin_api::Sku;
use serde_json::json;

use super::support::{Api, on_both_engines, other_account};

on_both_engines! {
    async fn a_change_is_told_with_what_was_before_and_since(api) {
        let shop = api.shop().await;
        let mut messages = api.api(Reader, "GET /changes").follow().await;
        let ready = messages.expect("stream.ready").await;
        let (before, after) = (10, 7);
        shop.push(&[shop.level("MUG", after)]).await;
        let told = messages.expect("stock.changed").await;
        assert_eq!(told.id.parse::<u64>().unwrap(), ready.id.parse::<u64>().unwrap() + 1);
        assert_eq!(told.data["id"], json!(told.id));
        assert_eq!(told.data["type"], "stock.changed");
        let data = &told.data["data"];
        assert_eq!((&data["source_id"], &data["cause"]), (&json!(shop.source), &json!("push")));
        let level = &data["levels"][0];
        assert_eq!(level["sku"], "MUG");
        assert_eq!((&level["before"]["available"], &level["after"]["available"]), (&json!(before), &json!(after)));
        assert!(level["as_of"].is_string());
    }

    async fn whoever_comes_back_gets_all_that_came_since(api) {
        let shop = api.shop().await;
        let mut messages = api.api(Reader, "GET /changes").follow().await;
        let last = messages.expect("stream.ready").await.id;
        drop(messages);
        for count in [5, 6, 7] {
            shop.push(&[shop.level("MUG", count)]).await;
        }
        let back = api.api(Reader, "GET /changes").header("last-event-id", &last);
        let mut messages = back.follow().await;
        messages.expect("stream.ready").await;
        let mut counts = Vec::new();
        for _ in 0..3 {
            let told = messages.expect("stock.changed").await;
            counts.push(told.data["data"]["levels"][0]["after"]["available"].clone());
        }
        assert_eq!(counts, [json!(5), json!(6), json!(7)]);
        let mut again = api.api(Reader, &format!("GET /changes?after={last}")).follow().await;
        again.expect("stream.ready").await;
        assert_eq!(again.expect("stock.changed").await.data["data"]["levels"][0]["after"]["available"], 5);
    }

    async fn only_what_is_wanted_is_told(api) {
        let shop = api.shop().await;
        let line = format!("GET /changes?sku=CUP&types=stock.changed&source={}", shop.source);
        let mut messages = api.api(Reader, &line).follow().await;
        messages.expect("stream.ready").await;
        shop.push(&[shop.level("MUG", 3)]).await;
        shop.push(&[shop.level("MUG", 4), shop.level("CUP", 9)]).await;
        let told = messages.expect("stock.changed").await;
        let skus: Vec<_> = told.data["data"]["levels"].as_array().unwrap().iter().map(|level| &level["sku"]).collect();
        assert_eq!(skus, [&json!("CUP")]);
    }

    async fn nothing_is_told_of_another_account(api) {
        let shop = api.shop().await;
        let theirs = other_account(api).await;
        let mut messages = api.call("GET /api/v1/changes?after=0").with(&theirs).follow().await;
        assert_eq!(messages.expect("stream.ready").await.id, "0");
        shop.push(&[shop.level("MUG", 3)]).await;
        api.parts.stopping.cancel();
        messages.expect("stream.ending").await;
        assert_eq!(messages.next().await, None);
    }

    async fn what_is_forgotten_is_said_to_be(api) {
        let shop = api.shop().await;
        shop.push(&[shop.level("MUG", 3)]).await;
        api.parts.clock.advance(Duration::from_secs(60));
        api.parts.event_log.forget(api.parts.clock.now()).await.unwrap();
        shop.push(&[shop.level("MUG", 4)]).await;
        let mut messages = api.api(Reader, "GET /changes?after=0").follow().await;
        messages.expect("stream.ready").await;
        messages.expect("stream.missed").await;
        let told = messages.expect("stock.changed").await;
        assert_eq!(told.data["data"]["levels"][0]["after"]["available"], 4);
    }

    async fn a_burst_leaves_no_gap_for_a_reader_that_is_behind(api) {
        let shop = api.shop().await;
        let mut messages = api.api(Reader, "GET /changes").follow().await;
        let mut last: u64 = messages.expect("stream.ready").await.id.parse().unwrap();
        let sku = |number: usize| format!("SKU-{number}");
        let levels: Vec<_> = (0..2_050).map(|number| shop.level(&sku(number), 1)).collect();
        shop.push(&levels).await;
        let mut told = std::collections::BTreeSet::new();
        while told.len() < levels.len() {
            let message = messages.expect("stock.changed").await;
            assert_eq!(message.id.parse::<u64>().unwrap(), last + 1);
            last += 1;
            let levels = message.data["data"]["levels"].as_array().unwrap().clone();
            assert!(levels.len() <= 100);
            told.extend(levels.iter().map(|level| Sku::new(level["sku"].as_str().unwrap()).unwrap()));
        }
    }
}

#[tokio::test]
async fn what_cannot_be_asked_for_names_the_parameter() {
    let api = Api::open().await;
    for (query, field) in [
        ("after=soon", "after"),
        ("types=stock.gone", "types"),
        ("source=here", "source"),
    ] {
        let line = format!("GET /changes?{query}");
        let answer = api.api(Reader, &line).expect(422).await;
        assert_eq!(answer.fields()[0].0, field);
    }
    let refused = api
        .api(Reader, "GET /changes?types=stock.gone")
        .expect(422)
        .await;
    let reason = &refused.fields()[0].1;
    assert!(reason.contains("order.verdict_changed"), "{reason}");
}

#[tokio::test]
async fn an_account_has_room_for_so_many_streams_and_no_more() {
    let api = Api::open().await;
    let mut open = Vec::new();
    for _ in 0..32 {
        let mut messages = api.api(Reader, "GET /changes").follow().await;
        messages.expect("stream.ready").await;
        open.push(messages);
    }
    let refused = api.api(Reader, "GET /changes").expect(429).await;
    assert!(refused.problem().1.contains("32 streams"));
}
