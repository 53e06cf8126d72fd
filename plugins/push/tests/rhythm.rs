//! What a partner that pushes is expected to do.

use bestand_plugin_api::testing::{Connection, FakeHost};
use bestand_plugin_api::{ErrorKind, Result, Timestamp};
use serde_json::{Value, json};

async fn silent_after_ms(settings: Value) -> Result<u64> {
    let host = FakeHost::at(Timestamp::default());
    let connection = Connection::open(bestand_plugin_push::wiring, &settings, &host).await?;
    Ok(connection.push_rhythm().await?.silent_after_ms)
}

#[tokio::test]
async fn an_hour_of_silence_is_nothing_to_worry_about_unless_the_operator_says_otherwise() {
    assert_eq!(silent_after_ms(json!({})).await.unwrap(), 3_600_000);
    let short = json!({ "silent_after_minutes": 5 });
    assert_eq!(silent_after_ms(short).await.unwrap(), 300_000);
}

#[tokio::test]
async fn no_time_at_all_and_more_than_a_week_are_refused_by_name() {
    for minutes in [0, 10_081] {
        let refused = silent_after_ms(json!({ "silent_after_minutes": minutes })).await;
        let error = refused.unwrap_err();
        let field = "settings.silent_after_minutes".to_owned();
        assert_eq!(error.kind, ErrorKind::Config { field }, "{error}");
    }
}
