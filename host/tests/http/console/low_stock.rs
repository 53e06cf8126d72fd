//! What is low, on its page, and the thresholds set there.

use bestand::api_key::Role::{Operator, Reader};

use super::person::Person;
use crate::support::Api;

#[tokio::test]
async fn what_is_low_is_shown_with_its_threshold_and_leads_to_why() {
    let api = Api::open().await;
    let shop = api.shop().await;
    let reader = Person::of(&api, Reader).await;
    let empty = reader.opens("/low-stock").await;
    assert!(
        empty.said().contains("No threshold is set yet"),
        "{}",
        empty.said()
    );
    let operator = Person::of(&api, Operator).await;
    let set = [("threshold", "7,5"), ("sku", ""), ("source", "")];
    let sent = operator.sends("/low-stock/thresholds", &set).await;
    assert_eq!(sent.leads_to(), "/low-stock");
    let page = reader.opens("/low-stock").await;
    for shown in ["CUP", "Hamburg", "7.5", "for everything", "Every article"] {
        assert!(page.said().contains(shown), "{shown}: {}", page.said());
    }
    assert!(!page.said().contains("MUG"), "{}", page.said());
    let why = format!("/inventory-sources/{}?sku=CUP", shop.source);
    assert!(page.attributes("a[href]", "href").contains(&why));
    let elsewhere = reader.opens("/low-stock?source=nowhere").await;
    assert!(elsewhere.said().contains("CUP"), "{}", elsewhere.said());
    let german = reader.reading_german().opens("/low-stock").await;
    assert!(
        german.said().contains("Knapper Bestand"),
        "{}",
        german.said()
    );
}

#[tokio::test]
async fn an_operator_sets_and_removes_thresholds() {
    let api = Api::open().await;
    let shop = api.shop().await;
    let operator = Person::of(&api, Operator).await;
    let source = shop.source.to_string();
    let set = async |threshold: &str, sku: &str, source: &str| {
        let fields = [("threshold", threshold), ("sku", sku), ("source", source)];
        operator.sends("/low-stock/thresholds", &fields).await
    };
    assert_eq!(set("12", " MUG ", &source).await.leads_to(), "/low-stock");
    let page = operator.opens("/low-stock").await;
    assert!(
        page.said().contains("for this article here"),
        "{}",
        page.said()
    );
    for (threshold, sku, source) in [
        ("-1", "", ""),
        ("few", "", ""),
        ("", "", ""),
        ("1", "a\u{7}", ""),
        ("1", "", "Mars"),
        ("1", "", "019a8f3c-7d2e-7c41-9b1e-3f6a2d5c8e90"),
    ] {
        let refused = set(threshold, sku, source).await;
        assert_eq!(refused.status, 422, "{threshold} {sku} {source}");
    }
    let gone = [("sku", "MUG"), ("source", source.as_str())];
    let removed = operator.sends("/low-stock/thresholds/remove", &gone).await;
    assert_eq!(removed.leads_to(), "/low-stock");
    let page = operator.opens("/low-stock").await;
    assert!(!page.said().contains("MUG"), "{}", page.said());
}
