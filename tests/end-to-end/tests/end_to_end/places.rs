//! A ship-from location answers by the one source it is linked to.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{FinaleSystem, Install, errors};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_place_answers_by_the_source_it_is_linked_to_and_by_none_when_unlinked() {
    let install = Install::with(&["finale"]);
    let system = FinaleSystem::in_real_time(&install.secrets).await;
    system.finale.set_stock("A", "Berlin", 5);
    system.finale.set_stock("A", "Porto", 1);
    let daemon = install.serve_with(&system.connection()).await;
    let api = &daemon.api;
    let place = api.post("/ship-from-locations", json!({ "name": "Hall" }));
    let place = place.await.expect(201)["id"].as_str().unwrap().to_owned();
    let link = format!("/ship-from-locations/{place}/inventory-source");
    let ask = async || {
        let items = json!([{ "sku": "A", "quantity": 2 }, { "sku": "B", "quantity": 1 }]);
        let question = json!({ "ship_from_location_id": place, "items": items });
        api.post("/availability", question).await.expect(200)
    };

    let unlinked = ask().await;
    assert_eq!(
        (&unlinked["verdict"], &unlinked["source"]),
        (&json!("unknown"), &Value::Null),
        "{unlinked:#}"
    );
    assert!(unlinked["advice"].is_string(), "{unlinked:#}");
    for (source, available, status) in [("Berlin", 5, "in_stock"), ("Porto", 1, "short")] {
        let linked = json!({ "source_id": api.source(source).await });
        api.put(&link, linked).await.expect(200);
        let told = ask().await;
        assert_eq!(told["source"]["name"], json!(source), "{told:#}");
        let line = &told["lines"][0];
        assert_eq!(
            (&line["available"], &line["status"]),
            (&json!(available), &json!(status)),
            "{told:#}"
        );
        assert_eq!(told["lines"][1]["status"], json!("unknown_sku"), "{told:#}");
    }
    let nowhere = json!({ "source_id": place });
    let refused = api.put(&link, nowhere).await.expect(422);
    assert_eq!(errors(&refused).next().unwrap().0, "source_id");
    api.ask(Method::DELETE, &link, None).await.expect(200);
    assert_eq!(ask().await["verdict"], json!("unknown"));
}
