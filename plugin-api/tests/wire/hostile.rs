//! Whatever the bytes, nothing panics, and memory stays in proportion to what was sent.

use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use allocation_counter::measure;
use bestand_plugin_api::call::adapter::{Check, Open, Settings};
use bestand_plugin_api::call::host::{HmacClaim, HttpChunk, HttpHead, LogRecord};
use bestand_plugin_api::call::{self, MESSAGE_BYTES_MAX, Port, PortFuture};
use bestand_plugin_api::http::HttpRequest;
use bestand_plugin_api::state::{Entry, EntryRange, Write, Written};
use bestand_plugin_api::testing::FakeHost;
use bestand_plugin_api::*;
use proptest::prelude::*;
use serde::Serialize;

use crate::{everything, values};

/// A vector of a type begins with at most a megabyte, before its first element is read; they lie two deep.
const FLOOR_BYTES: u64 = 4 * 1024 * 1024;
/// A value of one byte may become an element of a hundred, for as long as it takes to find that it is none.
const TIMES_MAX: u64 = 100;

/// The methods of adapter and host, and one that is neither's.
const METHODS: [&str; 15] = [
    "describe",
    "open",
    "close",
    "check",
    "locations",
    "stock.list",
    "stock.by_sku",
    "stock.changes",
    "stock.write",
    "locations.change",
    "inbound.receive",
    "inbound.register",
    "http.send",
    "state.commit",
    "no.such",
];

/// A request that was not made by [`call::request`].
#[derive(Serialize)]
struct Forged<'a> {
    call: u64,
    connection: &'a str,
    method: &'a str,
    #[serde(with = "serde_bytes")]
    params: &'a [u8],
}

fn adapter() -> Arc<dyn Port> {
    let host = FakeHost::at(Timestamp::from_secs(0));
    let adapter: Arc<dyn Port> = Arc::new(everything::wiring().serve(Arc::new(host)));
    let settings = Settings { json: "{}".into() };
    let open = call::request::<Open>(1, "a", &settings).unwrap();
    call::read_response(&now(adapter.call(open))).unwrap();
    adapter
}

/// The answer of an adapter that waits for nothing.
fn now(mut answer: PortFuture) -> Vec<u8> {
    match answer
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
    {
        Poll::Ready(answer) => answer,
        Poll::Pending => panic!("it waits"),
    }
}

/// Reads the bytes as everything that can be read.
fn read_as_all(bytes: &[u8]) {
    let _ = call::read_request(bytes);
    let _ = call::read_response(bytes);
    let _ = call::decode::<Manifest>(bytes);
    let _ = call::decode::<AdapterError>(bytes);
    let _ = call::decode::<Account>(bytes);
    let _ = call::decode::<Listing<StockLevel>>(bytes);
    let _ = call::decode::<Listing<Location>>(bytes);
    let _ = call::decode::<Changes<StockLevel>>(bytes);
    let _ = call::decode::<SkuAnswers>(bytes);
    let _ = call::decode::<Vec<WriteOutcome>>(bytes);
    let _ = call::decode::<Vec<StockOperation>>(bytes);
    let _ = call::decode::<LocationChange>(bytes);
    let _ = call::decode::<InboundRequest>(bytes);
    let _ = call::decode::<InboundOutcome>(bytes);
    let _ = call::decode::<HttpRequest>(bytes);
    let _ = call::decode::<HttpHead>(bytes);
    let _ = call::decode::<HttpChunk>(bytes);
    let _ = call::decode::<Vec<Write>>(bytes);
    let _ = call::decode::<Written>(bytes);
    let _ = call::decode::<Vec<Option<Entry>>>(bytes);
    let _ = call::decode::<EntryRange>(bytes);
    let _ = call::decode::<LogRecord>(bytes);
    let _ = call::decode::<HmacClaim>(bytes);
}

fn stays_in_proportion(bytes: &[u8]) -> Result<(), TestCaseError> {
    let taken = measure(|| read_as_all(bytes)).bytes_max;
    let allowed = FLOOR_BYTES + TIMES_MAX * bytes.len() as u64;
    prop_assert!(
        taken <= allowed,
        "{taken} bytes were taken to read {}",
        bytes.len()
    );
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_bytes_are_read_without_harm(bytes in any::<Vec<u8>>()) {
        stays_in_proportion(&bytes)?;
        let _ = call::read_response(&now(adapter().call(bytes)));
    }

    #[test]
    fn a_message_with_some_bytes_changed_is_read_without_harm(
        listing in values::listing(values::level()),
        request in values::http_request(),
        changed in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        for mut bytes in [call::encode(&listing).unwrap(), call::encode(&request).unwrap()] {
            for (index, byte) in &changed {
                *index.get_mut(&mut bytes) = *byte;
            }
            stays_in_proportion(&bytes)?;
        }
    }

    #[test]
    fn any_parameters_of_any_method_are_answered(
        method in prop::sample::select(METHODS.to_vec()),
        connection in prop::sample::select(vec!["", "a", "b"]),
        params in any::<Vec<u8>>(),
        operation in values::operation(),
        is_valid in any::<bool>(),
    ) {
        let valid = call::encode(&vec![operation]).unwrap();
        let params = if is_valid { &valid } else { &params };
        let request = call::encode(&Forged { call: 1, connection, method, params }).unwrap();
        let adapter = adapter();
        let _ = call::read_response(&now(adapter.call(request)));
        if (method, connection) != ("close", "a") {
            let check = call::request::<Check>(2, "a", &()).unwrap();
            prop_assert!(call::read_response(&now(adapter.call(check))).is_ok());
        }
    }
}

#[test]
fn nested_and_hollow_messages_are_refused_before_they_take_memory() {
    let hollow = [0xdd, 0xff, 0xff, 0xff, 0xff].repeat(1000);
    let deep = [vec![0x91; 100_000], vec![0xc0]].concat();
    let deep_map = [b"\x81\xa1a".repeat(100_000), vec![0xc0]].concat();
    for bytes in [hollow, deep, deep_map] {
        stays_in_proportion(&bytes).unwrap();
        let taken = measure(|| read_as_all(&bytes)).bytes_max;
        assert!(
            taken < 64 * 1024,
            "{taken} bytes for a message that cannot be"
        );
    }
}

#[test]
fn a_schema_of_small_values_takes_a_bounded_multiple() {
    let values = vec![0u8; 1_000_000];
    let manifest = serde_json::json!({ "id": "a", "name": "A", "version": "1.0.0", "settings_schema": values });
    let bytes = call::encode(&manifest).unwrap();
    stays_in_proportion(&bytes).unwrap();
    assert!(call::decode::<Manifest>(&bytes).unwrap().problems()[0].contains("named fields"));
}

#[test]
fn a_message_that_is_too_large_is_told_to_its_sender() {
    let huge = vec![Write::put(
        "k",
        vec![0; MESSAGE_BYTES_MAX],
        state::Expected::Any,
    )];
    let error = call::request::<call::host::StateCommit>(1, "a", &huge).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Bug);
    assert!(error.message.contains("do it in parts"), "{error}");

    let answer = call::response(Ok(vec![0; MESSAGE_BYTES_MAX]));
    let error = call::read_response(&answer).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Bug);
    assert!(error.message.contains("smaller pages"), "{error}");
}

#[test]
fn settings_as_deep_as_the_sea_are_a_wrong_setting() {
    let json = format!(
        r#"{{"depth":{}1{}}}"#,
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let open = call::request::<Open>(1, "b", &Settings { json }).unwrap();
    let error = call::read_response(&now(adapter().call(open)))
        .unwrap_err()
        .kind;
    assert!(matches!(error, ErrorKind::Config { .. }), "{error:?}");
}
