use acme_shelf::wiring;
use bestand_plugin_api::testing::{Answer, Connection, FakeHost, check_manifest};
use bestand_plugin_api::{ErrorKind, Quantity, Result, Timestamp};

const STOCK: &str = "GET https://api.shelf.example/stock";

async fn shelf(answer: Answer) -> Result<Connection> {
    let host = FakeHost::at(Timestamp::from_secs(1_700_000_000));
    host.answer(STOCK, answer);
    let settings = serde_json::json!({ "base_url": "https://api.shelf.example" });
    Connection::open(wiring, &settings, &host).await
}

#[test]
fn the_manifest_is_in_order() {
    check_manifest(wiring);
}

#[tokio::test]
async fn every_article_has_what_is_free_of_it() -> Result<()> {
    let rows = Answer::json_text(r#"[{ "sku": "TEA-1", "free": 3, "there": 5 }]"#);
    let levels = shelf(rows).await?.list_stock(None).await?;
    assert_eq!(levels[0].sku.as_str(), "TEA-1");
    assert_eq!(levels[0].quantities.available, Some(Quantity::units(3)));
    Ok(())
}

#[tokio::test]
async fn a_refused_key_is_said_to_be_refused() -> Result<()> {
    let refused = shelf(Answer::new(401, "")).await?.check().await;
    assert_eq!(refused.unwrap_err().kind, ErrorKind::Auth);
    Ok(())
}
