//! One article over all sources.

use bestand::api_key::Role::{Operator, Reader};
use serde_json::{Value, json};

use super::support::on_both_engines;

on_both_engines! {
    async fn a_product_says_what_can_be_sold_and_where_it_lies(api) {
        let shop = api.shop().await;
        let mug = api.api(Reader, "GET /products/MUG").expect(200).await.json();
        let total = json!({ "available": 10, "counted": 1, "not_known": 0, "as_of": "2023-11-14T22:13:20Z", "stale": false });
        assert_eq!((&mug["sku"], &mug["total"]), (&json!("MUG"), &total));
        let place = &mug["sources"][0];
        assert_eq!((&place["source_id"], &place["name"]), (&json!(shop.source), &json!("Hamburg")));
        assert_eq!((&place["share"], &place["knowledge"], &place["on_hand"]), (&json!("counted"), &json!("counted"), &json!(10)));
        let gift = api.api(Reader, "GET /products/GIFT").expect(200).await.json();
        assert_eq!((&gift["total"]["available"], &gift["total"]["not_known"]), (&Value::Null, &json!(1)));
        let nothing = api.api(Reader, "GET /products/NO%2FSUCH").expect(200).await.json();
        assert_eq!((&nothing["total"]["available"], &nothing["sources"][0]["share"]), (&Value::Null, &json!("none")));
    }

    async fn products_are_searched_and_paged(api) {
        let shop = api.shop().await;
        let list = async |query: &str| {
            let page = api.api(Reader, &format!("GET /products{query}")).expect(200).await.json();
            let skus = page["items"].as_array().unwrap().iter().map(|item| item["sku"].as_str().unwrap().to_owned());
            (skus.collect::<Vec<_>>(), page["next_cursor"].clone())
        };
        assert_eq!(list("").await.0, ["CUP", "GIFT", "MUG"]);
        assert_eq!(list("?search=m").await.0, ["MUG"]);
        let (first, cursor) = list("?limit=2").await;
        assert_eq!(first, ["CUP", "GIFT"]);
        let rest = list(&format!("?limit=2&cursor={}", cursor.as_str().unwrap())).await;
        assert_eq!(rest, (vec!["MUG".into()], Value::Null));
        let source = api.api(Reader, &format!("GET /inventory-sources/{}", shop.source)).expect(200).await;
        let change = api.api(Operator, &format!("PATCH /inventory-sources/{}", shop.source));
        change.header("if-match", source.header("etag").unwrap()).json(&json!({ "included": false })).expect(200).await;
        let page = api.api(Reader, "GET /products?search=MUG").expect(200).await.json();
        assert_eq!(page["items"][0]["total"]["available"], Value::Null, "it is not included");
        let long = "x".repeat(201);
        let refused = api.api(Reader, &format!("GET /products?search={long}")).expect(422).await;
        assert_eq!(refused.fields()[0].0, "search");
    }
}
