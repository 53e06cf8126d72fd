//! Packages that were changed, and what is said of each.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use super::testing::{Workshop, manifest, open};
use super::*;

/// A sound package, spoilt.
fn check(spoil: impl FnOnce(&Path), says: &str) -> PackageError {
    let workshop = Workshop::open();
    let folder = workshop.package(&manifest("acme", "1.2.0"), None);
    spoil(&folder);
    let error = open(&folder).expect_err(says);
    let told = error.to_string();
    assert!(told.contains(says), "{told}");
    assert_eq!(told.lines().count(), 1, "{told}");
    error
}

fn library(folder: &Path) -> PathBuf {
    folder
        .join("lib")
        .join(Machine::here().target)
        .join("libacme.so")
}

/// Rewrites `MANIFEST.json`.
fn rewrite(folder: &Path, change: impl FnOnce(&mut serde_json::Value)) {
    let path = folder.join(MANIFEST_FILE);
    let mut json = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    change(&mut json);
    fs::write(path, json.to_string()).unwrap();
}

fn chmod(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_package_tells_what_it_holds() {
    let workshop = Workshop::open();
    let package = workshop.opened(&manifest("acme", "1.2.0"), None);
    assert_eq!(package.manifest, manifest("acme", "1.2.0"));
    assert_eq!(package.contents.version.to_string(), "1.2.0");
    assert!(package.contents.hosts.contains("api.acme.example"));
    let library = fs::read(library(&package.folder)).unwrap();
    assert_eq!(Digest::from(package.library.sha256()), Digest::of(&library));
}

#[test]
fn a_library_that_was_changed_is_refused() {
    let change = |folder: &Path| {
        let mut bytes = fs::read(library(folder)).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        fs::write(library(folder), bytes).unwrap();
    };
    let error = check(change, "is not what `MANIFEST.json` says");
    assert!(matches!(error, PackageError::Modified(_)));
    check(
        |folder| fs::write(library(folder), "short").unwrap(),
        "is 5 bytes long",
    );
    check(
        |folder| fs::remove_file(library(folder)).unwrap(),
        "is missing",
    );
}

#[test]
fn what_is_not_listed_is_refused() {
    check(
        |folder| fs::write(folder.join("more.txt"), "").unwrap(),
        "`more.txt` is not named",
    );
    check(
        |folder| fs::write(folder.join("lib/evil.so"), "").unwrap(),
        "`lib/evil.so` is not named",
    );
    check(
        |folder| fs::write(folder.join(".hidden"), "").unwrap(),
        "is no name for a file",
    );
}

#[test]
fn a_link_is_refused_wherever_it_leads() {
    let link = |folder: &Path| {
        let away = folder.with_extension("elsewhere");
        fs::rename(library(folder), &away).unwrap();
        symlink(&away, library(folder)).unwrap();
    };
    check(link, "is a link");
    check(
        |folder| symlink("/", folder.join("docs")).unwrap(),
        "is a link",
    );
    let whole = |folder: &Path| {
        let away = folder.with_extension("elsewhere");
        fs::rename(folder, &away).unwrap();
        symlink(&away, folder).unwrap();
    };
    check(whole, "is a link");
}

#[test]
fn what_others_may_change_is_refused_with_the_command_that_ends_it() {
    check(
        |folder| chmod(folder, 0o777),
        "can be changed by others than its owner; `chmod go-w",
    );
    check(
        |folder| chmod(&folder.join("lib"), 0o775),
        "/lib'` ends that",
    );
    check(
        |folder| chmod(&library(folder), 0o646),
        "libacme.so'` ends that",
    );
}

#[test]
fn a_name_that_leads_out_of_the_package_is_refused() {
    let lead = |folder: &Path| {
        fs::write(folder.with_file_name("outside"), "x").unwrap();
        let entry = serde_json::json!({"bytes": 1, "sha256": Digest::of(b"x")});
        rewrite(folder, |json| json["files"]["../outside"] = entry);
    };
    check(lead, "is no name for a file of a package");
}

#[test]
fn what_stands_in_one_file_must_stand_in_the_other() {
    check(
        |folder| rewrite(folder, |json| json["version"] = "9.9.9".into()),
        "`version` in `MANIFEST.json`",
    );
    check(
        |folder| rewrite(folder, |json| json["hosts"] = serde_json::json!([])),
        "`hosts` in `MANIFEST.json`",
    );
    let swap = |folder: &Path| {
        let path = folder.join(DESCRIPTION_FILE);
        let text = fs::read_to_string(&path)
            .unwrap()
            .replace("api.acme.example", "api.evil.example");
        fs::write(path, text).unwrap();
    };
    check(swap, "`adapter.toml` is not what `MANIFEST.json` says");
}

#[test]
fn a_package_for_other_machines_says_which() {
    let workshop = Workshop::open();
    let folder = workshop.package(&manifest("acme", "1.2.0"), None);
    let arm = Machine {
        target: "armv9-unknown-linux-gnu".into(),
        ..Machine::here()
    };
    let told = Package::open(&folder, &arm).unwrap_err().to_string();
    let here = Machine::here().target;
    assert!(
        told.starts_with(&format!(
            "it holds a library for {here}, this machine is armv9-unknown-linux-gnu"
        )),
        "{told}"
    );
    let old = Machine {
        glibc: "2.0".parse().ok(),
        ..Machine::here()
    };
    let told = Package::open(&folder, &old).unwrap_err().to_string();
    assert!(
        told.contains("needs glibc 2.") && told.contains("this machine has 2.0"),
        "{told}"
    );
}

#[test]
fn an_archive_gives_back_the_package_and_nothing_else() {
    let workshop = Workshop::open();
    let package = workshop.opened(&manifest("acme", "1.2.0"), None);
    let file = workshop.path("acme-1.2.0.tar.gz");
    archive::pack(&package.folder, &file).unwrap();
    let into = workshop.path("unpacked");
    fs::create_dir(&into).unwrap();
    let folder = archive::unpack(&file, &into).unwrap();
    assert_eq!(folder, into.join("acme-1.2.0/"));
    assert_eq!(open(&folder).unwrap().digest, package.digest);
}

#[test]
fn an_archive_that_leads_elsewhere_is_refused() {
    let check = |name: &str, kind: tar::EntryType, says: &str| {
        let workshop = Workshop::open();
        let file = workshop.path("evil.tar.gz");
        let gz = flate2::write::GzEncoder::new(
            fs::File::create(&file).unwrap(),
            flate2::Compression::fast(),
        );
        let mut builder = tar::Builder::new(gz);
        let mut header = tar::Header::new_gnu();
        // Past the library, which refuses to write such names.
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_entry_type(kind);
        header.set_link_name("/etc/passwd").unwrap();
        header.set_size(0);
        header.set_cksum();
        builder.append(&header, &[][..]).unwrap();
        builder.into_inner().unwrap().finish().unwrap();
        let into = workshop.path("unpacked");
        fs::create_dir(&into).unwrap();
        let told = archive::unpack(&file, &into).unwrap_err().to_string();
        assert!(told.contains(says), "{told}");
        assert_eq!(fs::read_dir(&into).unwrap().count(), 0);
    };
    check(
        "../../outside",
        tar::EntryType::Regular,
        "is no name for a file",
    );
    check(
        "/etc/outside",
        tar::EntryType::Regular,
        "is no name for a file",
    );
    check(
        "a/MANIFEST.json",
        tar::EntryType::Symlink,
        "is a link or a special file",
    );
}
