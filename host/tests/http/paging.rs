//! Lists in pages.

use std::collections::BTreeSet;

use bestand::api_key::Role::{Admin, Operator, Reader};
use serde_json::json;

use super::support::on_both_engines;

on_both_engines! {
    async fn following_the_links_brings_everything_once(api) {
        for number in 0..7 {
            let body = json!({ "lines": [{ "sku": "MUG", "quantity": 1 }] });
            api.api(Operator, &format!("PUT /orders/{number}")).json(&body).expect(201).await;
            let name = json!({ "name": format!("Location {number}") });
            api.api(Operator, "POST /ship-from-locations").json(&name).expect(201).await;
        }
        for (list, key) in [("orders?verdict=unknown&", "order_number"), ("ship-from-locations?", "name")] {
            let mut next = Some(format!("/api/v1/{list}limit=3"));
            let (mut seen, mut pages) = (Vec::new(), 0);
            while let Some(address) = next {
                let answer = api.call(&format!("GET {address}")).by(Reader).expect(200).await;
                let page = answer.json();
                let items = page["items"].as_array().unwrap();
                assert!(items.len() <= 3);
                seen.extend(items.iter().map(|item| item[key].as_str().unwrap().to_owned()));
                pages += 1;
                next = answer.header("link").map(|link| {
                    link.strip_prefix('<').unwrap().split('>').next().unwrap().to_owned()
                });
                assert_eq!(next.is_some(), page["next_cursor"].is_string());
            }
            assert_eq!((seen.len(), pages), (7, 3), "{list}");
            assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), 7);
        }
    }

    async fn what_is_added_meanwhile_does_not_shift_the_pages(api) {
        let first = api.api(Admin, "GET /api-keys?limit=2").expect(200).await.json();
        api.new_key(Reader).await;
        let cursor = first["next_cursor"].as_str().unwrap();
        let second = api.api(Admin, &format!("GET /api-keys?limit=10&cursor={cursor}")).expect(200).await.json();
        assert_eq!(second["items"].as_array().unwrap().len(), 3);
    }
}
