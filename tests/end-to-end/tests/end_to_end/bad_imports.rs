//! Imports of anything: nothing of them is dropped silently, and nothing of them stops the daemon.

use serde_json::json;

use crate::support::Install;
use crate::support::install::enabling;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_line_of_an_import_is_taken_or_refused_by_name() {
    let install = Install::with(&["warehouse"]);
    let daemon = install.serve().await;
    let csv = "order_number,sku,quantity\n\
        1,A,2\n1,,1\n1,B,-1\n2,C,1e15\n2,D,1.5\n3,E,many\n,F,1\n4,G\n5,\"H\u{0}\",1\n";
    let answer = daemon
        .api
        .send(daemon.api.import("text/csv", "", csv))
        .await
        .expect(200);
    let refusals: Vec<(u64, &str)> = answer["refusals"]
        .as_array()
        .unwrap()
        .iter()
        .map(|refusal| {
            (
                refusal["line"].as_u64().unwrap(),
                refusal["field"].as_str().unwrap_or("line"),
            )
        })
        .collect();
    assert_eq!(answer["lines"], json!(9));
    assert_eq!(
        answer["taken"].as_u64().unwrap() + answer["refused"].as_u64().unwrap(),
        9,
        "{answer:#}"
    );
    for expected in [(5, "quantity"), (7, "quantity"), (8, "order_number")] {
        assert!(refusals.contains(&expected), "{expected:?} in {refusals:?}");
    }
    assert_eq!(refusals.len(), 5, "{answer:#}");
    // An order that lacks a line nobody could read is not taken for complete.
    let incomplete = daemon.api.get("/orders/2").await;
    assert_eq!(incomplete["verdict"], json!("unknown"), "{incomplete:#}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bodies_that_are_nothing_of_the_sort_are_refused_and_the_daemon_goes_on() {
    let install = Install::with(&["warehouse"]);
    let mut config = "[server]\nlisten = \"127.0.0.1:0\"\nbody_bytes_max = 65536\n".to_owned();
    config += &enabling(&["warehouse"]);
    install.configure(&config);
    let daemon = install.serve().await;
    let api = &daemon.api;
    let cases = [
        ("text/csv", "no,such,columns\n1,2,3\n".to_owned(), 422),
        ("application/json", "[{".into(), 422),
        ("application/json", "<html>".into(), 422),
        ("application/x-ndjson", "[]\n1\nnull\n".into(), 422),
        ("text/plain", "hello".into(), 415),
        ("text/csv", "x".repeat(100_000), 413),
    ];
    for (media_type, body, status) in cases {
        let start: String = body.chars().take(10).collect();
        let answer = api.send(api.import(media_type, "", body)).await;
        assert_eq!(
            answer.status, status,
            "{media_type} {start}: {:#}",
            answer.body
        );
    }
    let raw = api
        .request(reqwest::Method::PUT, "/orders/1")
        .header("content-type", "application/json");
    let answer = api.send(raw.body("{\"lines\": [")).await;
    assert!([400, 422].contains(&answer.status), "{answer:?}");
    let deep = format!(
        "{{\"lines\": {}{}}}",
        "[".repeat(10_000),
        "]".repeat(10_000)
    );
    let raw = api
        .request(reqwest::Method::PUT, "/orders/1")
        .header("content-type", "application/json");
    let answer = api.send(raw.body(deep)).await;
    assert!([400, 422].contains(&answer.status), "{answer:?}");
    api.put("/orders/1", json!({ "lines": [] }))
        .await
        .expect(201);
}
