//! Secrets: where they are kept, and that they are never shown.

use super::*;

#[test]
fn a_secret_written_into_the_config_is_refused_without_being_shown() {
    let way_out = "must say where the secret is: { env = \"NAME\" }, { file = \"path\" } or { credential = \
                   \"name\" }; secrets themselves are never written in the config";
    check(
        "[store]\nkey = \"hunter2\"\n[[connection]]\nname = \"A\"\nadapter = \"a\"\nsecrets = { key = \"hunter2\" }",
        &[
            &format!("bestand.toml:2: `store.key` {way_out}"),
            &format!("bestand.toml:6: `connection[0].secrets.key` {way_out}"),
        ],
    );
}

#[test]
fn no_value_of_a_wrong_config_is_ever_shown() {
    let text = r#"
[server]
listen = "hunter2"
public_url = "https://user:hunter2@example.com"
body_bytes_max = "hunter2"
[store]
url = "mysql://root:hunter2@db/x"
key = { env = "STORE_KEY" }
[log]
filter = "hunter2=hunter2"
[[publisher]]
name = "acme"
keys = ["hunter2"]
allow = ["hunter2!"]
[[connection]]
name = "A"
adapter = "Hunter2 hunter2"
settings = "hunter2"
paused = "hunter2"
"#;
    let pairs = [
        ("STORE_KEY", SECRET),
        ("BESTAND__SYNC__MAX_AGE_SECS", SECRET),
    ];
    let shown = problems(text, &pairs);
    assert_eq!(shown.len(), 11, "{shown:#?}");
    assert!(!shown.concat().contains(SECRET), "{shown:#?}");
    assert!(!format!("{:?}", read(text, &pairs)).contains(SECRET));
}

#[test]
fn a_config_can_be_printed_without_its_secrets() {
    let url = (
        "BESTAND__STORE__URL",
        "postgres://bestand:hunter2@db/bestand?password=hunter2",
    );
    let key = "00".repeat(32);
    let config = read(FULL, &[url, ("STORE_KEY", &key), ("FINALE_KEY", SECRET)]).unwrap();
    let shown = format!("{config:?} {config:#?} {}", config.store.url);
    assert!(
        !shown.contains(SECRET) && !shown.contains("0000"),
        "{shown}"
    );
    assert!(shown.contains("postgres://bestand:***@db/bestand"));
}

#[test]
fn a_secret_that_cannot_be_read_stops_its_connection_and_not_the_config() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bestand.toml");
    std::fs::write(folder.path().join("good"), "hunter2\r\n").unwrap();
    std::fs::write(folder.path().join("empty"), "\n").unwrap();
    std::fs::write(folder.path().join("long"), "x".repeat(70_000)).unwrap();
    std::fs::write(folder.path().join("credential"), SECRET).unwrap();
    let text = r#"
[[connection]]
name = "A"
adapter = "a"
[connection.secrets]
good = { file = "good" }
credential = { credential = "credential" }
unset = { env = "UNSET" }
blank = { env = "BLANK" }
empty = { file = "empty" }
long = { file = "long" }
missing = { file = "missing" }
"#;
    let credentials = folder.path().to_str().unwrap();
    let environment = variables(&[("CREDENTIALS_DIRECTORY", credentials), ("BLANK", "")]);
    let config = Config::from_text(&path, text.into(), &environment).unwrap();
    let secrets = &config.connections[0].secrets;
    assert_eq!(
        secrets["good"].as_ref().unwrap().reveal(),
        SECRET,
        "without its line end"
    );
    assert_eq!(secrets["credential"].as_ref().unwrap().reveal(), SECRET);
    let unreadable: Vec<_> = config
        .unreadable_secrets()
        .iter()
        .map(|problem| problem.to_string().replace(credentials, ""))
        .collect();
    assert_eq!(
        unreadable,
        [
            "/bestand.toml:9: `connection[0].secrets.blank` cannot be read: environment variable `BLANK` is empty",
            "/bestand.toml:10: `connection[0].secrets.empty` cannot be read: file `empty` is empty",
            "/bestand.toml:11: `connection[0].secrets.long` cannot be read: file `long` is longer than 65536 bytes, \
             too long for a secret",
            "/bestand.toml:12: `connection[0].secrets.missing` cannot be read: file `missing` cannot be opened: No \
             such file or directory (os error 2)",
            "/bestand.toml:8: `connection[0].secrets.unset` cannot be read: environment variable `UNSET` is not set",
        ]
    );
}

#[test]
fn a_store_key_that_cannot_be_used_stops_only_what_needs_the_vault() {
    let check = |text: &str, pairs: &[(&str, &str)], expected: &str| {
        let config = read(text, pairs).unwrap();
        let expected = format!("{FILE}:2: `store.key` {expected}");
        assert_eq!(config.store.open_vault().unwrap_err().to_string(), expected);
        assert_eq!(config.unreadable_secrets()[0].to_string(), expected);
    };
    let variable = "[store]\nkey = { env = \"STORE_KEY\" }";
    check(
        variable,
        &[],
        "cannot be read: environment variable `STORE_KEY` is not set",
    );
    check(
        variable,
        &[("STORE_KEY", SECRET)],
        "cannot be used: it is not 32 bytes in base64 or hex; make a key with `openssl rand -base64 32`",
    );
    check(
        "[store]\nkey = { credential = \"key\" }",
        &[],
        "cannot be read: credential `key` is not there: $CREDENTIALS_DIRECTORY is not set",
    );
}

#[test]
fn postgresql_needs_a_key_that_its_daemons_share() {
    check(
        "[store]\nurl = \"postgres://db/bestand\"",
        &[
            "bestand.toml:1: `store.key` must be set with PostgreSQL, which other daemons may share: { env = \"NAME\" }, \
           { file = \"path\" } or { credential = \"name\" }",
        ],
    );
}

#[test]
fn the_vault_opens_with_a_given_key_and_with_one_it_makes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bestand.toml");
    let config = Config::from_text(&path, String::new(), &Environment::default()).unwrap();
    let made = config.store.open_vault().unwrap();
    assert!(folder.path().join("data/bestand.key").exists());
    assert_eq!(made.key_id(), config.store.open_vault().unwrap().key_id());
    assert_ne!(made.key_id(), full().store.open_vault().unwrap().key_id());
}
