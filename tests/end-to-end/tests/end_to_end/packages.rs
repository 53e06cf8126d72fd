//! From a partner's key to a running adapter: signed, trusted, installed, upgraded, rolled back; and all that is refused
//! on the way.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::plugin_dir::{library, written_over};
use crate::support::publisher::path;
use crate::support::{Install, Publisher, Ran};

const OLD: &str = "Stock of every product";
const NEW: &str = "STOCK OF EVERY PRODUCT";
/// Where finale speaks to, and another place with a name of the same length.
const HOST: &str = "app.finaleinventory.com";
const OTHER_HOST: &str = "app.finaleinventory.org";

/// An installation that lets nothing unsigned run.
fn strict() -> Install {
    let install = Install::with(&[]);
    let config = fs::read_to_string(install.path("bestand.toml")).unwrap();
    let config = config.replace("allow_unsigned = true", "# Only what is signed.");
    install.put(
        "bestand.toml",
        &format!("{config}\n[[adapter]]\nid = \"finale\" # in the sandbox\n"),
    );
    install
}

fn finale() -> Vec<u8> {
    fs::read(library("finale")).unwrap()
}

fn trust(install: &Install, publisher: &Publisher, allow: &str) {
    let line = [
        "plugin",
        "trust",
        "Acme",
        &publisher.public_key,
        "--allow",
        allow,
    ];
    install.run(&line).expect(0);
}

/// The only plugin, as `plugin list` shows it.
fn listed(install: &Install) -> Value {
    let list = install.run(&["plugin", "list", "--json"]).expect(0).json();
    assert_eq!(list.as_array().unwrap().len(), 1, "{list:#}");
    list[0].clone()
}

#[test]
fn a_signed_package_of_a_trusted_publisher_is_installed_and_runs_in_the_sandbox() {
    let install = strict();
    let acme = Publisher::new(&install, "acme");
    let package = acme.package(&install, "one", &finale());
    let package = path(&package);

    let unknown = install.run(&["plugin", "verify", package]).expect(1);
    assert!(
        unknown
            .stdout
            .contains("which no publisher of the config file has"),
        "{}",
        unknown.stdout
    );
    let refused = install.run(&["plugin", "install", package]).expect(1);
    assert!(
        refused
            .stderr
            .contains("which no publisher of the config file has"),
        "{}",
        refused.stderr
    );

    trust(&install, &acme, "finale");
    let config = fs::read_to_string(install.path("bestand.toml")).unwrap();
    assert!(
        config.contains("# Only what is signed.") && config.contains("# in the sandbox"),
        "{config}"
    );
    let verified = install
        .run(&["plugin", "verify", package, "--json"])
        .expect(0)
        .json();
    assert_eq!(
        (&verified["signature"], &verified["publisher"]),
        (&json!("trusted"), &json!("Acme"))
    );
    assert!(
        verified["built_with"]
            .as_str()
            .unwrap()
            .starts_with("rustc"),
        "{verified}"
    );

    install.run(&["plugin", "install", package]).expect(0);
    let plugin = listed(&install);
    assert_eq!(plugin["state"], "ready", "{plugin:#}");
    assert_eq!(
        (&plugin["signature"], &plugin["generation"]),
        (&json!("trusted"), &json!(1))
    );
    assert_eq!(plugin["granted"]["hosts"], json!([HOST, "{base_url}"]));
    let again = install.run(&["plugin", "install", package]).expect(0);
    assert!(again.stdout.contains("generation 1"), "{}", again.stdout);
}

#[test]
fn an_upgrade_that_reaches_further_is_approved_first_and_rolled_back_at_will() {
    let install = strict();
    let acme = Publisher::new(&install, "acme");
    trust(&install, &acme, "*");
    let first = acme.package(&install, "one", &finale());
    let second = acme.package(
        &install,
        "two",
        &written_over(&finale(), HOST.as_bytes(), OTHER_HOST.as_bytes()),
    );
    let not_yet = install.run(&["plugin", "upgrade", path(&first)]).expect(1);
    assert!(
        not_yet.stderr.contains("`finale` is not installed"),
        "{}",
        not_yet.stderr
    );
    install.run(&["plugin", "install", path(&first)]).expect(0);

    let refused = install.run(&["plugin", "upgrade", path(&second)]).expect(1);
    assert!(
        refused.stderr.contains(&format!(
            "host `{OTHER_HOST}`; if that is right, add `--approve`"
        )),
        "{}",
        refused.stderr
    );
    install
        .run(&["plugin", "upgrade", path(&second), "--approve"])
        .expect(0);
    assert_eq!(
        listed(&install)["granted"]["hosts"],
        json!([OTHER_HOST, "{base_url}"])
    );
    install.run(&["plugin", "rollback", "finale"]).expect(0);
    let back = listed(&install);
    assert_eq!(
        (&back["generation"], &back["granted"]["hosts"]),
        (&json!(3), &json!([HOST, "{base_url}"]))
    );
    assert_eq!(back["state"], "ready");
}

#[test]
fn a_package_that_is_revoked_or_changed_after_it_was_installed_does_not_start() {
    let install = strict();
    let acme = Publisher::new(&install, "acme");
    trust(&install, &acme, "finale");
    let package = acme.package(&install, "one", &finale());
    install
        .run(&["plugin", "install", path(&package)])
        .expect(0);
    let store = install.plugins.path().join("store");
    let folder = fs::read_dir(&store)
        .unwrap()
        .filter_map(Result::ok)
        .find(|entry| entry.path().join("lib").exists());
    let description = folder.unwrap().path().join("adapter.toml");

    let whole = fs::read_to_string(&description).unwrap();
    fs::write(&description, whole.replace(OLD, NEW)).unwrap();
    let modified = listed(&install);
    assert_eq!(
        (&modified["state"], &modified["signature"]),
        (&json!("refused"), &json!("modified"))
    );
    fs::write(&description, whole).unwrap();
    assert_eq!(listed(&install)["state"], "ready");

    install
        .run(&["plugin", "trust", "Acme", &acme.public_key, "--revoke"])
        .expect(0);
    let revoked = listed(&install);
    assert_eq!(
        (&revoked["state"], &revoked["signature"]),
        (&json!("refused"), &json!("revoked"))
    );
    assert!(
        revoked["reason"]
            .as_str()
            .unwrap()
            .contains("is revoked since"),
        "{revoked}"
    );
}

#[test]
fn a_partner_cannot_sign_the_adapter_of_another() {
    let install = strict();
    let acme = Publisher::new(&install, "acme");
    trust(&install, &acme, "acme-*");
    let package = acme.package(&install, "one", &finale());
    let refused = install
        .run(&["plugin", "install", path(&package)])
        .expect(1);
    assert!(
        refused.stderr.contains("of `Acme`, who may not sign it"),
        "{}",
        refused.stderr
    );
}

#[test]
fn a_loose_library_runs_only_where_the_operator_said_so() {
    let install = strict();
    install.plugins.install("finale");
    let refused = listed(&install);
    assert_eq!(
        (&refused["state"], &refused["signature"]),
        (&json!("refused"), &json!("unsigned"))
    );
    assert_eq!(refused["id"], json!(null), "it was not even opened");
    let mut command = install.command(&["plugin", "list", "--json"]);
    command.env("BESTAND__PLUGINS__ALLOW_UNSIGNED", "true");
    let list: Value = serde_json::from_slice(&command.output().unwrap().stdout).unwrap();
    assert_eq!(list[0]["state"], "ready", "{list:#}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_daemon_says_loudly_that_unsigned_adapters_run() {
    let install = strict();
    install.plugins.install("finale");
    let config = fs::read_to_string(install.path("bestand.toml")).unwrap();
    install.put(
        "bestand.toml",
        &config.replace("# Only what", "allow_unsigned = true # Only what"),
    );
    let daemon = install.serve().await;
    let adapter = daemon.api.get("/adapters").await["items"][0].clone();
    assert_eq!(
        (&adapter["state"], &adapter["signature"]),
        (&json!("ready"), &json!("unsigned"))
    );
    let metrics = reqwest::get(format!("{}/metrics", daemon.api.url()))
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(metrics.contains("bestand_unsigned_adapters 1"), "{metrics}");
    assert!(daemon.end().await.success());
    let log = fs::read_to_string(install.path("log")).unwrap();
    assert!(log.contains("UNSIGNED adapters run"), "{log}");
}

#[test]
fn an_archive_of_something_else_is_refused() {
    let install = strict();
    for (file, text) in [("letter.tar.gz", "A letter."), ("empty.tar.gz", "")] {
        fs::write(install.path(file), text).unwrap();
        let refused = install.run(&["plugin", "verify", file]).expect(1);
        assert!(
            refused.stderr.contains("cannot be used"),
            "{}",
            refused.stderr
        );
    }
    assert!(!Path::new(&install.path("plugins/store")).exists());
}

#[test]
fn a_key_is_protected_by_a_password_unless_its_owner_says_otherwise() {
    let install = strict();
    let nobody = install.run(&["plugin", "key", "new"]).expect(1);
    assert!(
        nobody.stderr.contains("set BESTAND_SIGNING_PASSWORD"),
        "{}",
        nobody.stderr
    );
    let new = |password: &str| {
        let mut command = install.command(&["plugin", "key", "new", "--json"]);
        let made = command.env("BESTAND_SIGNING_PASSWORD", password).output();
        Ran::from(made.unwrap())
    };
    let short = new("secret").expect(1);
    assert!(
        short.stderr.contains("at least 8 characters"),
        "{}",
        short.stderr
    );
    new("correct horse battery").expect(0);
    let secret = fs::metadata(install.path("bestand.key")).unwrap();
    assert_eq!(secret.permissions().mode() & 0o777, 0o600);
    new("correct horse battery").expect(1);
}
