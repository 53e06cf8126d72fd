//! A cargo workspace per version of the contract: its `plugin-api`, a plugin and a host built against it.
//!
//! It lies in the target directory, takes dependency versions, lock file and profile from the repository, and builds
//! into the repository's own target directory, so that nothing but these three packages is compiled.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::contract::Contract;

/// The folder of the copy. Not `plugin-api`: cargo tells packages apart by their folder below the workspace, and the
/// copy of 1.0.0 would take the place of the repository's own in the target directory.
const CONTRACT: &str = "contract";
const OWN_CONTRACT: &str = "path = \"plugin-api\", version = \"1.0.0\"";
const LIBRARY: &str = "[lib]\ncrate-type = [\"cdylib\"]";
const PROGRAM: &str = "[[bin]]\nname = \"{package}\"";
const DEPENDENCIES: &str = "\
[dependencies]
bestand-plugin-api = { workspace = true, features = [\"testing\"] }
libloading.workspace = true
rustix.workspace = true
sha2.workspace = true
schemars.workspace = true
serde.workspace = true
serde_json.workspace = true
thiserror.workspace = true
tokio.workspace = true
";

/// The library of `fixture/plugin.rs`, built against `contract`.
pub(crate) fn plugin(contract: &Contract) -> PathBuf {
    let package = build(contract, "plugin");
    target().join(format!("debug/lib{}.so", package.replace('-', "_")))
}

/// The program `src/loader.rs`, built against `contract`.
pub(crate) fn host(contract: &Contract) -> PathBuf {
    let package = build(contract, "host");
    target().join("debug").join(package)
}

/// Makes the workspace of `contract` and builds one member of it, or finds it built; the name of its package.
fn build(contract: &Contract, member: &str) -> String {
    let place = target().join("contract-versions").join(contract.version);
    fs::create_dir_all(&place).unwrap();
    // Tests run as processes of their own; the second waits for what the first makes.
    let lock = File::create(place.join("lock")).unwrap();
    lock.lock().unwrap();

    write(&place.join("Cargo.toml"), &workspace_manifest());
    fs::copy(root().join("Cargo.lock"), place.join("Cargo.lock")).unwrap();
    write_contract(contract, &place.join(CONTRACT));
    write_member(contract, &place, "plugin", LIBRARY, "fixture/plugin.rs");
    write_member(contract, &place, "host", PROGRAM, "src/loader.rs");
    cargo_build(&place, &name(contract, member));
    name(contract, member)
}

fn cargo_build(place: &Path, package: &str) {
    let built = Command::new(env!("CARGO"))
        .args(["build", "--offline", "--quiet", "--package", package])
        .current_dir(place)
        .env("CARGO_TARGET_DIR", target())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&built.stderr);
    assert!(built.status.success(), "{package} does not build: {told}");
}

/// The repository's manifest with other members, so that dependency versions and profile are the same.
fn workspace_manifest() -> String {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let adapted = |line: &str| match line.split_once(" = ") {
        Some(("members", _)) => format!(r#"members = ["{CONTRACT}", "plugin", "host"]"#),
        Some(("exclude" | "default-members", _)) => String::new(),
        // The copy has a version of its own, and a field that 1.1 adds brings more of abi_stable's unsafe code.
        _ => line
            .replace(OWN_CONTRACT, &format!("path = \"{CONTRACT}\""))
            .replace("\"deny\"", "\"warn\""),
    };
    manifest.lines().map(adapted).collect::<Vec<_>>().join("\n")
}

fn write_contract(contract: &Contract, into: &Path) {
    let from = root().join("plugin-api");
    for file in files(&from) {
        let name = file.strip_prefix(&from).unwrap();
        let text = fs::read_to_string(&file).unwrap();
        write(&into.join(name), &contract.patched(name, text));
    }
}

/// A package whose one target is a file of this package.
fn write_member(contract: &Contract, place: &Path, member: &str, target: &str, source: &str) {
    let package = name(contract, member);
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join(source);
    let manifest = format!(
        "[package]\nname = \"{package}\"\nedition.workspace = true\n\n\
         {}\npath = {source:?}\n\n{DEPENDENCIES}",
        target.replace("{package}", &package),
    );
    write(&place.join(member).join("Cargo.toml"), &manifest);
}

/// Tells the artefacts of the versions apart in the one target directory.
fn name(contract: &Contract, member: &str) -> String {
    format!("contract-{member}-{}", contract.version.replace('.', "-"))
}

/// Leaves a file alone that is right already, so that cargo need not build again.
fn write(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|present| present == text) {
        return;
    }
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let below = |path: PathBuf| match path.is_dir() {
        true => files(&path),
        false => vec![path],
    };
    paths.flat_map(below).collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The target directory this test was itself built into.
fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("..")
}
