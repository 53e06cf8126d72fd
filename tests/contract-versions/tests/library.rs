//! What the loader says of files that are no plugin of ours, each in one line that names the file.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../../../host/src/plugin/library.rs"]
#[expect(unreachable_pub, reason = "the daemon's loader, which is public there")]
#[expect(dead_code, reason = "nothing here gets as far as starting a plugin")]
mod library;

use std::path::{Path, PathBuf};
use std::process::Command;

use library::{Library, LoadError};
use tempfile::TempDir;

/// A file of this content, in a folder that goes with the result.
fn file(name: &str, content: &[u8]) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    (folder, path)
}

/// A library compiled from this Rust.
fn compiled(source: &str) -> (TempDir, PathBuf) {
    let (folder, source) = file("lib.rs", source.as_bytes());
    let path = folder.path().join("libstrange.so");
    let compiled = Command::new("rustc")
        .args(["--edition", "2024", "--crate-type", "cdylib", "-o"])
        .args([&path, &source])
        .status()
        .unwrap();
    assert!(compiled.success());
    (folder, path)
}

fn refusal(path: &Path) -> LoadError {
    let opened = library::seal(path).and_then(|sealed| Library::open(path, &sealed));
    let refusal = opened.unwrap_err();
    let line = refusal.to_string();
    assert!(line.contains(path.to_str().unwrap()), "{line}");
    assert_eq!(line.lines().count(), 1, "{line}");
    refusal
}

/// Refused because it cannot be opened, for this reason.
fn cannot_open(path: &Path, because: &str) {
    match refusal(path) {
        LoadError::CannotOpen { reason, .. } => assert!(reason.contains(because), "{reason}"),
        other => panic!("{other}"),
    }
}

#[test]
fn a_file_that_is_not_there_is_said_to_be_missing() {
    cannot_open(
        Path::new("/nowhere/libgone.so"),
        "No such file or directory",
    );
}

#[test]
fn a_bare_name_is_a_file_here_and_never_a_library_of_the_system() {
    cannot_open(Path::new("libc.so.6"), "No such file or directory");
}

#[test]
fn a_file_that_is_no_library_is_said_to_be_none() {
    let (_folder, text) = file(
        "libtext.so",
        "A letter, and a long one. ".repeat(9).as_bytes(),
    );
    cannot_open(&text, "invalid ELF header");
    let (_folder, empty) = file("libempty.so", b"");
    cannot_open(&empty, "file too short");
}

#[test]
fn what_is_no_file_is_refused_and_not_waited_for() {
    let (folder, _text) = file("text", b"");
    cannot_open(folder.path(), "it is no regular file");
    let pipe = folder.path().join("libpipe.so");
    let made = Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    cannot_open(&pipe, "it is no regular file");
}

#[test]
fn a_library_cut_short_in_copying_is_refused_and_does_not_take_the_daemon_down() {
    let (_folder, whole) = compiled(r#"#[unsafe(no_mangle)] pub extern "C" fn nothing() {}"#);
    let bytes = std::fs::read(&whole).unwrap();
    for present in [100, 1000, bytes.len() / 2, bytes.len() - 1] {
        let (_folder, cut) = file("libcut.so", &bytes[..present]);
        cannot_open(&cut, "bytes are missing; copy it again");
    }
}

#[test]
fn a_library_that_lacks_something_it_is_linked_to_is_refused_at_once_and_not_at_the_first_call() {
    let (_folder, path) = compiled(
        r#"unsafe extern "C" { fn there_is_no_such_function(); }
           #[unsafe(no_mangle)] pub extern "C" fn call() { unsafe { there_is_no_such_function() } }"#,
    );
    cannot_open(&path, "there_is_no_such_function");
}

#[test]
fn a_library_that_is_no_plugin_is_said_to_be_none() {
    let (_folder, path) = compiled(r#"#[unsafe(no_mangle)] pub extern "C" fn nothing() {}"#);
    let refusal = refusal(&path);
    assert!(matches!(refusal, LoadError::NotAPlugin { .. }), "{refusal}");
    assert!(
        refusal
            .to_string()
            .ends_with("move it out of the plugin directory"),
        "{refusal}"
    );
}

#[test]
fn a_plugin_of_another_abi_library_is_refused_before_anything_of_it_is_read() {
    let (_folder, path) = compiled(
        r#"#[unsafe(export_name = "_1as_0lib_1header_0root_bmodule_bloader")]
           pub static HEADER: [u8; 64] = *b"abi stable library for Rust     \x00\x00\x00\x00\x63\x00\x00\x00........................";"#,
    );
    let refusal = refusal(&path);
    assert!(matches!(refusal, LoadError::OtherAbi { .. }), "{refusal}");
    assert!(refusal.report().is_some());
}
