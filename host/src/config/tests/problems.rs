//! What is wrong, and what is said of it.

use std::time::Duration;

use super::*;

#[test]
fn all_that_is_wrong_is_said_at_once_each_with_its_line() {
    let text = r#"[server]
lisen = "127.0.0.1:7070"
body_bytes_max = "many"
request_timeout_secs = 0

[stor]
url = "sqlite:a.db"

[sync]
interval_secs = 600
reconcile_secs = 60

[log]
format = "jsno"
filter = "loud"

[[adapter]]
id = "finale"

[[connection]]
name = "A"

[[connection]]
name = "A"
adapter = "Finale!"
secrets = { api_key = { envv = "X" }, other = { env = "A", file = "b" } }
"#;
    check(
        text,
        &[
            "bestand.toml:2: `server.lisen` is unknown; did you mean `listen`?",
            "bestand.toml:3: `server.body_bytes_max` must be a whole number, not a text",
            "bestand.toml:4: `server.request_timeout_secs` must be at least 1",
            "bestand.toml:6: `stor` is unknown; did you mean `store`?",
            "bestand.toml:11: `sync.reconcile_secs` must not be below `sync.interval_secs` (600)",
            "bestand.toml:14: `log.format` must be `text` or `json`; did you mean `json`?",
            "bestand.toml:15: `log.filter` must be levels such as `info` or `info,bestand::sync=debug`",
            "bestand.toml:20: `connection[0].adapter` is missing",
            "bestand.toml:24: `connection[1].name` is taken: `A` is the name of `connection[0].name` as well, \
             bestand.toml:21",
            "bestand.toml:25: `connection[1].adapter` must be an adapter's id: lower case letters, digits and `-`, at \
             most 64",
            "bestand.toml:26: `connection[1].secrets.api_key.envv` is unknown; did you mean `env`?",
            "bestand.toml:26: `connection[1].secrets.other` must have exactly one of `env`, `file` and `credential`",
        ],
    );
}

#[test]
fn a_key_that_is_like_no_other_is_told_all_that_are_known() {
    check(
        "[installation]\nzzz = 1\n[plugins]\nqqq = 1",
        &[
            "bestand.toml:2: `installation.zzz` is unknown; known here are `heading`",
            "bestand.toml:4: `plugins.qqq` is unknown; known here are `allow_unsigned`, `dir`, `memory_mib`, `sandbox`",
        ],
    );
    let [top] = problems("zzz = 1", &[]).try_into().unwrap();
    assert_eq!(
        top,
        "bestand.toml:1: `zzz` is unknown; known here are `activity`, `adapter`, `connection`, `events`, `installation`, \
         `log`, `plugins`, `publisher`, `registration`, `server`, `store`, `sync`, `webhooks`"
    );
}

#[test]
fn wrong_types_are_named_in_words() {
    check(
        "server = 1",
        &["bestand.toml:1: `server` must be a table, not a whole number"],
    );
    check(
        "[server]\nlisten = 7070",
        &["bestand.toml:2: `server.listen` must be a text, not a whole number"],
    );
    check(
        "[server]\npublic_url = true",
        &["bestand.toml:2: `server.public_url` must be a text, not `true` or `false`"],
    );
    check(
        "[sync]\ninterval_secs = 30.5",
        &["bestand.toml:2: `sync.interval_secs` must be a whole number, not a number"],
    );
    check(
        "[sync]\ninterval_secs = [1]",
        &["bestand.toml:2: `sync.interval_secs` must be a whole number, not a list"],
    );
    check(
        "connection = [1]",
        &["bestand.toml:1: `connection[0]` must be a table, not a whole number"],
    );
    check(
        "[connection]\nname = \"A\"",
        &["bestand.toml:1: `connection` must be a list, not a table"],
    );
    check(
        "[[adapter]]\nid = \"a\"\nenabled = \"yes\"",
        &["bestand.toml:3: `adapter[0].enabled` must be `true` or `false`, not a text"],
    );
}

#[test]
fn limits_are_named() {
    check(
        "[sync]\nlive_query_ms = 49",
        &["bestand.toml:2: `sync.live_query_ms` must be at least 50"],
    );
    check(
        "[sync]\nlive_query_ms = 30001",
        &["bestand.toml:2: `sync.live_query_ms` must be at most 30000"],
    );
    check(
        "[sync]\nmax_age_secs = -1",
        &["bestand.toml:2: `sync.max_age_secs` must be at least 1"],
    );
    let connection = "[[connection]]\nname = \"A\"\nadapter = \"a\"\n";
    check(
        &format!("{connection}reconcile_secs = 59"),
        &["bestand.toml:4: `connection[0].reconcile_secs` must be at least 60"],
    );
    check(
        &format!("{connection}reconcile_secs = 299"),
        &[
            "bestand.toml:4: `connection[0].reconcile_secs` must not be below the 300 s from one sync to the next",
        ],
    );
    let own = format!("{connection}sync_interval_secs = 60\nreconcile_secs = 60");
    let own = read(&own, &[]).unwrap();
    assert_eq!(own.connections[0].reconcile, Some(Duration::from_secs(60)));
    check(
        "[store]\nhistory_days = 3651",
        &["bestand.toml:2: `store.history_days` must be at most 3650"],
    );
    check(
        "[installation]\nheading = \"\"",
        &["bestand.toml:2: `installation.heading` must not be empty"],
    );
    let long = format!("[installation]\nheading = \"{}\"", "x".repeat(81));
    check(
        &long,
        &["bestand.toml:2: `installation.heading` must be at most 80 characters long"],
    );
    let whole = read("[sync]\ninterval_secs = 60.0", &[]).unwrap();
    assert_eq!(
        whole.sync.interval,
        Duration::from_secs(60),
        "60.0 is a whole number"
    );
}

#[test]
fn names_are_given_once_and_the_first_is_pointed_at() {
    let text = "[[connection]]\nname = \"A\"\nadapter = \"x\"\n[[connection]]\nadapter = \"x\"\nname = \"A\"\n\
                [[adapter]]\nid = \"x\"\n[[adapter]]\nid = \"x\"\n";
    check(
        text,
        &[
            "bestand.toml:6: `connection[1].name` is taken: `A` is the name of `connection[0].name` as well, \
             bestand.toml:2",
            "bestand.toml:10: `adapter[1].id` is taken: `x` is the name of `adapter[0].id` as well, bestand.toml:8",
        ],
    );
}

#[test]
fn two_partners_do_not_register_under_one_code_in_any_case() {
    let text = "[[registration]]\napi_code = \"acme\"\nname = \"A\"\nadapter = \"x\"\n\
                [[registration]]\napi_code = \"ACME\"\nname = \"B\"\nadapter = \"x\"\n";
    check(
        text,
        &[
            "bestand.toml:6: `registration[1].api_code` is taken: `acme` is the name of `registration[0].api_code` as \
             well, bestand.toml:2",
        ],
    );
}

#[test]
fn what_is_no_toml_is_refused_with_its_line() {
    let [problem] = problems("[server]\nlisten = \n", &[]).try_into().unwrap();
    assert!(
        problem.starts_with("bestand.toml:2: not TOML: "),
        "{problem}"
    );
    let [twice] = problems("[server]\n[log]\n[server]\n", &[])
        .try_into()
        .unwrap();
    assert!(
        twice.starts_with("bestand.toml:3: not TOML: duplicate key"),
        "{twice}"
    );
}

#[test]
fn a_file_that_is_not_there_is_refused_by_name() {
    let problems =
        Config::read(Some(Path::new("/nowhere/b.toml")), &Environment::default()).unwrap_err();
    let shown = problems[0].to_string();
    assert!(
        shown.starts_with("/nowhere/b.toml: cannot read the config file: No such file"),
        "{shown}"
    );
}

#[test]
fn lines_are_right_for_every_way_to_write_a_key() {
    check(
        "server.listen = \"x\"",
        &[
            "bestand.toml:1: `server.listen` must be an IP address and a port, such as \
        `127.0.0.1:7070` or `[::]:7070`",
        ],
    );
    check(
        "\n\nlog = { format = \"text\",\n  level = \"info\" }",
        &["bestand.toml:4: `log.level` is unknown; known here are `filter`, `format`"],
    );
    check(
        "[[connection]]\nname = \"A\"\nadapter = \"a\"\n\n[connection.secrets.key]\nenv = \"A\"\nfile = \"b\"\n",
        &[
            "bestand.toml:5: `connection[0].secrets.key` must have exactly one of `env`, `file` and `credential`",
        ],
    );
    check(
        "connection = [\n  { name = \"A\", adapter = \"a\" },\n  { name = \"B\" },\n]",
        &["bestand.toml:3: `connection[1].adapter` is missing"],
    );
}

#[test]
fn problems_can_be_read_by_scripts() {
    let problems = read("[server]\nlisten = \"x\"", &[("BESTAND__LOG__FORMAT", "x")]).unwrap_err();
    let json = serde_json::to_value(&problems).unwrap();
    assert_eq!(
        (&json[0]["file"], &json[0]["line"], &json[0]["key"]),
        (&FILE.into(), &2.into(), &"server.listen".into())
    );
    assert_eq!(
        (&json[1]["variable"], &json[1]["key"]),
        (&"BESTAND__LOG__FORMAT".into(), &"log.format".into())
    );
    assert!(
        json[0]["message"]
            .as_str()
            .unwrap()
            .starts_with("must be an IP address")
    );
}

proptest::proptest! {
    #[test]
    fn no_text_makes_the_config_panic(text in "\\PC{0,200}") {
        drop(read(&text, &[]));
    }

    #[test]
    fn no_damage_to_a_full_config_makes_it_panic(at in 0..FULL.len(), with in "[a-z\\[\\]{}=\"0-9.#\n-]{0,3}") {
        let mut text = FULL.to_owned();
        text.replace_range(at..=at, &with);
        drop(read(&text, &[("STORE_KEY", SECRET)]));
    }
}
