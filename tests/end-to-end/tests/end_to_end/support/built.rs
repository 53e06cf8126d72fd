//! The programs and plugin libraries under test, as `cargo build` makes them.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Where they stand, when somebody else has seen to it that they are built.
const GIVEN: &str = "BESTAND_BUILT";

/// The folder with the programs and libraries, built on first use unless `BESTAND_BUILT` names one.
pub(crate) fn folder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| std::env::var_os(GIVEN).map_or_else(build, PathBuf::from))
}

/// The target folder: this test's own file is `…/target/PROFILE/deps/end_to_end-…`.
pub(crate) fn target_folder() -> PathBuf {
    let test = std::env::current_exe().expect("a test knows its own file");
    let folder = test.ancestors().nth(3);
    folder
        .map(Path::to_owned)
        .expect("a test lies three folders deep")
}

/// Builds everything beside this test: its own file is `…/target/PROFILE/deps/end_to_end-…`.
fn build() -> PathBuf {
    let test = std::env::current_exe().expect("a test knows its own file");
    let folder = test
        .ancestors()
        .nth(2)
        .expect("a test lies two folders deep");
    let target = folder.parent().expect("a profile has its folder");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--workspace", "--quiet", "--manifest-path"]);
    cargo.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.toml"));
    cargo.arg("--target-dir").arg(target);
    if folder.ends_with("release") {
        cargo.arg("--release");
    }
    let built = cargo.status().expect("cargo runs");
    assert!(built.success(), "the programs and plugins cannot be built");
    folder.to_owned()
}
