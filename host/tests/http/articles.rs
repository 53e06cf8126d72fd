//! What our articles are called at a source, and what they are made of.

use bestand::api_key::Role::{Operator, Reader};
use bestand_plugin_api::Quantity;
use serde_json::{Value, json};

use super::support::{Api, Shop, on_both_engines, other_account};

async fn ask(api: &Api, items: &[(&str, i64)]) -> Value {
    let items = items
        .iter()
        .map(|(sku, quantity)| json!({ "sku": sku, "quantity": quantity }));
    let question = json!({ "items": items.collect::<Vec<_>>() });
    api.api(Reader, "POST /availability")
        .json(&question)
        .expect(200)
        .await
        .json()
}

async fn set_aliases(shop: &Shop<'_>, aliases: &Value) -> Value {
    let line = format!("PUT /inventory-sources/{}/aliases", shop.source);
    let set = shop
        .api
        .api(Operator, &line)
        .json(&json!({ "aliases": aliases }));
    set.expect(200).await.json()
}

async fn set_kit(api: &Api, sku: &str, components: &[(&str, i64)]) {
    let components = components
        .iter()
        .map(|(sku, quantity)| json!({ "sku": sku, "quantity": quantity }));
    let kit = json!({ "kits": [{ "sku": sku, "components": components.collect::<Vec<_>>() }] });
    api.api(Operator, "PUT /kits").json(&kit).expect(200).await;
}

fn told(answer: &Value) -> Vec<(&str, &Value, &str)> {
    let lines = answer["lines"].as_array().unwrap().iter();
    let told = lines.map(|line| {
        (
            line["status"].as_str().unwrap(),
            &line["available"],
            line["reason"].as_str().unwrap_or(""),
        )
    });
    told.collect()
}

on_both_engines! {
    async fn an_alias_answers_with_the_level_of_what_it_leads_to(api) {
        let shop = api.shop().await;
        assert_eq!(told(&ask(api, &[("MUG-6", 1)]).await)[0].0, "unknown_sku");
        let set = set_aliases(&shop, &json!([
            { "sku": "MUG-6", "source_sku": "MUG", "pack_factor": 6 },
            { "sku": "mug", "source_sku": "MUG" },
            { "sku": "SPOON", "source_sku": "CUP", "pack_factor": "1/12" },
        ])).await;
        assert_eq!(set["aliases"][0]["conflicts"], json!([]));
        let one = ask(api, &[("MUG-6", 1)]).await;
        assert_eq!(told(&one), [("in_stock", &json!(1), "")], "10 single ones are one pack of six");
        assert_eq!(one["lines"][0]["components"][0]["source_sku"], "MUG");
        assert_eq!(one["lines"][0]["components"][0]["required"], 6);
        let shared = ask(api, &[("MUG-6", 1), ("mug", 5), ("SPOON", 12)]).await;
        let reason = "as `MUG`: 11 over all lines needed, 10 available";
        assert_eq!(told(&shared), [("short", &json!(1), reason), ("short", &json!(10), reason), ("in_stock", &json!(12), "")]);
        assert_eq!(shared["verdict"], "short");
        let gone = format!("DELETE /inventory-sources/{}/aliases?sku=MUG-6", shop.source);
        api.api(Operator, &gone).expect(204).await;
        assert_eq!(told(&ask(api, &[("MUG-6", 1)]).await)[0].0, "unknown_sku");
        let refused = api.api(Operator, &gone).expect(422).await;
        assert_eq!(refused.fields()[0].1, "`MUG-6` has no alias at this source");
    }

    async fn a_kit_is_answered_from_its_components_and_none_is_counted_twice(api) {
        let shop = api.shop().await;
        shop.push(&[shop.level("CUP", 7)]).await;
        set_kit(api, "SET", &[("MUG", 2), ("CUP", 1)]).await;
        set_kit(api, "CUPS", &[("CUP", 3)]).await;
        assert_eq!(told(&ask(api, &[("SET", 5)]).await), [("in_stock", &json!(5), "")]);
        let short = ask(api, &[("SET", 6)]).await;
        assert_eq!(told(&short), [("short", &json!(5), "component `MUG`: 12 needed, 10 available")]);
        let both = ask(api, &[("SET", 5), ("CUPS", 1)]).await;
        assert_eq!(both["verdict"], "short", "five and three cups are eight");
        let reason = "component `CUP`: 8 over all lines needed, 7 available";
        assert_eq!(told(&both), [("short", &json!(5), reason), ("short", &json!(2), reason)]);
        assert_eq!(ask(api, &[("SET", 4), ("CUPS", 1)]).await["verdict"], "can_ship");
        set_kit(api, "GIFT-SET", &[("MUG", 1), ("GIFT", 1), ("NOWHERE", 1)]).await;
        let unknown = ask(api, &[("GIFT-SET", 1)]).await;
        let reason = "component `NOWHERE`: the source does not have this SKU";
        assert_eq!((told(&unknown), &unknown["verdict"]), (vec![("unknown_sku", &Value::Null, reason)], &json!("unknown")));
        shop.push(&[shop.level("MUG", 0)]).await;
        let none = ask(api, &[("GIFT-SET", 1)]).await;
        let reason = "component `MUG`: 1 needed, none available";
        assert_eq!(told(&none), [("out_of_stock", &json!(0), reason)], "short beats unknown");
    }

    async fn an_alias_goes_before_a_kit_and_says_so(api) {
        let shop = api.shop().await;
        set_kit(api, "SET", &[("MUG", 2)]).await;
        shop.push(&[shop.level("SET", 1)]).await;
        assert_eq!(told(&ask(api, &[("SET", 2)]).await)[0].0, "in_stock");
        let set = set_aliases(&shop, &json!([{ "sku": "SET", "source_sku": "SET" }])).await;
        assert_eq!(set["aliases"][0]["conflicts"], json!(["hides_kit"]));
        assert_eq!(told(&ask(api, &[("SET", 2)]).await), [("short", &json!(1), "as `SET`: 2 needed, 1 available")]);
        let set = set_aliases(&shop, &json!([{ "sku": "CUP", "source_sku": "NOWHERE" }])).await;
        assert_eq!(set["aliases"][0]["conflicts"], json!(["hides_own_sku", "unknown_target"]));
        let line = format!("GET /inventory-sources/{}/aliases?limit=1", shop.source);
        let first = api.api(Reader, &line).expect(200).await.json();
        assert_eq!(first["items"][0]["sku"], "CUP");
        let next = format!("{line}&cursor={}", first["next_cursor"].as_str().unwrap());
        let second = api.api(Reader, &next).expect(200).await.json();
        assert_eq!((&second["items"][0]["sku"], &second["next_cursor"]), (&json!("SET"), &Value::Null));
    }

    async fn kits_that_cannot_be_are_refused_and_change_nothing(api) {
        let shop = api.shop().await;
        set_kit(api, "SET", &[("MUG", 2)]).await;
        let refused = async |kit: Value, reason: &str| {
            let sent = api.api(Operator, "PUT /kits").json(&json!({ "kits": kit })).expect(422).await;
            assert_eq!(sent.fields()[0].1, reason);
        };
        let nested = json!([{ "sku": "CUPS", "components": [{ "sku": "CUP", "quantity": 3 }] },
            { "sku": "ALL", "components": [{ "sku": "SET", "quantity": 1 }] }]);
        refused(nested, "`SET` is a kit itself; name its components instead").await;
        let inner = json!([{ "sku": "MUG", "components": [{ "sku": "CUP", "quantity": 1 }] }]);
        refused(inner, "`MUG` is a component of the kit `SET`, so it cannot become a kit itself").await;
        let twice = json!([{ "sku": "X", "components": [{ "sku": "CUP", "quantity": 1 }, { "sku": "CUP", "quantity": 1 }] }]);
        refused(twice, "`CUP` is there twice; add both up").await;
        refused(json!([]), "there must be from 1 to 1000 of them").await;
        let all = api.api(Reader, "GET /kits").expect(200).await.json();
        let set = json!([{ "sku": "SET", "components": [{ "sku": "MUG", "quantity": 2 }] }]);
        assert_eq!(all["items"], set);
        let theirs = other_account(api).await;
        let seen = api.call("GET /api/v1/kits").with(&theirs).expect(200).await.json();
        assert_eq!(seen["items"], json!([]));
        let none = format!("/api/v1/inventory-sources/{}/aliases", shop.source);
        api.call(&format!("GET {none}")).with(&theirs).expect(404).await;
        api.api(Operator, "DELETE /kits?sku=SET").expect(204).await;
        assert_eq!(told(&ask(api, &[("SET", 1)]).await)[0].0, "unknown_sku");
    }

    async fn wrong_aliases_are_refused_by_their_place(api) {
        let shop = api.shop().await;
        let line = format!("PUT /inventory-sources/{}/aliases", shop.source);
        let twice = json!({ "aliases": [{ "sku": "A", "source_sku": "MUG" }, { "sku": "A", "source_sku": "CUP" }] });
        let refused = api.api(Operator, &line).json(&twice).expect(422).await;
        assert_eq!(refused.fields()[0], ("aliases[1].sku".into(), "`A` is `aliases[0]` already".into()));
        let zero = json!({ "aliases": [{ "sku": "A", "source_sku": "MUG", "pack_factor": "1/0" }] });
        let refused = api.api(Operator, &line).json(&zero).expect(422).await;
        assert!(refused.text().contains("is no pack factor"), "{}", refused.text());
    }

    async fn unknown_articles_of_open_orders_get_suggestions(api) {
        let shop = api.shop().await;
        shop.push(&[shop.level("TEA-0042", 3), shop.level("TEAPOT-RED", 3)]).await;
        set_kit(api, "TEA-SET", &[("MUG", 1), ("TEAPOTRED", 1)]).await;
        let lines = json!([{ "sku": "tea0042", "quantity": 1 }, { "sku": "TEA-SET", "quantity": 1 },
            { "sku": "ZEBRA-77", "quantity": 1 }, { "sku": "MUG", "quantity": 1 }]);
        api.api(Operator, "PUT /orders/1").json(&json!({ "lines": lines })).expect(201).await;
        let line = format!("GET /inventory-sources/{}/alias-suggestions", shop.source);
        let suggested = api.api(Reader, &line).expect(200).await.json();
        assert_eq!(suggested["unknown"], json!([
            { "sku": "TEAPOTRED", "suggestions": [{ "source_sku": "TEAPOT-RED", "likeness": 1.0 }] },
            { "sku": "ZEBRA-77", "suggestions": [] },
            { "sku": "tea0042", "suggestions": [{ "source_sku": "TEA-0042", "likeness": 1.0 }] },
        ]));
    }

    async fn tables_of_aliases_and_kits_are_imported_whole_or_not_at_all(api) {
        let shop = api.shop().await;
        let aliases = format!("/inventory-sources/{}/aliases", shop.source);
        let send = async |path: &str, table: &str, status: u16| {
            let call = api.api(Operator, &format!("POST {path}/import")).body("text/csv", table.to_owned());
            call.expect(status).await
        };
        let set = send(&aliases, "sku;source_sku;pack_factor\nMUG-6;MUG;6\nBECHER;MUG;\n", 200).await.json();
        assert_eq!(set, json!({ "imported": 2 }));
        let refused = send(&aliases, "sku,source_sku\nX,MUG\nY,\n", 422).await;
        assert!(refused.text().contains("line: 3"), "{}", refused.text());
        let listed = api.api(Reader, &format!("GET {aliases}")).expect(200).await.json();
        assert_eq!(listed["items"].as_array().unwrap().len(), 2, "{listed}");
        send("/kits", "kit,sku,quantity\nSET,MUG,2\nSET,CUP,1\n", 200).await;
        let refused = send("/kits", "kit,sku,quantity\nALL,SET,1\n", 422).await;
        assert!(refused.text().contains("`SET` is a kit itself"), "{}", refused.text());
        let kits = api.api(Reader, "GET /kits").expect(200).await.json();
        assert_eq!(kits["items"][0]["components"].as_array().unwrap().len(), 2);
    }

    async fn an_order_shows_what_its_lines_are_made_of(api) {
        let shop = api.shop().await;
        set_kit(api, "SET", &[("MUG", 2), ("CUP", 1)]).await;
        let order = json!({ "lines": [{ "sku": "SET", "quantity": 2 }] });
        api.api(Operator, "PUT /orders/1").json(&order).expect(201).await;
        let shown = api.api(Reader, "GET /orders/1").expect(200).await.json();
        let stock = &shown["lines"][0]["stock"];
        assert_eq!((&stock["status"], &stock["available"], &stock["required"]), (&json!("short"), &json!(1), &json!(2)));
        assert_eq!(stock["components"][0]["sku"], "CUP");
        assert_eq!(stock["components"][0]["reason"], "2 needed, 1 available");
        shop.push(&[shop.level("CUP", Quantity::units(2).floor())]).await;
        let shown = api.api(Reader, "GET /orders/1").expect(200).await.json();
        assert_eq!(shown["verdict"], "can_ship");
    }
}
