//! The name of a file inside a package: a path that stays inside it.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde_with::{DeserializeFromStr, SerializeDisplay};

/// Longest name, in bytes: archives of every kind take so much.
const NAME_BYTES_MAX: usize = 200;
/// Deepest folder: `lib/<target>/x.so` needs three.
const DEPTH_MAX: usize = 8;

/// A file's path from the folder of its package: `lib/x86_64-unknown-linux-gnu/libacme.so`.
///
/// Parts of letters, digits, `.`, `_`, `+` and `-`, none of which begins with a dot. It can neither lead out of a folder
/// nor hide in it, and reads the same on every system.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, SerializeDisplay, DeserializeFromStr,
)]
pub struct FileName(String);

/// A name that no file of a package has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no name for a file of a package; it takes up to {DEPTH_MAX} parts of letters, digits, `.`, `_`, `+` and \
     `-`, none beginning with a dot, and {NAME_BYTES_MAX} bytes in all"
)]
pub struct BadName(String);

// === impl FileName ===

impl FileName {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The file of this name in `folder`.
    #[must_use]
    pub fn below(&self, folder: &Path) -> PathBuf {
        folder.join(&self.0)
    }

    /// The file at `path`, seen from the package's folder.
    ///
    /// # Errors
    /// [`BadName`].
    pub fn of_path(path: &Path) -> Result<Self, BadName> {
        let text = path.to_str();
        let text =
            text.ok_or_else(|| BadName(path.to_string_lossy().escape_debug().to_string()))?;
        text.parse()
    }
}

impl FromStr for FileName {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, BadName> {
        let is_sound = |part: &str| {
            let fits = |byte| matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'_' | b'+' | b'-');
            !part.is_empty() && !part.starts_with('.') && part.bytes().all(fits)
        };
        let fits = text.len() <= NAME_BYTES_MAX
            && text.split('/').count() <= DEPTH_MAX
            && text.split('/').all(is_sound);
        match fits {
            true => Ok(Self(text.into())),
            false => {
                let quoted = text.escape_debug().take(NAME_BYTES_MAX).collect();
                Err(BadName(quoted))
            }
        }
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_never_leads_out_of_the_package() {
        for good in [
            "adapter.toml",
            "lib/x86_64-unknown-linux-gnu/libacme.so",
            "docs/a+b_1.md",
        ] {
            assert_eq!(good.parse::<FileName>().unwrap().as_str(), good);
        }
        let long = "a".repeat(NAME_BYTES_MAX + 1);
        for bad in [
            "",
            "/etc/passwd",
            "../a",
            "a/../b",
            "a//b",
            "a/",
            ".hidden",
            "a/.b",
            "a\\b",
            "a b",
            "ä",
            "a\0b",
            "a/b/c/d/e/f/g/h/i",
            &long,
        ] {
            assert!(bad.parse::<FileName>().is_err(), "{bad}");
        }
    }
}
