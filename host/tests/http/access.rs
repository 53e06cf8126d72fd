//! Who may call what.

use bestand::api_key::Role::{self, Admin, Operator, Partner, Reader};
use std::time::Duration;

use super::document::operations;
use super::support::{Api, NOW, on_both_engines, other_account};

/// Every route that needs a key, and the lowest role that opens it.
const LOWEST_ROLES: &[(&str, &str, Role)] = &[
    ("GET", "/activity", Reader),
    ("GET", "/changes", Reader),
    ("GET", "/inventory-sources/{id}/aliases", Reader),
    ("PUT", "/inventory-sources/{id}/aliases", Operator),
    ("DELETE", "/inventory-sources/{id}/aliases", Operator),
    ("GET", "/inventory-sources/{id}/alias-suggestions", Reader),
    ("GET", "/inventory-sources/{id}/ledger", Reader),
    ("GET", "/kits", Reader),
    ("GET", "/stock-takes", Reader),
    ("POST", "/stock-takes", Operator),
    ("GET", "/stock-takes/{id}", Reader),
    ("GET", "/stock-takes/{id}/counts", Reader),
    ("PUT", "/stock-takes/{id}/counts", Operator),
    ("GET", "/stock-takes/{id}/uncounted", Reader),
    ("POST", "/stock-takes/{id}/commit", Operator),
    ("POST", "/stock-takes/{id}/cancel", Operator),
    ("PUT", "/kits", Operator),
    ("DELETE", "/kits", Operator),
    ("POST", "/kits/import", Operator),
    ("POST", "/inventory-sources/{id}/aliases/import", Operator),
    ("GET", "/low-stock", Reader),
    ("GET", "/low-stock-thresholds", Reader),
    ("PUT", "/low-stock-thresholds", Operator),
    ("DELETE", "/low-stock-thresholds", Operator),
    ("GET", "/adapters", Partner),
    ("GET", "/adapters/{id}/activity", Operator),
    ("POST", "/adapters/{id}/release", Operator),
    ("GET", "/api-keys", Admin),
    ("POST", "/api-keys", Admin),
    ("DELETE", "/api-keys/{id}", Admin),
    ("POST", "/api-keys/{id}/regenerate", Admin),
    ("POST", "/availability", Reader),
    ("GET", "/connections", Reader),
    ("POST", "/connections", Operator),
    ("DELETE", "/connections/{id}", Operator),
    ("GET", "/connections/{id}", Reader),
    ("PATCH", "/connections/{id}", Operator),
    ("POST", "/connections/{id}/check", Operator),
    ("POST", "/connections/{id}/sync", Operator),
    ("GET", "/inventory-sources", Partner),
    ("GET", "/inventory-sources/{id}", Partner),
    ("PATCH", "/inventory-sources/{id}", Operator),
    ("POST", "/inventory-sources/{id}/adjustments", Operator),
    ("GET", "/operations", Reader),
    ("GET", "/operations/{id}", Reader),
    ("POST", "/operations/{id}/settle", Operator),
    ("GET", "/inventory-sources/{id}/drift", Reader),
    ("GET", "/inventory-sources/{id}/drift/{sync_id}", Reader),
    ("GET", "/inventory-sources/{id}/drift-threshold", Reader),
    ("PUT", "/inventory-sources/{id}/drift-threshold", Operator),
    ("GET", "/inventory-sources/{id}/history", Partner),
    ("GET", "/inventory-sources/{id}/levels", Partner),
    (
        "GET",
        "/inventory-sources/{id}/levels/{sku}/explanation",
        Reader,
    ),
    (
        "GET",
        "/inventory-sources/{id}/levels/{sku}/history",
        Partner,
    ),
    ("GET", "/orders", Reader),
    ("POST", "/orders", Operator),
    ("POST", "/order-moves", Operator),
    ("GET", "/orders/{order_number}", Reader),
    ("PUT", "/orders/{order_number}", Operator),
    ("PUT", "/orders/{order_number}/allocation", Operator),
    ("DELETE", "/orders/{order_number}/allocation", Operator),
    ("PUT", "/orders/{order_number}/override", Admin),
    ("DELETE", "/orders/{order_number}/override", Admin),
    ("PUT", "/partner/levels", Partner),
    ("PUT", "/partner/locations", Partner),
    ("GET", "/products", Reader),
    ("GET", "/products/{sku}", Reader),
    ("GET", "/ship-from-locations", Reader),
    ("POST", "/ship-from-locations", Operator),
    ("DELETE", "/ship-from-locations/{id}", Operator),
    ("GET", "/ship-from-locations/{id}", Reader),
    ("PATCH", "/ship-from-locations/{id}", Operator),
    (
        "DELETE",
        "/ship-from-locations/{id}/inventory-source",
        Operator,
    ),
    (
        "PUT",
        "/ship-from-locations/{id}/inventory-source",
        Operator,
    ),
    ("GET", "/webhooks", Operator),
    ("POST", "/webhooks", Operator),
    ("DELETE", "/webhooks/{id}", Operator),
    ("GET", "/webhooks/{id}", Operator),
    ("PATCH", "/webhooks/{id}", Operator),
    ("GET", "/webhooks/{id}/deliveries", Operator),
    ("GET", "/webhooks/{id}/deliveries/{event_id}", Operator),
    (
        "POST",
        "/webhooks/{id}/deliveries/{event_id}/resend",
        Operator,
    ),
    ("POST", "/webhooks/{id}/ping", Operator),
    ("POST", "/webhooks/{id}/resend", Operator),
    ("POST", "/webhooks/{id}/rotate-secret", Operator),
];

const ROLES: [Role; 4] = [Partner, Reader, Operator, Admin];

/// `GET /api/v1/connections/019a…`: a path that names nothing.
fn line(method: &str, path: &str) -> String {
    let id = "019a8f3c-7d2e-7c41-9b1e-3f6a2d5c8e90";
    let path = path
        .replace("{id}", id)
        .replace("{event_id}", "1")
        .replace("{sync_id}", id)
        .replace("{sku}", "MUG")
        .replace("{order_number}", "17");
    format!("{method} /api/v1{path}")
}

#[tokio::test]
async fn the_list_of_routes_above_is_complete() {
    let api = Api::open().await;
    let mut described: Vec<(String, String)> = operations(api.document())
        .into_iter()
        .filter_map(|(method, path, _)| Some((method, path.strip_prefix("/api/v1")?.to_owned())))
        .collect();
    described.sort();
    let mut listed: Vec<(String, String)> = LOWEST_ROLES
        .iter()
        .map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned()))
        .collect();
    listed.sort();
    assert_eq!(described, listed);
}

#[tokio::test]
async fn nobody_gets_in_without_a_key_that_opens_the_route() {
    let api = Api::open().await;
    for (method, path, lowest) in LOWEST_ROLES {
        let line = line(method, path);
        let answer = api.call(&line).expect(401).await;
        assert_eq!(answer.problem().0, "unauthenticated", "{line}");
        assert!(
            answer
                .header("www-authenticate")
                .unwrap()
                .starts_with("Basic"),
            "{line}"
        );
        for role in ROLES {
            let answer = api.call(&line).by(role).send().await;
            let refused = matches!(answer.status, 401 | 403);
            assert_eq!(
                refused,
                role < *lowest,
                "{line} by {role:?}: {}",
                answer.text()
            );
        }
    }
}

on_both_engines! {
    async fn wrong_credentials_are_refused_alike(api) {
        let good = api.credentials(Reader).to_owned();
        let (key, secret) = good.split_once(':').unwrap();
        let wrong_secret = format!("{key}:bs_wrong");
        let wrong_key = format!("bk_wrong:{secret}");
        let mut texts = Vec::new();
        for credentials in [wrong_secret.as_str(), &wrong_key, ":", "bk:"] {
            let answer = api.call("GET /api/v1/orders").with(credentials).expect(401).await;
            texts.push(answer.problem().1);
        }
        texts.dedup();
        assert_eq!(texts, ["the API key or its secret is wrong"]);
    }

    async fn a_revoked_or_expired_key_is_told_so(api) {
        let key = api.new_key(Reader).await;
        api.call("GET /api/v1/orders").with(&key).expect(200).await;
        let listed = api.parts.keyring.list(api.account).await.unwrap();
        let id = listed.last().unwrap().id;
        api.api(Admin, &format!("DELETE /api-keys/{id}")).expect(204).await;
        let refused = api.call("GET /api/v1/orders").with(&key).expect(401).await;
        assert!(refused.problem().1.contains("revoked"));

        let new = serde_json::json!({ "name": "short", "role": "reader", "expires_at": "2023-11-14T22:13:30Z" });
        let made = api.api(Admin, "POST /api-keys").json(&new).expect(201).await.json();
        let pair = format!("{}:{}", made["key"].as_str().unwrap(), made["secret"].as_str().unwrap());
        api.call("GET /api/v1/orders").with(&pair).expect(200).await;
        assert_eq!(NOW.to_string(), "2023-11-14T22:13:20Z");
        api.parts.clock.advance(Duration::from_secs(11));
        let refused = api.call("GET /api/v1/orders").with(&pair).expect(401).await;
        assert!(refused.problem().1.contains("expired"));
    }

    async fn an_account_sees_nothing_of_another(api) {
        let shop = api.shop().await;
        let theirs = other_account(api).await;
        let paths = [
            format!("/connections/{}", shop.connection),
            format!("/inventory-sources/{}", shop.source),
            format!("/inventory-sources/{}/levels", shop.source),
            format!("/ship-from-locations/{}", shop.ship_from),
        ];
        for path in paths {
            api.api(Reader, &format!("GET {path}")).expect(200).await;
            api.call(&format!("GET /api/v1{path}")).with(&theirs).expect(404).await;
        }
        let sources = api.call("GET /api/v1/inventory-sources").with(&theirs).expect(200).await;
        assert_eq!(sources.json()["groups"], serde_json::json!([]));
    }

    async fn a_partner_sees_only_its_own(api) {
        let shop = api.shop().await;
        let other = super::super::support::connect(api, "skuvault").await;
        let places = [bestand_plugin_api::Location::site("x", "Elsewhere")];
        let others = bestand::store::source::follow_locations(&api.parts.db, api.account, other, &places, NOW);
        let others = others.await.unwrap()[0].id;
        let seen = api.api(Partner, "GET /inventory-sources").expect(200).await.json();
        let groups = seen["groups"].as_array().unwrap();
        assert_eq!(groups.len(), 1);
        assert_eq!(groups[0]["adapter"], "finale");
        api.api(Partner, &format!("GET /inventory-sources/{}/levels", shop.source)).expect(200).await;
        api.api(Partner, &format!("GET /inventory-sources/{others}")).expect(404).await;
        api.api(Partner, &format!("GET /inventory-sources/{others}/levels")).expect(404).await;
        let all = api.api(Reader, "GET /inventory-sources").expect(200).await.json();
        assert_eq!(all["groups"].as_array().unwrap().len(), 2);
    }
}

#[tokio::test]
async fn other_ways_to_say_who_one_is_are_refused_with_the_way_that_works() {
    let api = Api::open().await;
    let bearer = format!("Bearer {}", api.credentials(Admin));
    for header in [
        bearer.as_str(),
        "Basic",
        "Basic !!!",
        "Basic YWJj",
        "Digest x",
    ] {
        let answer = api
            .call("GET /api/v1/orders")
            .header("authorization", header)
            .expect(401)
            .await;
        assert_eq!(answer.problem().0, "unauthenticated", "{header}");
    }
    let answer = api
        .call("GET /api/v1/orders")
        .header("authorization", &bearer)
        .expect(401)
        .await;
    assert!(answer.problem().1.contains("HTTP Basic"));
}

#[tokio::test]
async fn opening_the_own_network_needs_an_administrator() {
    let api = Api::open().await;
    let new =
        serde_json::json!({ "name": "x", "adapter": "finale", "allow_private_network": true });
    let refused = api
        .api(Operator, "POST /connections")
        .json(&new)
        .expect(403)
        .await;
    assert!(refused.problem().1.contains("`admin`"));
    // The administrator gets further: to the adapter, which is not installed here.
    let answer = api
        .api(Admin, "POST /connections")
        .json(&new)
        .expect(422)
        .await;
    assert_eq!(answer.fields()[0].0, "adapter");
}
