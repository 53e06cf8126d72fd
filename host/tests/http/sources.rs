//! Inventory sources and their levels.

use std::time::Duration;

use bestand::api_key::Role::{Operator, Reader};
use serde_json::{Value, json};

use super::support::{Api, connect, on_both_engines};

on_both_engines! {
    async fn sources_stand_under_their_headings_with_all_that_is_relied_on(api) {
        let shop = api.shop().await;
        let listed = api.api(Reader, "GET /inventory-sources").expect(200).await.json();
        let group = &listed["groups"][0];
        assert_eq!((&group["heading"], &group["adapter"]), (&json!("finale"), &json!("finale")));
        let source = &group["sources"][0];
        assert_eq!(source["id"], json!(shop.source));
        assert_eq!(source["connection_id"], json!(shop.connection));
        assert_eq!((&source["name"], &source["location_id"]), (&json!("Hamburg"), &json!("main")));
        assert_eq!((&source["status"], &source["as_of"]), (&json!("stopped"), &json!("2023-11-14T22:13:20Z")));
        assert!(source["reason"].is_string() && source["advice"].is_string());
        assert_eq!(listed["missing"], json!([]));
    }

    async fn named_levels_are_answered_in_the_order_asked(api) {
        let shop = api.shop().await;
        let line = format!("GET /inventory-sources/{}/levels?sku=CUP,NO%20SUCH,GIFT,MUG", shop.source);
        let answer = api.api(Reader, &line).expect(200).await.json();
        assert_eq!(answer["source"]["name"], "Hamburg");
        let rows: Vec<(&Value, &Value, &Value)> = answer["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|level| (&level["sku"], &level["knowledge"], &level["available"]))
            .collect();
        let expected = [
            (&json!("CUP"), &json!("counted"), &json!(1)),
            (&json!("NO SUCH"), &json!("unknown_sku"), &Value::Null),
            (&json!("GIFT"), &json!("not_tracked"), &json!(0)),
            (&json!("MUG"), &json!("counted"), &json!(10)),
        ];
        assert_eq!(rows, expected);
    }

    async fn a_source_that_was_never_listed_does_not_know_rather_than_have_none(api) {
        let connection = connect(api, "skuvault").await;
        let places = [bestand_plugin_api::Location::site("x", "Elsewhere")];
        let sources = bestand::store::source::follow_locations(
            &api.parts.db, api.account, connection, &places, super::super::support::NOW,
        );
        let source = sources.await.unwrap()[0].id;
        let answer = api.api(Reader, &format!("GET /inventory-sources/{source}/levels?sku=MUG"));
        let level = answer.expect(200).await.json()["items"][0].clone();
        assert_eq!((&level["knowledge"], &level["as_of"]), (&json!("not_retrieved"), &Value::Null));
    }

    async fn all_levels_come_page_by_page(api) {
        let shop = api.shop().await;
        let first = format!("GET /inventory-sources/{}/levels?limit=2", shop.source);
        let answer = api.api(Reader, &first).expect(200).await;
        let skus = |answer: &Value| -> Vec<String> {
            let items = answer["items"].as_array().unwrap();
            items.iter().map(|level| level["sku"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(skus(&answer.json()), ["CUP", "GIFT"]);
        let link = answer.header("link").unwrap();
        let next = link.strip_prefix('<').unwrap().split('>').next().unwrap();
        let rest = api.call(&format!("GET {next}")).by(Reader).expect(200).await;
        assert_eq!(skus(&rest.json()), ["MUG"]);
        assert_eq!((rest.json()["next_cursor"].clone(), rest.header("link")), (Value::Null, None));
    }

    async fn a_history_of_any_length_comes_as_one_file(api) {
        let shop = api.shop().await;
        let names: Vec<String> = (0..1_001).map(|number| format!("A{number:04}")).collect();
        for count in [1, 2] {
            let levels = names.iter().map(|name| shop.level(name, count)).collect::<Vec<_>>();
            shop.push(&levels).await;
        }
        let line = format!("GET /inventory-sources/{}/history", shop.source);
        let csv = api.api(Reader, &line).header("accept", "text/csv").expect(200).await;
        assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
        let text = csv.text();
        let mut lines = text.lines();
        assert!(lines.next().unwrap().starts_with("changed_at,source_id,source,sku,cause,"), "{text}");
        let mut skus: Vec<&str> = lines.map(|line| line.split(',').nth(3).unwrap()).collect();
        assert_eq!(skus.len(), 1_001);
        skus.sort_unstable();
        assert!(skus.iter().zip(&names).all(|(found, name)| found == name));
        let of_level = format!("GET /inventory-sources/{}/levels/A0007/history?format=csv", shop.source);
        let text = api.api(Reader, &of_level).expect(200).await.text();
        assert_eq!(text.lines().count(), 2);
        assert!(text.contains(",A0007,push,,,counted,1,1,,,false,counted,2,2,,,false"), "{text}");
    }

    async fn the_history_says_what_changed_a_level(api) {
        let shop = api.shop().await;
        api.parts.clock.advance(Duration::from_secs(60));
        let newer = super::super::support::NOW.after(Duration::from_secs(30));
        let count = bestand_plugin_api::Quantity::units(7);
        let quantities = bestand_plugin_api::Quantities::of(count, count);
        shop.push(&[shop.level_at("MUG", quantities, newer)]).await;
        let line = format!("GET /inventory-sources/{}/levels/MUG/history", shop.source);
        let history = api.api(Reader, &line).expect(200).await.json();
        let change = &history["items"][0];
        assert_eq!((&change["cause"], &change["before"]["available"], &change["after"]["available"]),
            (&json!("push"), &json!(10), &json!(7)));
        assert_eq!(change["changed_at"], "2023-11-14T22:14:20Z");
        let line = format!("GET /inventory-sources/{}/history", shop.source);
        let all = api.api(Reader, &line).expect(200).await.json();
        assert_eq!((&all["items"], &all["items"][0]["sku"]), (&history["items"], &json!("MUG")));
        for nothing in ["sku=CUP", "cause=sync,write", "since=2023-11-14T22:14:21Z", "until=2023-11-14T22:14:20Z"] {
            let page = api.api(Reader, &format!("{line}?{nothing}")).expect(200).await.json();
            assert_eq!(page["items"], json!([]), "{nothing}");
        }
        let something = "sku=MUG&cause=push&since=2023-11-14T22:14:20Z&until=2023-11-14T22:14:21Z&limit=1";
        let page = api.api(Reader, &format!("{line}?{something}")).expect(200).await.json();
        assert_eq!(page["items"], history["items"]);
        api.api(Reader, &format!("{line}?cause=magic")).expect(422).await;
    }

    async fn a_level_is_explained_by_what_it_is_made_of_and_what_brought_it(api) {
        let shop = api.shop().await;
        let line = |sku| format!("GET /inventory-sources/{}/levels/{sku}/explanation", shop.source);
        let first = api.api(Reader, &line("MUG")).expect(200).await.json();
        assert_eq!((&first["made_of"], &first["sellable"], &first["brought_by"], &first["stale"]),
            (&json!("available"), &json!(10), &Value::Null, &json!(false)));
        api.parts.clock.advance(Duration::from_secs(60));
        let newer = super::super::support::NOW.after(Duration::from_secs(30));
        let count = bestand_plugin_api::Quantity::units(7);
        let quantities = bestand_plugin_api::Quantities::of(count, count);
        shop.push(&[shop.level_at("MUG", quantities, newer)]).await;
        let later = api.api(Reader, &line("MUG")).expect(200).await.json();
        let brought_by = &later["brought_by"];
        assert_eq!((&later["sellable"], &brought_by["cause"], &brought_by["before"]["available"]),
            (&json!(7), &json!("push"), &json!(10)));
        api.parts.clock.advance(Duration::from_secs(86_400));
        assert_eq!(api.api(Reader, &line("MUG")).expect(200).await.json()["stale"], true);
        let never = api.api(Reader, &line("NEVER")).expect(200).await.json();
        assert_eq!((&never["made_of"], &never["sellable"], &never["as_of"]),
            (&json!("nothing"), &Value::Null, &Value::Null));
    }

    async fn the_operator_decides_what_is_offered_and_what_is_old(api) {
        let shop = api.shop().await;
        let line = format!("/inventory-sources/{}", shop.source);
        let seen = api.api(Reader, &format!("GET {line}")).expect(200).await;
        let tag = seen.header("etag").unwrap().to_owned();
        let change = json!({ "included": false, "max_age_secs": 60 });
        api.api(Operator, &format!("PATCH {line}")).json(&change).expect(428).await;
        let patch = api.api(Operator, &format!("PATCH {line}")).header("if-match", &tag).json(&change);
        let changed = patch.expect(200).await;
        assert_eq!((&changed.json()["included"], &changed.json()["max_age_secs"]), (&json!(false), &json!(60)));
        let again = api.api(Operator, &format!("PATCH {line}")).header("if-match", &tag).json(&json!({}));
        again.expect(412).await;
        let tag = changed.header("etag").unwrap();
        let reset = api.api(Operator, &format!("PATCH {line}")).header("if-match", tag);
        let reset = reset.json(&json!({ "max_age_secs": null })).expect(200).await.json();
        assert_eq!((&reset["included"], &reset["max_age_secs"]), (&json!(false), &Value::Null));
        let wrong = api.api(Operator, &format!("PATCH {line}")).header("if-match", "*");
        let wrong = wrong.json(&json!({ "max_age_secs": 0 })).expect(422).await;
        assert_eq!(wrong.fields()[0].0, "max_age_secs");
    }
}

#[tokio::test]
async fn a_heading_that_is_missing_is_explained() {
    let api = Api::open().await;
    let listed = api
        .api(Reader, "GET /inventory-sources")
        .expect(200)
        .await
        .json();
    let missing = &listed["missing"][0];
    assert_eq!(
        (&listed["groups"], &missing["adapter"]),
        (&json!([]), &json!("finale"))
    );
    assert_eq!(missing["reason"], "adapter `finale` does not run");
    assert!(
        missing["advice"]
            .as_str()
            .unwrap()
            .contains("no plugin in the plugin directory")
    );
    connect(&api, "skuvault").await;
    let listed = api
        .api(Reader, "GET /inventory-sources")
        .expect(200)
        .await
        .json();
    assert_eq!(listed["missing"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn skus_that_cannot_be_ones_are_a_wrong_field() {
    let api = Api::open().await;
    let shop = api.shop().await;
    let answer = api.api(
        Reader,
        &format!("GET /inventory-sources/{}/levels?sku=A,,B", shop.source),
    );
    assert_eq!(answer.expect(422).await.fields()[0].0, "sku");
}
