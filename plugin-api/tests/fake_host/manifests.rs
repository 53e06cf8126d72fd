//! Manifests and settings that the daemon would not take.

use std::panic::catch_unwind;

use bestand_plugin_api::testing::{Connection, FakeHost, check_manifest};
use bestand_plugin_api::*;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::probe::{self, now};

/// Says nothing of what operators need, and keeps its password among the settings.
struct Careless;

#[derive(Deserialize, JsonSchema)]
struct Settings {
    #[serde(rename = "password")]
    _password: String,
}

impl Adapter for Careless {
    type Settings = Settings;

    fn manifest() -> Manifest {
        let mut manifest = Manifest::new("careless", "Careless", "1");
        manifest.outbound = vec!["https://api.careless.example/v1".into()];
        manifest
    }

    fn open(_: Settings) -> Result<Self> {
        Ok(Self)
    }

    async fn check(&self, _: &Ctx) -> Result<Account> {
        Ok(Account::named("Careless"))
    }

    async fn locations(&self, _: &Ctx, _: Option<Cursor>) -> Result<Listing<Location>> {
        Ok(Listing::done(Vec::new()))
    }
}

#[test]
fn all_that_is_wrong_with_a_manifest_is_said_at_once() {
    check_manifest(probe::wiring);
    let panic = catch_unwind(|| check_manifest(export::Wiring::<Careless>::new)).unwrap_err();
    let text = panic.downcast_ref::<String>().unwrap();
    for problem in [
        "version `1` of adapter `careless` must be semver",
        "outbound `https://api.careless.example/v1` must be a host alone",
        "`publisher` is empty",
        "`support` names nobody",
        "`semantics.available` is empty",
        "setting `password` is named like a secret",
    ] {
        assert!(
            text.contains(&format!("\n- {problem}")),
            "{problem}: {text}"
        );
    }
}

#[tokio::test]
async fn no_connection_is_opened_with_a_manifest_that_the_daemon_refuses() {
    let host = FakeHost::at(now());
    let settings = json!({ "password": "x" });
    let opened = Connection::open(export::Wiring::<Careless>::new, &settings, &host).await;
    let error = opened.map(drop).unwrap_err();
    assert!(
        error
            .message
            .starts_with("the daemon refuses the manifest: version `1`"),
        "{error}"
    );
}

#[tokio::test]
async fn settings_fit_their_schema_before_the_adapter_sees_them() {
    async fn check(settings: Value, field: &str, expected: &str) {
        let host = FakeHost::at(now());
        let error = probe::open(&host, settings).await.map(drop).unwrap_err();
        let field = field.into();
        assert_eq!(error.kind, ErrorKind::Config { field }, "{error}");
        assert!(error.message.contains(expected), "{error}");
    }
    check(json!({ "tmies": 1 }), "settings", "'tmies' was unexpected").await;
    check(
        json!({ "times": 0 }),
        "settings.times",
        "less than the minimum of 1",
    )
    .await;
    check(json!([]), "settings", "not of type \"object\"").await;
}
