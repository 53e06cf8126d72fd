//! Every message comes back as it went, and so it does with a field in it that only a newer contract knows.

use std::fmt::Debug;

use bestand_plugin_api::call::adapter::{Describe, Settings, Since};
use bestand_plugin_api::call::host::{HmacClaim, HttpChunk, HttpHead, LogLevel, LogRecord};
use bestand_plugin_api::call::{self, Method};
use bestand_plugin_api::state::Written;
use bestand_plugin_api::*;
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{everything, values};

fn comes_back<T>(value: &T) -> Result<(), TestCaseError>
where
    T: Serialize + DeserializeOwned + PartialEq + Debug,
{
    let bytes = call::encode(value).unwrap();
    prop_assert_eq!(&call::decode::<T>(&bytes).unwrap(), value);
    if let Some(grown) = grown(bytes) {
        prop_assert_eq!(&call::decode::<T>(&grown).unwrap(), value);
    }
    let json = serde_json::to_string(value).unwrap();
    prop_assert_eq!(&serde_json::from_str::<T>(&json).unwrap(), value);
    Ok(())
}

/// The same message with a field more, when it is one with named fields. Those of one field may be enums.
fn grown(mut bytes: Vec<u8>) -> Option<Vec<u8>> {
    match bytes[0] {
        0x82..=0x8e => bytes[0] += 1,
        0xde => bytes[2] += 1,
        _ => return None,
    }
    let field = serde_json::json!({ "from": [2, { "point": 0 }] });
    bytes.extend(call::encode("a field of 2.0").unwrap());
    bytes.extend(call::encode(&field).unwrap());
    Some(bytes)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn levels_come_back(
        level in values::level(),
        listing in values::listing(values::level()),
        changes in values::changes(),
    ) {
        comes_back(&level)?;
        comes_back(&listing)?;
        comes_back(&changes)?;
    }

    #[test]
    fn questions_and_answers_come_back(
        query in values::query(),
        answers in values::answers(),
        locations in values::listing(values::location()),
        error in values::error(),
    ) {
        comes_back(&query)?;
        comes_back(&answers)?;
        comes_back(&locations)?;
        comes_back(&error)?;
        let response = call::response(Err(error.clone()));
        prop_assert_eq!(call::read_response(&response).unwrap_err(), error);
    }

    #[test]
    fn writes_come_back(
        operation in values::operation(),
        outcome in values::outcome(),
        change in values::location_change(),
    ) {
        comes_back(&operation)?;
        comes_back(&outcome)?;
        comes_back(&change)?;
    }

    #[test]
    fn ledgers_come_back(
        query in values::ledger_query(),
        entry in values::ledger_entry(),
        check in values::ledger_check(),
    ) {
        comes_back(&query)?;
        comes_back(&entry)?;
        comes_back(&check)?;
    }

    #[test]
    fn what_arrives_from_outside_comes_back(
        request in values::inbound(),
        outcome in values::inbound_outcome(),
    ) {
        comes_back(&request)?;
        comes_back(&outcome)?;
    }

    #[test]
    fn what_is_asked_of_the_host_comes_back(
        request in values::http_request(),
        entry in values::entry(),
        range in values::range(),
        write in values::write(),
        (text, bytes, at) in (values::text(), any::<Vec<u8>>(), values::moment()),
    ) {
        comes_back(&request)?;
        comes_back(&entry)?;
        comes_back(&range)?;
        comes_back(&write)?;
        comes_back(&Written::Conflict { key: text.clone() })?;
        comes_back(&Settings { json: text.clone() })?;
        comes_back(&Since { checkpoint: Some(text.clone().into()), cursor: None })?;
        let first = HttpChunk { bytes: bytes.clone(), last: true };
        let headers = vec![(text.clone(), text.clone())];
        comes_back(&HttpHead { status: 200, headers, sent_at: at, first, body: 7 })?;
        comes_back(&HmacClaim { secrets: vec![text.clone()], data: bytes.clone(), signature: bytes })?;
        let fields = [(text.clone(), text.clone())].into();
        comes_back(&LogRecord { level: LogLevel::Warn, target: text.clone(), message: text, fields })?;
    }

    #[test]
    fn a_request_comes_back(connection in values::text(), call in any::<u64>(), query in values::query()) {
        let bytes = call::request::<call::adapter::StockBySku>(call, &connection, &query).unwrap();
        let request = call::read_request(&bytes).unwrap();
        prop_assert_eq!((request.call, request.connection, request.method), (call, connection.as_str(), "stock.by_sku"));
        prop_assert_eq!(call::decode::<SkuQuery>(request.params).unwrap(), query);
    }
}

#[test]
fn a_manifest_comes_back() {
    let mut manifest = everything::wiring().manifest().clone();
    manifest.secrets = vec![SecretSpec::optional("key", "Key", "Settings › Key")];
    manifest.buckets = vec![RateBucket::new(
        "reads",
        1,
        std::time::Duration::from_secs(1),
    )];
    manifest.semantics = Semantics::new("there − promised", Absent::NotStocked);
    manifest.support = Support::email("help@acme.example").with_check("Is it plugged in?");
    manifest.icon = Some("<svg/>".into());
    let back: <Describe as Method>::Reply = manifest.clone();
    comes_back(&back).unwrap();
}
