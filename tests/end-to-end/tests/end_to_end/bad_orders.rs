//! Orders with anything on them: what is no goods is not checked, and what cannot be right is refused by name.

use serde_json::{Value, json};

use crate::support::{FinaleSystem, Install};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_goods_keeps_no_order_from_shipping() {
    let install = Install::with(&["warehouse"]);
    let daemon = install.serve().await;
    let lines = json!([
        { "name": "Postage", "quantity": 1 },
        { "sku": "A", "quantity": -3 },
        { "sku": "A", "quantity": 0 },
        { "sku": "POST", "quantity": 1 },
        { "sku": "A", "quantity": 2, "adjustment": true },
    ]);
    let order = daemon
        .api
        .put("/orders/1", json!({ "lines": lines }))
        .await
        .expect(201);
    assert_eq!(order["verdict"], json!("can_ship"), "{order:#}");
    let reason = order["reason"].as_str().unwrap();
    assert!(
        reason.contains("nothing on it has to be in stock"),
        "{reason}"
    );
    let why: Vec<&Value> = order["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| &line["not_goods"])
        .collect();
    let expected = ["no_sku", "returned", "no_quantity", "charge", "adjustment"];
    assert_eq!(
        why,
        expected.map(|word| json!(word)).iter().collect::<Vec<_>>()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_quantity_is_exact_or_refused() {
    let install = Install::with(&["warehouse"]);
    let daemon = install.serve().await;
    let put = async |quantity: Value| {
        let lines = json!([{ "sku": "A", "quantity": quantity }]);
        daemon.api.put("/orders/1", json!({ "lines": lines })).await
    };
    for fraction in [json!(1.5), json!("0.000001"), json!(0.1)] {
        let order = put(fraction.clone()).await;
        assert!(order.status < 300, "{fraction}: {:#}", order.body);
        let shown = &order.body["lines"][0]["quantity"];
        let expected = fraction
            .as_str()
            .map_or(fraction.clone(), |text| text.parse::<f64>().unwrap().into());
        assert_eq!(shown, &expected);
    }
    let wrong = [
        json!(1e15),
        json!(-1e15),
        json!("two"),
        json!(0.000_000_1),
        json!(null),
        json!(true),
        json!("1e3000"),
    ];
    for wrong in wrong {
        let answer = put(wrong.clone()).await;
        assert!(
            [400, 422].contains(&answer.status),
            "{wrong}: {}",
            answer.status
        );
        let told = answer.body.to_string();
        assert!(told.contains("lines[0].quantity"), "{wrong}: {told}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_nobody_can_have_is_short_and_what_nobody_knows_is_unknown() {
    let install = Install::with(&["finale"]);
    let system = FinaleSystem::in_real_time(&install.secrets).await;
    system.finale.set_stock("A", "Berlin", 5);
    let daemon = install.serve_with(&system.connection()).await;
    let place = daemon.api.ship_from("Berlin", "Berlin").await;
    let cases = [
        (
            json!([{ "sku": "A", "quantity": 100_000_000 }]),
            "short",
            "short",
        ),
        (
            json!([{ "sku": "A", "quantity": 5.000_001 }]),
            "short",
            "short",
        ),
        (
            json!([{ "sku": "A", "quantity": 4.5 }]),
            "can_ship",
            "in_stock",
        ),
        (
            json!([{ "sku": "NOBODY-KNOWS", "quantity": 1 }]),
            "unknown",
            "unknown_sku",
        ),
    ];
    for (number, (lines, verdict, status)) in cases.into_iter().enumerate() {
        let order = daemon.api.order(&number.to_string(), &place, lines).await;
        assert_eq!(order["verdict"], json!(verdict), "{order:#}");
        assert_eq!(
            order["lines"][0]["stock"]["status"],
            json!(status),
            "{order:#}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_order_is_refused_with_the_field_at_fault() {
    let install = Install::with(&["warehouse"]);
    let daemon = install.serve().await;
    let cases = [
        (json!({}), "lines"),
        (json!({ "lines": {} }), "lines"),
        (json!({ "lines": [], "verdict": "can_ship" }), "verdict"),
        (
            json!({ "lines": [{ "sku": "", "quantity": 1 }] }),
            "lines[0].sku",
        ),
        (
            json!({ "lines": [{ "sku": "A\u{0}B", "quantity": 1 }] }),
            "lines[0].sku",
        ),
        (
            json!({ "lines": [{ "sku": "A".repeat(2_000), "quantity": 1 }] }),
            "lines[0].sku",
        ),
        (json!({ "lines": [{ "sku": "A" }] }), "quantity"),
        (json!({ "lines": [], "status": "lost" }), "status"),
        (
            json!({ "lines": [], "ship_from_location_id": "Berlin" }),
            "ship_from_location_id",
        ),
    ];
    for (body, field) in cases {
        let answer = daemon.api.put("/orders/1", body.clone()).await;
        assert!(
            [400, 422].contains(&answer.status),
            "{body}: {:#}",
            answer.body
        );
        assert!(
            answer.body.to_string().contains(field),
            "{field}: {:#}",
            answer.body
        );
        assert!(answer.body["title"].is_string() && answer.body["type"].is_string());
    }
    assert!(daemon.api.orders().await.is_empty());
}
