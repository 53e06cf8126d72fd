//! What an older side makes of a newer one's messages, and the reverse: unknown variants have a meaning or are refused
//! by type, missing fields have a default.

use std::fmt::Debug;

use bestand_plugin_api::call;
use bestand_plugin_api::http::{Auth, HttpBody, SecretPlace};
use bestand_plugin_api::state::{Expected, Written};
use bestand_plugin_api::*;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// What is read of a message that was written as this.
fn read<T: DeserializeOwned>(written: &Value) -> Result<T> {
    call::decode(&call::encode(written).unwrap())
}

fn check<T: DeserializeOwned + PartialEq + Debug>(written: Value, expected: T) {
    assert_eq!(read::<T>(&written), Ok(expected), "{written}");
}

fn refused<T: DeserializeOwned + Debug>(written: Value) {
    let error = read::<T>(&written).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Protocol, "{written}: {error}");
}

#[test]
fn an_unknown_word_is_read_as_the_safe_one() {
    check(json!("quarantined"), Tracking::Unknown);
    check(json!("drone"), LocationKind::Other);
    check(json!("not_today"), SkuErrorKind::Failed);
    check(json!("quantum"), Idempotency::None);
    check(json!("a_riddle"), Absent::Unknown);
    check(json!("in_orbit"), Basis::Unknown);
    check(json!("petrified"), Condition::Unknown);
    assert!(!Tracking::Unknown.is_counted() && !LocationKind::Other.is_source());
}

#[test]
fn an_unknown_kind_of_error_is_retried_and_keeps_its_message() {
    let newer =
        json!({ "kind": "on_strike", "message": "come back in May", "union": { "size": 7 } });
    let error: AdapterError = read(&newer).unwrap();
    assert_eq!(error, AdapterError::protocol("come back in May"));
    assert_eq!(error.retry(), Retry::Backoff);
}

#[test]
fn an_unknown_event_loses_nothing() {
    let newer =
        json!({ "event": { "event": "lots_changed", "lots": [1] }, "reply": { "status": 200 } });
    let expected = InboundOutcome::ok(InboundEvent::ResyncNeeded, None);
    check(newer, expected);
}

#[test]
fn an_unknown_outcome_is_unknown() {
    let newer = json!({ "outcome": "half_done", "half": 0.5, "reason": "the bell rang" });
    check(newer, WriteOutcome::unknown("the bell rang"));
}

#[test]
fn an_unknown_change_reaches_the_adapter_which_refuses_it() {
    check(
        json!({ "change": "teleport", "quantity": 5, "mirror": true }),
        StockChange::Unknown,
    );
    check(
        json!({ "do": "paint", "colour": ["red"] }),
        LocationChange::Unknown,
    );
    let operation = json!({
        "op_id": "1", "sku": "A", "location": "L", "change": { "change": "teleport" }, "urgent": true,
    });
    let expected = StockOperation::new(
        "1",
        Sku::new("A").unwrap(),
        "L".into(),
        StockChange::Unknown,
    );
    check(operation, expected);
}

#[test]
fn an_unknown_capability_hides_no_other() {
    let manifest: Manifest = read(&json!({
        "id": "a", "name": "A", "version": "1.0.0",
        "capabilities": [{ "name": "clairvoyance", "range": 3 }, { "name": "stock_by_sku", "max_batch": 9, "fast": true }],
    }))
    .unwrap();
    assert_eq!(manifest.capabilities[0], Capability::Unknown);
    assert_eq!(manifest.by_sku_batch(), Some(9));
}

#[test]
fn an_unknown_way_to_sign_in_is_not_taken_for_none() {
    check(
        json!({ "scheme": "retina_scan", "eye": "left" }),
        Auth::Unknown,
    );
    let place: SecretPlace = read(&json!({ "in": "trailer", "secret": "api_key" })).unwrap();
    assert_eq!(place, SecretPlace::Unknown);
}

#[test]
fn what_must_not_be_guessed_at_is_refused() {
    refused::<Listing<StockLevel>>(json!({ "sideways": { "items": [] } }));
    refused::<Written>(json!("perhaps"));
    refused::<Expected>(json!({ "range": [1, 2] }));
    refused::<HttpBody>(json!({ "stream": 7 }));
    refused::<StockChange>(json!({ "change": "set" }));
    refused::<StockChange>(json!({ "change": "move", "quantity": 1 }));
    refused::<StockChange>(json!({ "change": "regrade", "quantity": 1 }));
    refused::<StockChange>(json!({ "change": "recost" }));
    // A unit word never carries data; one that does is no message of this contract's.
    refused::<Tracking>(json!({ "quarantined": { "until": 5 } }));
}

#[test]
fn what_an_older_side_does_not_send_has_a_default() {
    let level: StockLevel = read(&json!({ "sku": "A", "location": "L", "fetched_at": 5 })).unwrap();
    let bare = StockLevel::counted(
        Sku::new("A").unwrap(),
        "L".into(),
        Quantities::default(),
        Timestamp::from_millis(5),
    );
    assert_eq!(level, bare);
    check(
        json!({ "id": "1", "name": "Main" }),
        Location::site("1", "Main"),
    );
    check(json!({ "name": "Acme" }), Account::named("Acme"));
    check(json!({ "skus": [] }), SkuQuery::default());
    check(json!({ "levels": [] }), SkuAnswers::default());
    check(
        json!({ "items": [], "checkpoint": "c" }),
        Changes::<StockLevel>::last(vec![], "c"),
    );
    check(
        json!({ "id": "L1", "quantity": 5 }),
        Lot::new("L1", Quantity::from_millionths(5)),
    );
    check(
        json!({ "do": "remove", "location": "L" }),
        LocationChange::remove("L"),
    );
    check(
        json!({ "method": "GET", "url": "u" }),
        http::HttpRequest::new("GET", "u"),
    );
    check(json!({ "kind": "auth" }), AdapterError::auth(""));
    check(
        json!({ "kind": "rate_limited" }),
        AdapterError::rate_limited(None, ""),
    );
    let manifest: Manifest = read(&json!({ "id": "a", "name": "A", "version": "1.0.0" })).unwrap();
    assert_eq!(
        (manifest.contract, manifest.semantics),
        (String::new(), Semantics::default())
    );
}

#[test]
fn what_is_needed_and_missing_is_refused() {
    refused::<StockLevel>(json!({ "sku": "A", "location": "L" }));
    refused::<StockLevel>(json!({ "sku": " ", "location": "L", "fetched_at": 5 }));
    refused::<Location>(json!({ "id": "1" }));
    refused::<AdapterError>(json!({ "message": "no kind" }));
    refused::<Changes<StockLevel>>(json!({ "items": [] }));
    refused::<Manifest>(json!({ "id": "a" }));
    assert!(call::read_request(&call::encode(&json!({ "call": 1 })).unwrap()).is_err());
    assert!(call::read_response(&call::encode(&json!({})).unwrap()).is_err());
}
