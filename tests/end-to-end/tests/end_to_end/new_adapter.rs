//! An adapter as a partner starts one: the crate that `plugin new` writes builds as it is, passes its own tests, and
//! works in the sandbox.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{Ran, built};

const REPOSITORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// A crate of its own in the target directory, where only it is built anew the next time.
fn folder() -> PathBuf {
    let folder = target().join("new-adapter/north-wind");
    let _ = fs::remove_dir_all(&folder);
    folder
}

fn target() -> &'static Path {
    built::folder().parent().unwrap()
}

/// Runs a program that may build, with what the repository has built already, and without any network.
fn run(program: impl AsRef<Path>, arguments: &[&str], folder: &Path) -> Ran {
    let ran = Command::new(program.as_ref())
        .args(arguments)
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target())
        .env("CARGO_PROFILE_DEV_DEBUG", "line-tables-only")
        .env("CARGO_NET_OFFLINE", "true")
        .output();
    ran.unwrap().into()
}

fn bestand() -> PathBuf {
    built::folder().join("bestand")
}

/// Makes the crate, with the dependency versions of the repository: they are there.
fn start(folder: &Path) {
    let sdk = format!("{REPOSITORY}/plugin-api");
    let dir = folder.to_str().unwrap();
    let new = ["plugin", "new", "north-wind", "--dir", dir, "--sdk", &sdk];
    let told = run(bestand(), &new, Path::new(".")).expect(0).stdout;
    assert!(told.contains("Adapter `north-wind` is started"), "{told}");
    fs::copy(
        format!("{REPOSITORY}/Cargo.lock"),
        folder.join("Cargo.lock"),
    )
    .unwrap();
}

#[test]
fn a_new_adapter_passes_its_tests_and_works_in_the_sandbox() {
    let folder = folder();
    start(&folder);

    let tests = run("cargo", &["test", "--quiet"], &folder).expect(0);
    assert!(tests.stdout.contains("passed"), "{}", tests.stdout);

    let dev = run(bestand(), &["plugin", "dev", "--once"], &folder)
        .expect(0)
        .stdout;
    for shown in [
        "GET https://api.acme.example/v1/account  header(x-api-key, secret(api_key))  200",
        "ok 5 levels",
        "TEA-1\tHAM\t3\t5",
        "all went well",
    ] {
        assert!(dev.contains(shown), "{shown}: {dev}");
    }

    // Built without its tests, the library has other features of its dependencies.
    let library = built::folder().join("libnorth_wind.so");
    let library = library.to_str().unwrap();
    let settings = ["--settings", "tests/conformance.toml"];
    let check = [&["plugin", "check", library][..], &settings].concat();
    let check = run(bestand(), &check, &folder).expect(0);
    assert!(
        check.stdout.contains("North Wind 0.1.0 passes"),
        "{}",
        check.stdout
    );

    // What a fault looks like to its author: the reason, the way out, and a code that scripts see.
    let client = folder.join("src/client.rs");
    let text = fs::read_to_string(&client).unwrap();
    let key = "let request = self.0.auth(";
    assert!(text.contains(key), "{text}");
    fs::write(
        &client,
        text.replace(key, &format!("std::process::abort();\n{key}")),
    )
    .unwrap();
    let dev = run(bestand(), &["plugin", "dev", "--once"], &folder)
        .expect(1)
        .stdout;
    assert!(
        dev.contains("the adapter's process ended: it was ended by signal 6"),
        "{dev}"
    );
}
