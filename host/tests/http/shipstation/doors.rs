//! Programs and people at the same paths.

use bestand::api_key::Role::{Operator, Reader};

use super::super::support::Api;

#[tokio::test]
async fn programs_are_given_lists_and_people_pages_at_the_same_paths() {
    let api = Api::open().await;
    for path in ["/orders", "/ORDERS/LIST", "/products", "/ssapi/orders"] {
        let list = api
            .call(&format!("GET {path}"))
            .by(Reader)
            .expect(200)
            .await;
        assert_eq!(
            (&list.json()["total"], &list.json()["pages"]),
            (&0.into(), &0.into()),
            "{path}"
        );
    }
    for path in ["/warehouses", "/Stores", "/Accounts/ListTags"] {
        let list = api
            .call(&format!("GET {path}"))
            .by(Reader)
            .expect(200)
            .await;
        assert!(list.json().is_array(), "{path}");
    }
    for path in ["/orders", "/products"] {
        let page = api
            .call(&format!("GET {path}"))
            .header("accept", "text/html")
            .send()
            .await;
        assert_eq!(
            page.header("location").map(|to| to.starts_with("/sign-in")),
            Some(true),
            "{path}"
        );
    }
    // Our own API is where it was.
    api.api(Reader, "GET /orders").expect(200).await;
}

#[tokio::test]
async fn what_is_not_served_is_a_message() {
    let api = Api::open().await;
    for (line, status) in [
        ("GET /ssapi/shipments", 404),
        ("GET /orders/5", 404),
        ("GET /orders/five", 404),
        ("PATCH /warehouses", 405),
        ("GET /orders?orderStatus=lost", 400),
        ("GET /orders?modifyDateStart=soon", 400),
    ] {
        let answer = api.call(line).by(Reader).expect(status).await;
        assert!(
            answer.json()["message"].is_string(),
            "{line}: {}",
            answer.text()
        );
        assert_eq!(
            answer.header("content-type"),
            Some("application/json"),
            "{line}"
        );
    }
    let stranger = api.call("GET /orders").expect(401).await;
    assert!(stranger.json()["message"].is_string());
    assert!(stranger.header("www-authenticate").is_some());
}

#[tokio::test]
async fn a_page_of_another_site_is_refused_and_our_own_and_programs_are_not() {
    let api = Api::open().await;
    for line in [
        "GET /orders",
        "POST /orders/createorder",
        "GET /v2/inventory",
    ] {
        let from = |site| {
            let call = api.call(line).by(Operator).header("sec-fetch-site", site);
            call.body("text/plain", "{}").send()
        };
        let refused = from("cross-site").await;
        assert_eq!(refused.status, 403, "{line}");
        assert!(
            refused.text().contains("another site"),
            "{}",
            refused.text()
        );
        for site in ["same-origin", "none"] {
            assert_ne!(from(site).await.status, 403, "{line} from {site}");
        }
    }
}
