//! The environment, laid over the file.

use super::*;
use crate::config::log::LogFormat;

#[test]
fn each_key_can_be_set_by_a_variable_that_wins_over_the_file() {
    let pairs = [
        ("BESTAND__SERVER__LISTEN", "127.0.0.1:9"),
        ("BESTAND__SERVER__BODY_BYTES_MAX", "2048"),
        (
            "BESTAND__STORE__URL",
            "postgres://bestand:hunter2@db/bestand",
        ),
        ("BESTAND__STORE__KEY__ENV", "THE_KEY"),
        ("THE_KEY", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="),
        ("BESTAND__INSTALLATION__HEADING", "123"),
        ("BESTAND__LOG__FORMAT", "json"),
        ("BESTAND__ADAPTER__0__ENABLED", "false"),
        ("BESTAND__CONNECTION__0__NAME", "From outside"),
        ("BESTAND__CONNECTION__0__SETTINGS__ACCOUNT", "other"),
        ("BESTAND__CONNECTION__0__SETTINGS__PAGE_SIZE", "50"),
        ("BESTAND__CONNECTION__1__NAME", "New"),
        ("BESTAND__CONNECTION__1__ADAPTER", "shopify"),
        ("BESTAND__CONNECTION__1__SECRETS__TOKEN__ENV", "TOKEN"),
        ("TOKEN", SECRET),
        ("FINALE_KEY", SECRET),
        ("BESTAND_CONFIG", "ignored: one underscore"),
    ];
    let config = read(FULL, &pairs).unwrap();
    assert_eq!(config.server.listen.port(), 9);
    assert_eq!(config.server.body_bytes_max, 2048);
    assert_eq!(
        config.store.url.to_string(),
        "postgres://bestand:***@db/bestand"
    );
    assert_eq!(
        config.store.url.reveal(),
        "postgres://bestand:hunter2@db/bestand"
    );
    assert_eq!(
        config.installation.heading, "123",
        "a key that wants a text gets the text"
    );
    assert_eq!(config.log.format, LogFormat::Json);
    assert!(!config.adapters[0].enabled && !config.adapters[1].enabled);
    let [finale, new] = config.connections.as_slice() else {
        panic!("two connections")
    };
    assert_eq!(
        (finale.name.as_str(), finale.adapter.as_str()),
        ("From outside", "finale")
    );
    assert_eq!(finale.settings["account"], "other");
    assert_eq!(
        finale.settings["page_size"], 50,
        "where the schema leaves it open, TOML decides"
    );
    assert_eq!(new.secrets["token"].as_ref().unwrap().reveal(), SECRET);
}

#[test]
fn variables_work_without_a_file() {
    let pairs = variables(&[
        ("BESTAND__SERVER__LISTEN", "[::1]:0"),
        ("BESTAND__PLUGINS__DIR", "/opt/plugins"),
    ]);
    let config = Config::read(None, &pairs).unwrap();
    assert_eq!(
        (
            config.server.listen.to_string().as_str(),
            config.plugins.dir.to_str()
        ),
        ("[::1]:0", Some("/opt/plugins"))
    );
}

#[test]
fn a_wrong_variable_is_named_instead_of_a_line() {
    let pairs = [
        ("BESTAND__SERVER__LISTEN", "everywhere"),
        ("BESTAND__SERVR__LISTEN", "127.0.0.1:1"),
        ("BESTAND__SYNC__INTERVAL_SECS", "soon"),
        ("BESTAND__CONNECTION__1__NAME", "half"),
    ];
    let expected = [
        "environment variable BESTAND__CONNECTION__1__NAME: `connection[1].adapter` is missing",
        "environment variable BESTAND__SERVER__LISTEN: `server.listen` must be an IP address and a port, such as \
         `127.0.0.1:7070` or `[::]:7070`",
        "environment variable BESTAND__SERVR__LISTEN: `servr` is unknown; did you mean `server`?",
        "environment variable BESTAND__SYNC__INTERVAL_SECS: `sync.interval_secs` must be a whole number, not a text",
    ];
    let text =
        "[server]\nlisten = \"127.0.0.1:1\"\n[[connection]]\nname = \"A\"\nadapter = \"a\"\n";
    assert_eq!(problems(text, &pairs), expected);
    assert_eq!(problems("", &pairs[..3]), expected[1..]);
}

#[test]
fn a_place_in_a_list_that_nobody_filled_is_missing() {
    let pairs = [("BESTAND__ADAPTER__1__ID", "finale")];
    let [problem] = problems("", &pairs).try_into().unwrap();
    assert!(
        problem.ends_with("`adapter[0]` must be a table, not left out"),
        "{problem}"
    );
}

#[test]
fn a_variable_that_names_no_key_is_refused() {
    for name in [
        "BESTAND__",
        "BESTAND__A____B",
        "BESTAND__0__X",
        "BESTAND__CONNECTION__1000__NAME",
        "BESTAND__A B",
    ] {
        let [problem] = problems("", &[(name, SECRET)]).try_into().unwrap();
        assert_eq!(
            problem,
            format!(
                "environment variable {name}: names no config key; write BESTAND__SECTION__KEY, with numbers from 0 \
                 for places in a list"
            )
        );
    }
}
