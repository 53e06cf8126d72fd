//! What is written, and what it means.

use std::time::Duration;

use super::*;
use crate::config::adapter::Isolation;
use crate::config::log::LogFormat;
use crate::config::store::{DatabaseUrl, KeySource};

#[test]
fn nothing_written_means_the_defaults() {
    let config = Config::read(None, &Environment::default()).unwrap();
    assert_eq!(
        config,
        read("", &[])
            .map(|config| Config {
                file: None,
                ..relative(config)
            })
            .unwrap()
    );
    assert_eq!(config.server.listen.to_string(), "127.0.0.1:7070");
    assert_eq!(config.server.requests_per_minute.unwrap().get(), 6000);
    assert_eq!(config.store.url.to_string(), "sqlite:data/bestand.db");
    assert_eq!(config.store.dir, Path::new("data"));
    assert_eq!(config.store.key, KeySource::File("data/bestand.key".into()));
    assert_eq!(config.store.pid_file(), Path::new("data/bestand.pid"));
    assert_eq!(config.plugins.dir, Path::new("plugins"));
    assert_eq!(config.installation.heading, "Bestand");
    assert_eq!(config.sync.interval, Duration::from_secs(300));
    assert_eq!(
        (config.log.format, config.log.filter.as_str()),
        (LogFormat::Text, "info")
    );
    assert!(
        config.publishers.is_empty() && config.adapters.is_empty() && config.connections.is_empty()
    );
}

/// The paths of a config that was read from `FILE`, as if they had been read from no file.
fn relative(mut config: Config) -> Config {
    let strip = |path: &Path| path.strip_prefix("/etc/bestand").unwrap().to_owned();
    let DatabaseUrl::Sqlite(database) = &config.store.url else {
        unreachable!()
    };
    let KeySource::File(key) = &config.store.key else {
        unreachable!()
    };
    config.store.key = KeySource::File(strip(key));
    config.store.url = DatabaseUrl::Sqlite(strip(database));
    config.store.dir = strip(&config.store.dir);
    config.plugins.dir = strip(&config.plugins.dir);
    config
}

#[test]
fn every_key_can_be_written_in_the_file() {
    let config = full();
    assert_eq!(config.server.listen.to_string(), "0.0.0.0:8080");
    assert_eq!(
        config.server.public_url.as_deref(),
        Some("https://stock.example.com")
    );
    assert_eq!(config.server.body_bytes_max, 1 << 20);
    assert_eq!(config.server.requests_per_minute, None, "0 is no limit");
    assert_eq!(config.server.request_timeout, Duration::from_secs(10));
    assert_eq!(config.store.url.reveal(), "sqlite:/etc/bestand/db/stock.db");
    assert_eq!(config.store.dir, Path::new("/var/lib/bestand"));
    assert!(matches!(config.store.key, KeySource::Given(_)));
    assert_eq!(config.store.history, Duration::from_secs(7 * 86_400));
    assert_eq!(config.store.levels_max, 1000);
    assert_eq!(config.plugins.dir, Path::new("/etc/bestand/adapters"));
    assert_eq!(config.installation.heading, "Acme Logistics");
    assert_eq!(config.sync.reconcile, Duration::from_secs(3600));
    assert_eq!(config.sync.live_query, Duration::from_millis(500));
    assert_eq!(config.sync.max_age, Duration::from_secs(120));
    assert_eq!(config.log.format, LogFormat::Json);
    assert!(config.plugins.allow_unsigned);
    assert_eq!(config.publishers[0].allow, ["acme-*"]);
    let keys = &config.publishers[0].keys;
    assert_eq!((keys[0].expires, keys[0].revoked), (None, None));
    assert_eq!(keys[1].expires.unwrap().to_string(), "2027-01-01");
    assert_eq!(keys[1].revoked.unwrap().to_string(), "2026-05-01");
    let [finale, shopify] = config.adapters.as_slice() else {
        panic!("two adapters")
    };
    assert_eq!(
        (finale.enabled, finale.isolation),
        (true, Isolation::InProcess)
    );
    assert_eq!(
        (shopify.enabled, shopify.isolation),
        (false, Isolation::Sandbox)
    );
    assert_eq!(config.adapter("finale"), Some(finale));
}

#[test]
fn a_connection_keeps_its_settings_exactly_and_gets_its_secrets() {
    let config = full();
    let connection = &config.connections[0];
    assert_eq!(
        (connection.name.as_str(), connection.adapter.as_str()),
        ("Finale main", "finale")
    );
    let settings = serde_json::json!({
        "account": "acme", "baseUrl": "https://example.com", "ratio": 1.0, "on": true, "list": [1, "two"],
    });
    assert_eq!(
        serde_json::Value::from(connection.settings.clone()),
        settings
    );
    assert_eq!(
        connection.secrets["api_key"].as_ref().unwrap().reveal(),
        SECRET
    );
    assert!(connection.paused && connection.allow_private_network);
    assert_eq!(connection.sync_interval, Some(Duration::from_secs(30)));
    assert_eq!(connection.reconcile, Some(Duration::from_secs(3_600)));
}

#[test]
fn a_partner_that_may_register_is_found_by_its_code_in_any_case() {
    let config = full();
    let partner = config.registration("ACME-wms").unwrap();
    assert_eq!(
        (partner.api_code.as_str(), partner.name.as_str()),
        ("acme-wms", "Acme WMS")
    );
    assert_eq!(partner.adapter, "connect");
    assert_eq!(
        partner.settings["base_url"],
        "https://modules.acme.example/stock"
    );
    assert!(partner.allow_private_network);
    assert_eq!(config.registration("acme"), None);
}

#[test]
fn a_reload_knows_what_needs_a_restart() {
    let old = read("", &[]).unwrap();
    assert_eq!(old.restart_needed_for(&old), [""; 0]);
    let newer = read(
        "[server]\nlisten = \"127.0.0.1:1\"\n[sync]\ninterval_secs = 10\n[log]\nfilter = \"debug\"",
        &[],
    );
    assert_eq!(old.restart_needed_for(&newer.unwrap()), ["server", "sync"]);
}

#[test]
fn every_key_of_the_schema_is_explained_with_its_default() {
    let schema = Config::schema();
    let sections = schema["properties"].as_object().unwrap();
    assert_eq!(sections.len(), 13);
    for (name, section) in sections {
        let table = section.get("items").unwrap_or(section);
        assert_eq!(
            table["additionalProperties"], false,
            "{name} takes unknown keys"
        );
        for (key, property) in table["properties"].as_object().unwrap() {
            let explained = property["description"]
                .as_str()
                .is_some_and(|text| text.len() > 10);
            assert!(explained, "{name}.{key} is not explained");
        }
    }
}
