//! The ledger of the built-in warehouse, as operators read and prove it.

use bestand::connection::NewConnection;
use serde_json::{Value, json};

use crate::support::{Daemon, Install};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_change_is_told_with_its_author_and_all_of_them_add_up() {
    let install = Install::with(&["warehouse"]);
    let daemon = daemon_of(&install).await;
    let api = &daemon.api;
    let source = api.source("Main warehouse").await;
    let path = format!("/inventory-sources/{source}/adjustments");
    let changes = json!({ "adjustments": [
        { "sku": "A", "change": "adjust", "quantity": 10, "unit_cost": 2.5, "reason": "delivery" },
        { "sku": "A", "change": "regrade", "quantity": 3, "to_condition": "damaged", "note": "fell down" },
        { "sku": "A", "change": "adjust", "quantity": 4, "lot": "L-1", "expires_at": "2099-01-01T00:00:00Z" },
        { "sku": "B", "change": "set", "quantity": 7 },
    ] });
    let done = api.post(&path, changes).await.expect(200);
    for operation in done["operations"].as_array().unwrap() {
        assert_eq!(operation["state"], "applied", "{operation}");
    }
    let level = api
        .get(&format!("/inventory-sources/{source}/levels?sku=A"))
        .await["items"][0]
        .clone();
    assert_eq!(
        (&level["on_hand"], &level["available"]),
        (&json!(14), &json!(11)),
        "{level}"
    );

    let ledger = api
        .get(&format!("/inventory-sources/{source}/ledger?sku=A"))
        .await;
    let entries = ledger["items"].as_array().unwrap();
    let told: Vec<_> = entries
        .iter()
        .map(|entry| {
            (
                entry["number"].as_u64().unwrap(),
                entry["kind"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(told, [(3, "increment"), (2, "modify"), (1, "increment")]);
    assert_eq!(
        (&entries[2]["reason"], &entries[1]["note"]),
        (&json!("delivery"), &json!("fell down"))
    );
    assert!(
        entries.iter().all(|entry| entry["author"].is_string()),
        "{entries:?}"
    );
    assert_eq!(entries[0]["lines"][0]["lot"], "L-1");
    let sum = |of: &str| {
        entries
            .iter()
            .flat_map(|entry| entry["lines"].as_array().unwrap())
            .map(|line| line[of].as_i64().unwrap())
            .sum::<i64>()
    };
    assert_eq!((sum("on_hand"), sum("allocated")), (14, 0));

    let listed = install
        .run(&["warehouse", "ledger", "Main warehouse", "--csv"])
        .expect(0);
    assert!(
        listed
            .stdout
            .starts_with("sku,number,at,kind,location,on_hand"),
        "{}",
        listed.stdout
    );
    assert!(
        listed.stdout.contains("A,2,") && listed.stdout.contains(",damaged,"),
        "{}",
        listed.stdout
    );
    let proven = install.run(&["warehouse", "verify"]).expect(0);
    assert!(
        proven
            .stderr
            .contains("2 articles and 4 entries added up, 0 findings"),
        "{}",
        proven.stderr
    );
    let unknown = install.run(&["warehouse", "verify", "nowhere"]).expect(64);
    assert!(
        unknown.stderr.contains("there is no connection `nowhere`"),
        "{}",
        unknown.stderr
    );
    assert!(daemon.end().await.success());

    // What cannot be looked at is not what adds up.
    std::fs::remove_dir_all(install.plugins.path()).unwrap();
    std::fs::create_dir(install.plugins.path()).unwrap();
    let closed = install.run(&["warehouse", "verify"]).expect(1);
    assert!(closed.stderr.contains("does not open"), "{}", closed.stderr);
}

async fn daemon_of(install: &Install) -> Daemon {
    let own = NewConnection {
        name: "Own warehouse".into(),
        adapter: "warehouse".into(),
        settings: Value::Object(Default::default()),
        secrets: Default::default(),
        allow_private_network: false,
        paused: false,
        sync_interval_secs: None,
        reconcile_secs: None,
    };
    install.serve_with(&own).await
}
