//! What listings found different, on its page.

use bestand::api_key::Role::{Operator, Reader};

use super::person::Person;
use crate::drift::list_again;
use crate::support::Api;

#[tokio::test]
async fn the_drift_of_a_source_is_shown_listing_by_listing() {
    let api = Api::open().await;
    let shop = api.shop().await;
    let reader = Person::of(&api, Reader).await;
    let page = format!("/inventory-sources/{}/drift", shop.source);
    let empty = reader.opens(&page).await;
    assert!(
        empty.said().contains("Nothing was compared yet"),
        "{}",
        empty.said()
    );
    let first = list_again(&api, &shop, &[("MUG", 7), ("CUP", 1)]).await;
    list_again(&api, &shop, &[("MUG", 7), ("CUP", 2)]).await;
    let newest = reader.opens(&page).await;
    assert!(newest.said().contains("CUP"), "{}", newest.said());
    assert!(!newest.said().contains("MUG"), "{}", newest.said());
    let earlier = reader.opens(&format!("{page}?listing={first}")).await;
    for shown in ["MUG", "66.66%", "50%"] {
        assert!(earlier.said().contains(shown), "{}", earlier.said());
    }
}

#[tokio::test]
async fn an_operator_sets_when_drift_is_told() {
    let api = Api::open().await;
    let shop = api.shop().await;
    let operator = Person::of(&api, Operator).await;
    let page = format!("/inventory-sources/{}/drift", shop.source);
    let sent = format!("/inventory-sources/{}/drift-threshold", shop.source);
    let set = async |percent: &str, differing: &str| {
        let fields = [("percent", percent), ("differing", differing)];
        operator.sends(&sent, &fields).await
    };
    assert_eq!(set("2,5", "").await.leads_to(), page);
    let shown = operator.opens(&page).await;
    assert_eq!(
        shown.attribute("#drift-percent", "value").as_deref(),
        Some("2.5")
    );
    for (percent, differing) in [("101", ""), ("0", ""), ("", "0"), ("", "many")] {
        let refused = set(percent, differing).await;
        assert_eq!(refused.status, 422, "{percent} {differing}");
    }
}
