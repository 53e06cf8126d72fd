//! Builds the crate. What cargo says goes to the terminal as it is; what it made is read from its messages.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::Value;
use tokio::process::Command;

/// Builds the crate in `folder` and finds its library.
///
/// # Errors
/// Why there is none, with the way out. Errors of the compiler stand above it.
pub(super) async fn build(folder: &Path) -> Result<PathBuf, String> {
    let mut cargo = Command::new("cargo");
    cargo
        .args(["build", "--lib", "--message-format=json-render-diagnostics"])
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .kill_on_drop(true);
    let built = cargo.spawn().map_err(no_cargo)?;
    let built = built.wait_with_output().await.map_err(no_cargo)?;
    if !built.status.success() {
        return Err("it does not build; what the compiler says stands above".into());
    }
    let manifest = folder.join("Cargo.toml").canonicalize();
    let manifest = manifest.map_err(|error| format!("`{}`: {error}", folder.display()))?;
    library(&String::from_utf8_lossy(&built.stdout), &manifest).ok_or_else(|| {
        "it builds no plugin; write `crate-type = [\"lib\", \"cdylib\"]` into `[lib]` of its Cargo.toml".into()
    })
}

fn no_cargo(error: std::io::Error) -> String {
    format!("cargo cannot be run: {error}; install Rust from https://rustup.rs")
}

/// The library among what cargo says it made of the package with this manifest.
fn library(messages: &str, manifest: &Path) -> Option<PathBuf> {
    let messages = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let made = messages.filter(|message| {
        let is_of = |path: &str| Path::new(path) == manifest;
        message["reason"] == "compiler-artifact"
            && message["manifest_path"].as_str().is_some_and(is_of)
    });
    let files =
        made.flat_map(|message| message["filenames"].as_array().cloned().unwrap_or_default());
    files
        .filter_map(|file| file.as_str().map(PathBuf::from))
        .find(|file| file.extension().is_some_and(|extension| extension == "so"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_library_is_that_of_the_crate_itself() {
        let messages = r#"
            {"reason":"compiler-artifact","manifest_path":"/dep/Cargo.toml","filenames":["/t/libdep.so"]}
            not json
            {"reason":"compiler-artifact","manifest_path":"/a/Cargo.toml","filenames":["/t/liba.rlib","/t/liba.so"]}
            {"reason":"build-finished","success":true}"#;
        let found = |manifest: &str| library(messages, Path::new(manifest));
        assert_eq!(found("/a/Cargo.toml"), Some("/t/liba.so".into()));
        assert_eq!(found("/b/Cargo.toml"), None);
    }
}
