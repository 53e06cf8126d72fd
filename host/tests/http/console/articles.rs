//! Aliases and kits on their pages: set, listed, suggested and removed.

use bestand::api_key::Role::{Operator, Reader};
use serde_json::json;

use super::person::Person;
use crate::support::Api;

#[tokio::test]
async fn an_operator_sets_aliases_and_takes_what_is_suggested() {
    let api = Api::open().await;
    let shop = api.shop().await;
    let (operator, reader) = (
        Person::of(&api, Operator).await,
        Person::of(&api, Reader).await,
    );
    let path = format!("/inventory-sources/{}/aliases", shop.source);
    let empty = reader.opens(&path).await;
    assert!(
        empty.said().contains("Every article is called"),
        "{}",
        empty.said()
    );
    let order = json!({ "lines": [{ "sku": "mug", "quantity": 12 }] });
    let put = api.api(Operator, "PUT /orders/1").json(&order);
    put.expect(201).await;
    let suggested = operator.opens(&format!("{path}?suggest=true")).await;
    assert!(
        suggested.said().contains("It is MUG"),
        "{}",
        suggested.said()
    );
    let took = [("sku", "mug"), ("source_sku", "MUG")];
    assert_eq!(operator.sends(&path, &took).await.leads_to(), path);
    let set = [("sku", "CUP"), ("source_sku", "NOWHERE"), ("pack", "1/12")];
    assert_eq!(operator.sends(&path, &set).await.leads_to(), path);
    let listed = reader.opens(&path).await;
    for shown in ["mug", "1/12", "does not list", "lists our SKU itself"] {
        assert!(listed.said().contains(shown), "{shown}: {}", listed.said());
    }
    let line = reader.opens("/orders/1").await;
    for shown in ["Listed there as MUG", "12 needed, 10 available"] {
        assert!(line.said().contains(shown), "{shown}: {}", line.said());
    }
    let refused = operator
        .sends(
            &path,
            &[("sku", "A"), ("source_sku", "B"), ("pack", "half")],
        )
        .await;
    assert_eq!(refused.status, 422);
    assert!(refused.said().contains("1/12"), "{}", refused.said());
    let gone = format!("{path}/remove");
    let removed = operator.sends(&gone, &[("sku", "CUP")]).await;
    assert_eq!(removed.leads_to(), path);
    assert!(!reader.opens(&path).await.said().contains("NOWHERE"));
    let german = reader.reading_german().opens(&path).await;
    assert!(german.said().contains("Andere Namen"), "{}", german.said());
}

#[tokio::test]
async fn an_operator_sets_kits_and_orders_show_their_components() {
    let api = Api::open().await;
    api.shop().await;
    let operator = Person::of(&api, Operator).await;
    let set = [("sku", "SET"), ("components", "MUG = 2\r\nCUP\r\n")];
    assert_eq!(operator.sends("/kits", &set).await.leads_to(), "/kits");
    let listed = operator.opens("/kits").await;
    for shown in ["SET", "2 × MUG", "1 × CUP"] {
        assert!(listed.said().contains(shown), "{shown}: {}", listed.said());
    }
    for (sku, components, said) in [
        ("X", "MUG=many", "MUG=many"),
        ("X", "", "from 1 to 100"),
        ("X", "SET=1", "is a kit itself"),
        ("MUG", "CUP=1", "SET"),
    ] {
        let sent = [("sku", sku), ("components", components)];
        let refused = operator.sends("/kits", &sent).await;
        assert_eq!(refused.status, 422, "{sku} {components}");
        assert!(refused.said().contains(said), "{said}: {}", refused.said());
    }
    let order = json!({ "lines": [{ "sku": "SET", "quantity": 2 }] });
    let put = api.api(Operator, "PUT /orders/1").json(&order);
    put.expect(201).await;
    let shown = operator.opens("/orders/1").await;
    for said in [
        "Component CUP:",
        "2 needed, 1 available",
        "Components at the source",
    ] {
        let html = shown.attributes("ul.parts", "aria-label").join(" ");
        let is_there = shown.said().contains(said) || html.contains(said);
        assert!(is_there, "{said}: {}", shown.said());
    }
    let table = [("table", "kit;sku;quantity\nPAIR;CUP;2\n")];
    assert_eq!(
        operator.sends("/kits/import", &table).await.leads_to(),
        "/kits"
    );
    assert!(operator.opens("/kits").await.said().contains("2 × CUP"));
    let refused = operator
        .sends(
            "/kits/import",
            &[("table", "kit;sku;quantity\nX;CUP;many\n")],
        )
        .await;
    assert!(refused.said().contains("line: 2"), "{}", refused.said());
    operator.sends("/kits/remove", &[("sku", "PAIR")]).await;
    let removed = operator.sends("/kits/remove", &[("sku", "SET")]).await;
    assert_eq!(removed.leads_to(), "/kits");
    let empty = operator.opens("/kits").await;
    assert!(empty.said().contains("No kits yet"), "{}", empty.said());
}
