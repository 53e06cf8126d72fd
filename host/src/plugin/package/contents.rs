//! `MANIFEST.json`: what a package holds. It is what is signed, so that a signature covers every byte of the package.

use std::collections::{BTreeMap, BTreeSet};

use bestand_plugin_api::Manifest;
use semver::Version;
use serde::{Deserialize, Serialize};

use super::PackageError;
use super::digest::Digest;
use super::file_name::FileName;

/// The form of packages that this release makes and takes.
const FORMAT: u32 = 1;
/// Most files: a library per target, documents and licences.
pub(super) const FILES_MAX: usize = 256;
/// Longest id of an adapter, in bytes, as the contract has it.
const ID_BYTES_MAX: usize = 64;
/// Most capabilities and most hosts: each is a line of the operator's approval.
const GRANTS_MAX: usize = 64;

/// What a package holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contents {
    /// The form of the package.
    format: u32,
    /// The adapter's id.
    pub id: String,
    /// The adapter's version.
    pub version: Version,
    /// The version of the plugin contract it was built with.
    pub contract: String,
    /// What the adapter can do; by the names its manifest gives them.
    pub capabilities: BTreeSet<String>,
    /// The hosts it may speak to.
    pub hosts: BTreeSet<String>,
    /// The compiler, as the library names it; empty when it does not.
    #[serde(default)]
    pub built_with: String,
    /// The oldest glibc its libraries run with; nothing when they need none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_glibc: Option<String>,
    /// Every file but this one and its signature.
    pub files: BTreeMap<FileName, Entry>,
}

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its length.
    pub bytes: u64,
    /// What it holds, in short.
    pub sha256: Digest,
}

/// Reads the number first: what else stands in another format cannot be known.
#[derive(Deserialize)]
struct Format {
    format: u32,
}

// === impl Contents ===

impl Contents {
    /// Of an adapter with this manifest, and no files yet.
    ///
    /// # Errors
    /// When its version is no semver.
    pub fn of(manifest: &Manifest) -> Result<Self, PackageError> {
        let version = manifest.version.parse().map_err(|error| {
            PackageError::unusable(format!(
                "version `{}` is no semver: {error}",
                manifest.version
            ))
        })?;
        Ok(Self {
            format: FORMAT,
            id: manifest.id.clone(),
            version,
            contract: manifest.contract.clone(),
            capabilities: capabilities(manifest),
            hosts: manifest.outbound.iter().cloned().collect(),
            built_with: String::new(),
            min_glibc: None,
            files: BTreeMap::new(),
        })
    }

    /// Reads `MANIFEST.json`.
    ///
    /// # Errors
    /// When it is none, or one of another format.
    pub fn read(json: &[u8]) -> Result<Self, PackageError> {
        let cannot = |error: serde_json::Error| {
            PackageError::unusable(format!("`MANIFEST.json` cannot be read: {error}"))
        };
        let Format { format } = serde_json::from_slice(json).map_err(cannot)?;
        if format != FORMAT {
            return Err(PackageError::unusable(format!(
                "it is a package of format {format}, this release takes format {FORMAT}; upgrade Bestand, or ask the \
                 publisher for a package of format {FORMAT}"
            )));
        }
        let contents: Self = serde_json::from_slice(json).map_err(cannot)?;
        contents.check()
    }

    /// As it is written and signed.
    ///
    /// # Panics
    /// Never: what it holds is plain data.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        let mut json = serde_json::to_vec_pretty(self).expect("plain data can be written");
        json.push(b'\n');
        json
    }

    /// Whether it says of the adapter what `manifest` says.
    ///
    /// # Errors
    /// Names the first field that differs.
    pub fn agrees_with(&self, manifest: &Manifest) -> Result<(), PackageError> {
        let of_manifest = Self::of(manifest)?;
        let differs = [
            ("id", self.id != of_manifest.id),
            ("version", self.version != of_manifest.version),
            ("contract", self.contract != of_manifest.contract),
            (
                "capabilities",
                self.capabilities != of_manifest.capabilities,
            ),
            ("hosts", self.hosts != of_manifest.hosts),
        ];
        match differs.into_iter().find(|(_, differs)| *differs) {
            None => Ok(()),
            Some((field, _)) => Err(PackageError::unusable(format!(
                "`{field}` in `MANIFEST.json` is not what `adapter.toml` says; ask the publisher for a package made by \
                 `bestand plugin sign`"
            ))),
        }
    }

    fn check(self) -> Result<Self, PackageError> {
        let is_id = |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
        let id_fits =
            !self.id.is_empty() && self.id.len() <= ID_BYTES_MAX && self.id.bytes().all(is_id);
        let grants = self.capabilities.iter().chain(&self.hosts);
        let problem = if !id_fits {
            format!("`id` must be 1 to {ID_BYTES_MAX} lower case letters, digits or `-`")
        } else if self.files.len() > FILES_MAX {
            format!("it names more than {FILES_MAX} files")
        } else if self.capabilities.len().max(self.hosts.len()) > GRANTS_MAX {
            format!("it names more than {GRANTS_MAX} capabilities or hosts")
        } else if grants
            .into_iter()
            .any(|grant| grant.is_empty() || grant.contains(char::is_control))
        {
            "a capability or host is empty or holds control characters".into()
        } else {
            return Ok(self);
        };
        Err(PackageError::unusable(format!(
            "`MANIFEST.json` is wrong: {problem}"
        )))
    }
}

/// The names of what an adapter can do.
#[must_use]
pub fn capabilities(manifest: &Manifest) -> BTreeSet<String> {
    let named = manifest.capabilities.iter().filter_map(|capability| {
        let json = serde_json::to_value(capability).ok()?;
        Some(json.get("name")?.as_str()?.to_owned())
    });
    named.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sound() -> serde_json::Value {
        serde_json::json!({
            "format": 1, "id": "acme", "version": "1.2.0", "contract": "1.0.0", "capabilities": [], "hosts": [],
            "files": {"adapter.toml": {"bytes": 3, "sha256": Digest::of(b"abc")}},
        })
    }

    fn refusal(change: impl FnOnce(&mut serde_json::Value)) -> String {
        let mut json = sound();
        change(&mut json);
        Contents::read(json.to_string().as_bytes())
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn what_is_written_can_be_read() {
        let contents = Contents::read(sound().to_string().as_bytes()).unwrap();
        assert_eq!(Contents::read(&contents.to_json()).unwrap(), contents);
    }

    #[test]
    fn each_mistake_is_named() {
        let check = |change: fn(&mut serde_json::Value), says: &str| {
            let refusal = refusal(change);
            assert!(refusal.contains(says), "{refusal}");
        };
        check(
            |json| json["format"] = 2.into(),
            "of format 2, this release takes format 1",
        );
        check(|json| json["id"] = "../a".into(), "`id` must be");
        check(|json| json["version"] = "one".into(), "cannot be read");
        check(|json| json["more"] = 1.into(), "unknown field `more`");
        check(
            |json| json["files"]["../x"] = json["files"]["adapter.toml"].clone(),
            "is no name for a file",
        );
        check(
            |json| json["hosts"] = vec!["a\nb"].into(),
            "control characters",
        );
        check(
            |json| json["files"]["adapter.toml"]["sha256"] = "ab".into(),
            "64 lower case",
        );
    }
}
