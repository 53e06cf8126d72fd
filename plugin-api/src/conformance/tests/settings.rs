//! Settings that cannot be right: a typed error that names the field, and never a panic.

use serde_json::{Map, Value, json};

use crate::conformance::Bench;
use crate::conformance::finding::{Ended, Finding, Stop, told};
use crate::conformance::rig::Rig;
use crate::{ErrorKind, Result};

const WAY_OUT: &str = "answer with `AdapterError::config(field, …)` in `Adapter::open`";

pub(in crate::conformance) async fn each_missing_setting_is_named(bench: &Bench) -> Ended {
    let rig = bench.start().await?;
    let required = rig
        .manifest
        .settings_schema
        .get("required")
        .and_then(Value::as_array);
    let required: Vec<&str> = required
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    if required.is_empty() {
        return Err(Stop::not_applicable("no setting is required"));
    }
    for field in required {
        let mut settings = bench.profile.settings.clone();
        settings.remove(field);
        let done = format!("opened a connection without the setting `{field}`");
        must_refuse(&rig, &done, field, settings).await;
    }
    Ok(())
}

pub(in crate::conformance) async fn settings_of_another_type_are_refused(bench: &Bench) -> Ended {
    let rig = bench.start().await?;
    let fields = fields(&rig);
    if fields.is_empty() {
        return Err(Stop::not_applicable("the adapter has no settings"));
    }
    for field in fields {
        let mut settings = bench.profile.settings.clone();
        settings.insert(field.clone(), json!([[{ "kit": [7] }]]));
        let done = format!("opened a connection with nested lists as `{field}`");
        must_refuse(&rig, &done, &field, settings).await;
    }
    Ok(())
}

pub(in crate::conformance) async fn settings_that_are_none_do_no_harm(bench: &Bench) -> Ended {
    let rig = bench.start().await?;
    for text in ["", "null", "[]", "7", "{", "\"text\"", &"[".repeat(5000)] {
        let shown: String = text.chars().take(20).collect();
        let done = format!("opened a connection with `{shown}` for settings");
        typed(
            &rig,
            &done,
            open(&rig, text).await,
            text != "null" && text != "[]",
        );
    }
    for field in fields(&rig) {
        for value in [
            "",
            " ",
            "\u{0}",
            "http://",
            "://",
            "../..",
            "ä漢\u{202e}",
            &"x".repeat(100_000),
        ] {
            let mut settings = bench.profile.settings.clone();
            settings.insert(field.clone(), value.into());
            let shown: String = value.chars().take(20).collect();
            let done = format!("opened a connection with `{shown}` as `{field}`");
            typed(
                &rig,
                &done,
                open(&rig, &Value::Object(settings).to_string()).await,
                false,
            );
        }
    }
    rig.connect().await.map(drop)
}

pub(in crate::conformance) async fn an_unknown_setting_is_refused(bench: &Bench) -> Ended {
    let rig = bench.start().await?;
    let mut settings = bench.profile.settings.clone();
    settings.insert("x_no_such_setting".into(), true.into());
    match open(&rig, &Value::Object(settings).to_string()).await {
        Err(error) if matches!(error.kind, ErrorKind::Config { .. }) => Ok(()),
        Err(error) => Err(
            Finding::must_fix("opened a connection with a setting nobody knows")
                .expected("`Config`")
                .seen(told(&error))
                .way_out(WAY_OUT)
                .into(),
        ),
        Ok(()) => Err(
            Finding::should_fix("opened a connection with a setting nobody knows")
                .expected("`Config`: an operator who misspells a field should hear of it")
                .seen("it was ignored")
                .way_out("put `#[serde(deny_unknown_fields)]` on the settings")
                .into(),
        ),
    }
}

fn fields(rig: &Rig<'_>) -> Vec<String> {
    let fields = rig
        .manifest
        .settings_schema
        .get("properties")
        .and_then(Value::as_object);
    fields
        .into_iter()
        .flatten()
        .map(|(name, _)| name.clone())
        .collect()
}

async fn open(rig: &Rig<'_>, json: &str) -> Result<()> {
    let line = rig.dial(rig.bench.system(), crate::testing::Credentials::default());
    line.connection.open_with(json).await
}

async fn must_refuse(rig: &Rig<'_>, done: &str, field: &str, settings: Map<String, Value>) {
    let expected = format!("`Config` that names `{field}`");
    let seen = match open(rig, &Value::Object(settings).to_string()).await {
        Ok(()) => "it was taken".into(),
        Err(error) => match &error.kind {
            ErrorKind::Config { field: named }
                if named.contains(field) || error.message.contains(field) =>
            {
                return;
            }
            // The daemon's own look at the schema names the field before the adapter hears of it.
            ErrorKind::Config { .. } => return,
            _ => told(&error),
        },
    };
    rig.bench.found(
        Finding::must_fix(done)
            .expected(expected)
            .seen(seen)
            .way_out(WAY_OUT),
    );
}

/// Anything but a fault of the adapter's.
fn typed(rig: &Rig<'_>, done: &str, opened: Result<()>, must_fail: bool) {
    let seen = match opened {
        Err(error) if matches!(error.kind, ErrorKind::Config { .. }) => return,
        Ok(()) if !must_fail => return,
        Ok(()) => "it was taken".into(),
        Err(error) => told(&error),
    };
    let finding = Finding::must_fix(done).expected("`Config`, or that it is taken");
    rig.bench.found(finding.seen(seen).way_out(WAY_OUT));
}
