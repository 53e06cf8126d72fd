//! What a key may do is what its role says, and nothing without a key.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{FinaleSystem, Install, Key};

/// Roles from the least to the most.
const ROLES: [&str; 4] = ["partner", "reader", "operator", "admin"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_role_may_do_what_it_is_for_and_no_more() {
    let install = Install::with(&["finale", "warehouse"]);
    let keys: BTreeMap<&str, Key> = ROLES.map(|role| (role, install.key(role))).into();
    let daemon = install.serve().await;
    let order = || Some(json!({ "lines": [] }));
    let asks = [
        ("partner", Method::GET, "/inventory-sources", None),
        ("partner", Method::GET, "/adapters", None),
        ("reader", Method::GET, "/orders", None),
        ("reader", Method::GET, "/connections", None),
        (
            "reader",
            Method::POST,
            "/availability",
            Some(json!({ "items": [] })),
        ),
        ("operator", Method::PUT, "/orders/1", order()),
        (
            "operator",
            Method::POST,
            "/ship-from-locations",
            Some(json!({ "name": "Berlin" })),
        ),
        (
            "operator",
            Method::POST,
            "/connections",
            Some(own_warehouse()),
        ),
        ("admin", Method::GET, "/api-keys", None),
        (
            "admin",
            Method::POST,
            "/api-keys",
            Some(json!({ "name": "another", "role": "reader" })),
        ),
    ];
    for (least, method, path, body) in asks {
        let allowed_from = ROLES.iter().position(|role| *role == least).unwrap();
        for (rank, role) in ROLES.iter().enumerate() {
            let api = daemon.api.with(keys[role].clone());
            let answer = api.ask(method.clone(), path, body.clone()).await;
            let what = format!("{role} {method} {path}: {:#}", answer.body);
            match rank < allowed_from {
                true => assert_eq!(answer.status, 403, "{what}"),
                // Whoever comes second may find it made already.
                false => assert!(
                    [200, 201, 409].contains(&answer.status),
                    "{} {what}",
                    answer.status
                ),
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_key_that_is_good_nothing_is_told() {
    let install = Install::with(&["warehouse"]);
    let daemon = install.serve().await;
    let good = install.key("reader");
    let wrong = [
        Key {
            key: "nobody".into(),
            secret: "nothing".into(),
        },
        Key {
            secret: "wrong".into(),
            ..good.clone()
        },
        Key {
            key: good.secret.clone(),
            secret: good.key.clone(),
        },
        Key {
            key: String::new(),
            secret: String::new(),
        },
    ];
    for key in wrong {
        let answer = daemon.api.with(key).ask(Method::GET, "/orders", None).await;
        assert_eq!((answer.status, &answer.body["items"]), (401, &Value::Null));
    }
    let bare = reqwest::get(format!("{}/api/v1/orders", daemon.api.url()))
        .await
        .unwrap();
    assert_eq!(bare.status(), 401);
    assert!(bare.headers().contains_key("www-authenticate"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_partner_sees_only_its_own_sources() {
    let install = Install::with(&["finale", "warehouse"]);
    let system = FinaleSystem::in_real_time(&install.secrets).await;
    system.finale.set_stock("A", "Berlin", 5);
    let daemon = install.serve_with(&system.connection()).await;
    let own = daemon
        .api
        .post("/connections", own_warehouse())
        .await
        .expect(201);
    daemon.api.until(own["id"].as_str().unwrap(), "ready").await;

    let all = daemon.api.get("/inventory-sources").await;
    assert_eq!(all["groups"].as_array().unwrap().len(), 2);
    let partner = daemon.api.with(install.key("partner"));
    let seen = partner.get("/inventory-sources").await;
    let groups = seen["groups"].as_array().unwrap();
    assert_eq!((groups.len(), &groups[0]["adapter"]), (1, &json!("finale")));
    let foreign = daemon.api.source("Main warehouse").await;
    let hidden = partner
        .ask(Method::GET, &format!("/inventory-sources/{foreign}"), None)
        .await;
    assert_eq!(hidden.status, 404, "as if there were none");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_secret_leaves_the_old_one_its_time_and_a_revoked_key_opens_nothing() {
    let install = Install::with(&["warehouse"]);
    let daemon = install.serve().await;
    let made = daemon
        .api
        .post("/api-keys", json!({ "name": "shop", "role": "reader" }))
        .await
        .expect(201);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let old = Key {
        key: text(&made["key"]),
        secret: text(&made["secret"]),
    };
    let id = text(&made["id"]);
    let renewed = daemon
        .api
        .post(
            &format!("/api-keys/{id}/regenerate"),
            json!({ "grace_secs": 3600 }),
        )
        .await;
    let renewed = renewed.expect(200);
    let new = Key {
        secret: text(&renewed["secret"]),
        ..old.clone()
    };
    for key in [&old, &new] {
        daemon.api.with(key.clone()).get("/orders").await;
    }
    let listed = daemon.api.get("/api-keys").await.to_string();
    assert!(
        !listed.contains(&old.secret) && !listed.contains(&new.secret),
        "shown once"
    );
    let gone = daemon
        .api
        .ask(Method::DELETE, &format!("/api-keys/{id}"), None)
        .await;
    assert!(gone.status < 300, "{gone:?}");
    for key in [old, new] {
        let answer = daemon.api.with(key).ask(Method::GET, "/orders", None).await;
        assert_eq!(answer.status, 401);
    }
}

fn own_warehouse() -> Value {
    json!({ "name": "Own warehouse", "adapter": "warehouse" })
}
