//! What happened, told by whom.

use bestand::api_key::Role::{Admin, Operator, Reader};
use serde_json::{Value, json};

use super::support::{Api, on_both_engines, other_account};

async fn events(api: &Api, query: &str) -> Vec<Value> {
    api.parts.activity.settle().await;
    let page = api
        .api(Reader, &format!("GET /activity{query}"))
        .expect(200)
        .await;
    page.json()["items"].as_array().unwrap().clone()
}

fn kinds(events: &[Value]) -> Vec<&str> {
    events
        .iter()
        .map(|event| event["kind"].as_str().unwrap())
        .collect()
}

on_both_engines! {
    async fn who_links_a_location_is_told_with_what_to_what(api) {
        let shop = api.shop().await;
        let link = format!("/ship-from-locations/{}/inventory-source", shop.ship_from);
        api.api(Operator, &format!("DELETE {link}")).expect(200).await;
        let to = json!({ "source_id": shop.source });
        api.api(Operator, &format!("PUT {link}")).json(&to).expect(200).await;
        let events = events(api, "").await;
        assert_eq!(kinds(&events), ["source_linked", "source_unlinked", "ship_from_made"]);
        let linked = &events[0];
        assert_eq!(linked["at"], "2023-11-14T22:13:20Z");
        assert_eq!(linked["actor"], json!({ "kind": "api_key", "name": "a operator" }));
        let subject = json!({ "kind": "ship_from_location", "id": shop.ship_from, "name": "Hamburg" });
        assert_eq!(linked["subject"], subject);
        assert_eq!(linked["details"], json!({ "source": "Hamburg" }));
    }

    async fn keys_sources_and_orders_leave_their_traces(api) {
        let shop = api.shop().await;
        let made = api.api(Admin, "POST /api-keys").json(&json!({ "name": "Desk", "role": "reader" }));
        let id = made.expect(201).await.json()["id"].as_str().unwrap().to_owned();
        api.api(Admin, &format!("POST /api-keys/{id}/regenerate")).expect(200).await;
        api.api(Admin, &format!("DELETE /api-keys/{id}")).expect(204).await;
        let of_key = events(api, &format!("?subject=api_key:{id}")).await;
        assert_eq!(kinds(&of_key), ["api_key_revoked", "api_key_regenerated", "api_key_made"]);
        assert_eq!((&of_key[2]["subject"]["name"], &of_key[2]["details"]["role"]), (&json!("Desk"), &json!("reader")));

        let csv = "order_number,sku,quantity\n1,MUG,1\n2,CUP,x\n3,CUP,1\n";
        api.api(Operator, "POST /orders").body("text/csv", csv).expect(200).await;
        let moved = json!({ "order_numbers": ["1"], "ship_from_location_id": shop.ship_from });
        api.api(Operator, "POST /order-moves").json(&moved).expect(200).await;
        let of_orders = events(api, "?kind=orders_imported,orders_moved").await;
        assert_eq!(kinds(&of_orders), ["orders_moved", "orders_imported"]);
        let counts = json!({ "created": 2, "replaced": 0, "lines_taken": 2, "lines_refused": 1 });
        assert_eq!(of_orders[1]["details"], counts);

        let source = api.api(Reader, &format!("GET /inventory-sources/{}", shop.source)).expect(200).await;
        let change = api.api(Operator, &format!("PATCH /inventory-sources/{}", shop.source));
        let change = change.header("if-match", source.header("etag").unwrap()).json(&json!({ "included": false }));
        change.expect(200).await;
        let of_source = events(api, "?subject=inventory_source").await;
        assert_eq!((kinds(&of_source), &of_source[0]["details"]), (vec!["source_changed"], &json!({ "included": false })));
    }

    async fn what_happened_comes_in_pages_and_only_of_the_own_account(api) {
        api.shop().await;
        for name in ["Berlin", "Bonn", "Bremen"] {
            api.api(Operator, "POST /ship-from-locations").json(&json!({ "name": name })).expect(201).await;
        }
        api.parts.activity.settle().await;
        let first = api.api(Reader, "GET /activity?limit=3").expect(200).await.json();
        let cursor = first["next_cursor"].as_str().unwrap();
        let second = api.api(Reader, &format!("GET /activity?limit=3&cursor={cursor}")).expect(200).await.json();
        let names = |page: &Value| page["items"].as_array().unwrap().iter()
            .map(|event| event["subject"]["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
        assert_eq!((names(&first), names(&second)), (
            vec!["Bremen".into(), "Bonn".into(), "Berlin".into()], vec!["Hamburg".to_owned()],
        ));
        assert_eq!(second["next_cursor"], Value::Null);
        let theirs = other_account(api).await;
        let page = api.call("GET /api/v1/activity").with(&theirs).expect(200).await.json();
        assert_eq!(page["items"], json!([]));
    }
}

#[tokio::test]
async fn a_filter_that_names_nothing_is_refused() {
    let api = Api::open().await;
    for (query, field) in [
        ("kind=dreamt", "kind"),
        ("subject=moon", "subject"),
        ("since=yesterday", "since"),
    ] {
        let refused = api
            .api(Reader, &format!("GET /activity?{query}"))
            .expect(422)
            .await;
        assert_eq!(refused.fields()[0].0, field);
    }
    let since = "GET /activity?since=2023-11-14T22:13:21Z";
    assert_eq!(
        api.api(Reader, since).expect(200).await.json()["items"],
        json!([])
    );
}

#[tokio::test]
async fn an_adapter_that_is_not_there_has_no_last_hour() {
    let api = Api::open().await;
    api.api(Operator, "GET /adapters/finale/activity")
        .expect(404)
        .await;
}
