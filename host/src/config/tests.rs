//! The config as operators meet it: texts and variables in, a config or problems out.

mod problems;
mod secrets;
mod values;
mod variables;

use std::path::Path;

use super::*;

/// Stands for any secret; must never be seen.
const SECRET: &str = "hunter2";
const FILE: &str = "/etc/bestand/bestand.toml";

/// A config that sets every key.
const FULL: &str = r#"
[server]
listen = "0.0.0.0:8080"
public_url = "https://stock.example.com"
body_bytes_max = 1048576
requests_per_minute = 0
request_timeout_secs = 10

[store]
url = "sqlite:db/stock.db"
dir = "/var/lib/bestand"
key = { env = "STORE_KEY" }
history_days = 7
levels_max = 1000

[plugins]
dir = "adapters"
allow_unsigned = true

[installation]
heading = "Acme Logistics"

[sync]
interval_secs = 60
reconcile_secs = 3600
live_query_ms = 500
max_age_secs = 120

[log]
format = "json"
filter = "info,bestand::sync=debug"

[[publisher]]
name = "acme"
keys = [
  "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3",
  { key = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3", expires = "2027-01-01", revoked = 2026-05-01 },
]
allow = ["acme-*"]

[[adapter]]
id = "finale"
isolation = "in-process"

[[adapter]]
id = "shopify"
enabled = false

[[connection]]
name = "Finale main"
adapter = "finale"
settings = { account = "acme", baseUrl = "https://example.com", ratio = 1.0, on = true, list = [1, "two"] }
secrets = { api_key = { env = "FINALE_KEY" } }
paused = true
allow_private_network = true
sync_interval_secs = 30
reconcile_secs = 3600

[[registration]]
api_code = "Acme-WMS"
name = "Acme WMS"
adapter = "connect"
settings = { base_url = "https://modules.acme.example/stock" }
allow_private_network = true
"#;

fn variables(pairs: &[(&str, &str)]) -> Environment {
    pairs.iter().copied().collect()
}

fn read(text: &str, pairs: &[(&str, &str)]) -> Result<Config, Vec<Problem>> {
    Config::from_text(Path::new(FILE), text.into(), &variables(pairs))
}

/// The problems of a text, without the file's folder.
fn problems(text: &str, pairs: &[(&str, &str)]) -> Vec<String> {
    let problems = read(text, pairs).expect_err("the config is taken");
    problems
        .iter()
        .map(|problem| problem.to_string().replace("/etc/bestand/", ""))
        .collect()
}

fn check(text: &str, expected: &[&str]) {
    assert_eq!(problems(text, &[]), expected, "{text}");
}

fn full() -> Config {
    let key = "00".repeat(32);
    read(FULL, &[("STORE_KEY", &key), ("FINALE_KEY", SECRET)]).unwrap()
}
