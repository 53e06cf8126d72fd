//! What full listings found different from what was held.

use std::time::Duration;

use bestand::api_key::Role::{Operator, Reader};
use bestand::id::SyncId;
use bestand::stock::{Cause, Update};
use bestand_plugin_api::{Absent, Quantities, Quantity};
use serde_json::{Value, json};

use super::support::{Api, NOW, Shop, on_both_engines};

/// Lists the shop a minute later, with other counts.
pub(crate) async fn list_again(api: &Api, shop: &Shop<'_>, counts: &[(&str, i64)]) -> SyncId {
    api.parts.clock.advance(Duration::from_secs(60));
    let (run, now) = (SyncId::new(), api.parts.clock.now());
    let update = |(sku, count): &(&str, i64)| {
        let count = Quantity::units(*count);
        Update {
            source_id: shop.source,
            level: shop.level_at(sku, Quantities::of(count, count), now),
        }
    };
    let updates = counts.iter().map(update).collect();
    let book = &api.parts.book;
    book.apply(api.account, Cause::listing(run), updates)
        .await
        .unwrap();
    book.finish_listing(api.account, shop.source, run, now, Absent::Zero)
        .await
        .unwrap();
    run
}

on_both_engines! {
    async fn what_listings_found_is_listed_and_read(api) {
        let shop = api.shop().await;
        let line = format!("GET /inventory-sources/{}/drift", shop.source);
        let none = api.api(Reader, &line).expect(200).await.json();
        assert_eq!(none["items"], json!([]), "the first listing is no drift");
        let first = list_again(api, &shop, &[("MUG", 7), ("CUP", 1)]).await;
        let second = list_again(api, &shop, &[("MUG", 7), ("CUP", 1)]).await;
        let page = api.api(Reader, &format!("{line}?limit=1")).expect(200).await.json();
        assert_eq!(page["items"][0]["sync_id"], json!(second));
        assert_eq!(page["items"][0]["differing"], json!(0));
        let cursor = page["next_cursor"].as_str().unwrap();
        let page = api.api(Reader, &format!("{line}?limit=1&cursor={cursor}")).expect(200).await.json();
        assert_eq!((&page["items"][0]["sync_id"], &page["next_cursor"]), (&json!(first), &Value::Null));
        let read = api.api(Reader, &format!("{line}/{first}")).expect(200).await.json();
        assert_eq!((&read["compared"], &read["differing"], &read["percent"]), (&json!(3), &json!(2), &json!(66.66)));
        assert_eq!((&read["largest"], &read["longest_secs"]), (&json!(3), &json!(60)));
        let mug = json!({ "sku": "MUG", "held": 10, "found": 7, "difference": 3, "since": NOW.to_string() });
        assert_eq!((&read["items"][0], &read["items"][1]["sku"]), (&mug, &json!("GIFT")));
        api.api(Reader, &format!("{line}/{}", SyncId::new())).expect(404).await;
        let csv = api.api(Reader, &line).header("accept", "text/csv").expect(200).await;
        let disposition = csv.header("content-disposition").unwrap();
        assert_eq!(disposition, "attachment; filename=\"drift.csv\"");
        let text = csv.text();
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].starts_with("sync_id,source_id,source,started_at,"), "{text}");
        assert!(lines[1].starts_with(&second.to_string()) && lines[2].starts_with(&first.to_string()), "{text}");
        assert_eq!(lines.len(), 3);
        let differences = api.api(Reader, &format!("{line}/{first}?format=csv")).expect(200).await.text();
        let mug = format!("MUG,{},Hamburg,10,7,3,{NOW}", shop.source);
        assert_eq!(differences.lines().nth(1), Some(mug.as_str()), "{differences}");
        let json = api.api(Reader, &format!("{line}?format=json")).header("accept", "text/csv").expect(200).await;
        assert_eq!(json.header("content-type"), Some("application/json"));
        let refused = api.api(Reader, &format!("{line}?format=xlsx")).expect(422).await;
        assert_eq!(refused.fields()[0].0, "format");
    }

    async fn drift_over_its_threshold_is_told(api) {
        let shop = api.shop().await;
        let line = format!("/inventory-sources/{}/drift-threshold", shop.source);
        let unset = api.api(Reader, &format!("GET {line}")).expect(200).await.json();
        assert_eq!(unset, json!({ "percent": null, "differing": null }));
        let threshold = json!({ "percent": 2.5, "differing": 1 });
        api.api(Operator, &format!("PUT {line}")).json(&threshold).expect(200).await;
        let set = api.api(Reader, &format!("GET {line}")).expect(200).await.json();
        assert_eq!(set, threshold);
        let mut messages = api.api(Reader, "GET /changes?types=drift.high").follow().await;
        messages.expect("stream.ready").await;
        let run = list_again(api, &shop, &[("MUG", 7), ("CUP", 1)]).await;
        let told = messages.expect("drift.high").await.data["data"].clone();
        assert_eq!((&told["source_id"], &told["sync_id"]), (&json!(shop.source), &json!(run)));
        api.parts.book.note_news(&api.parts.activity).await.unwrap();
        api.parts.activity.settle().await;
        let noted = api.api(Reader, "GET /activity?kind=drift_high").expect(200).await.json()["items"].clone();
        assert_eq!(noted[0]["subject"]["name"], json!("Hamburg"));
        assert_eq!(noted[0]["details"], json!({ "sync_id": run, "compared": 3, "differing": 2 }));
        assert_eq!(noted[1], Value::Null);
    }
}

#[tokio::test]
async fn what_can_be_no_drift_threshold_names_the_field() {
    let api = Api::open().await;
    let shop = api.shop().await;
    for (threshold, field) in [
        (json!({ "percent": 0 }), "percent"),
        (json!({ "percent": 100.5 }), "percent"),
        (json!({ "differing": 0 }), "differing"),
    ] {
        let line = format!("PUT /inventory-sources/{}/drift-threshold", shop.source);
        let refused = api.api(Operator, &line).json(&threshold);
        let refused = refused.expect(422).await;
        assert_eq!(refused.fields()[0].0, field);
    }
}
