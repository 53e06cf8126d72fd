//! What a ship-from location keeps back, typed as people type it.

use bestand::api_key::Role::Operator;

use super::person::Person;
use crate::support::Api;

const LIST: &str = "/ship-from-locations";
const NEW: &str = "/ship-from-locations/new";

#[tokio::test]
async fn a_buffer_is_typed_in_units_or_in_percent() {
    let api = Api::open().await;
    let operator = Person::of(&api, Operator).await;
    let form = async || operator.opens(LIST).await.form(NEW);
    let kept = form().await.with("name", "Kiel").with("buffer", "12,5 %");
    operator.submits(&kept).await;
    let listed = operator.opens(LIST).await;
    assert!(listed.said().contains("12.5%"), "{}", listed.said());
    for wrong in ["100%", "-1%", "a tenth"] {
        let refused = form().await.with("name", "Bonn").with("buffer", wrong);
        let refused = operator.submits(&refused).await;
        assert!(
            refused.said().contains("a percentage below 100"),
            "{}",
            refused.said()
        );
    }
}
