//! Which `bestand-plugin-api` a new crate builds with: the published one, or a checkout's.
//!
//! The crate's own manifest names the published one in any case, so that it can be published itself; a checkout is
//! patched in by a file of cargo's configuration that stays on this machine.

use std::fmt;
use std::path::{Path, PathBuf};

use toml_edit::DocumentMut;

const PACKAGE: &str = "bestand-plugin-api";
const PATCH_FILE: &str = ".cargo/config.toml";

/// Where the SDK comes from.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Sdk {
    Published,
    /// The `plugin-api` folder of a checkout.
    Checkout(PathBuf),
}

// === impl Sdk ===

impl Sdk {
    /// The one that was named, else that of the checkout this program was built in, else the published one.
    pub(super) fn find(named: Option<&Path>) -> Result<Self, String> {
        let Some(named) = named else {
            return Ok(Self::around(std::env::current_exe().ok()));
        };
        let candidates = [named.to_path_buf(), named.join("plugin-api")];
        let found = candidates.iter().find(|folder| is_sdk(folder));
        let found = found.ok_or_else(|| {
            format!(
                "`{}` does not hold {PACKAGE} 1; name the `plugin-api` folder of a checkout of Bestand",
                named.display()
            )
        })?;
        let absolute = found.canonicalize();
        let absolute = absolute.map_err(|error| format!("`{}`: {error}", found.display()))?;
        Ok(Self::Checkout(absolute))
    }

    /// The checkout in whose `target` folder `program` lies.
    fn around(program: Option<PathBuf>) -> Self {
        let folders = program.iter().flat_map(|program| program.ancestors());
        let mut candidates = folders.map(|folder| folder.join("plugin-api"));
        candidates
            .find(|folder| is_sdk(folder))
            .map_or(Self::Published, Self::Checkout)
    }

    /// The file that makes cargo take the checkout.
    pub(super) fn patch_file(&self) -> Option<(String, String)> {
        let Self::Checkout(folder) = self else {
            return None;
        };
        let path = toml_edit::Value::from(folder.display().to_string());
        let text = format!(
            "# Builds with this machine's checkout of the SDK. Without this file, cargo takes the published one.\n\
             [patch.crates-io]\n\
             {PACKAGE} = {{ path = {} }}\n",
            path.to_string().trim()
        );
        Some((PATCH_FILE.into(), text))
    }
}

impl fmt::Display for Sdk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Published => write!(f, "the published {PACKAGE} 1 (a checkout's: `--sdk PATH`)"),
            Self::Checkout(folder) => {
                write!(
                    f,
                    "the {PACKAGE} of the checkout, `{}` (see {PATCH_FILE})",
                    folder.display()
                )
            }
        }
    }
}

/// Whether the folder holds the package, in the major version that the template is written for.
fn is_sdk(folder: &Path) -> bool {
    let manifest = std::fs::read_to_string(folder.join("Cargo.toml"));
    let Some(manifest) = manifest
        .ok()
        .and_then(|text| text.parse::<DocumentMut>().ok())
    else {
        return false;
    };
    let text = |key: &str| manifest.get("package")?.get(key)?.as_str();
    text("name") == Some(PACKAGE)
        && text("version").is_some_and(|version| version.starts_with("1."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checkout() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("..")
            .canonicalize()
            .unwrap()
    }

    #[test]
    fn a_program_in_a_checkout_finds_the_sdk_beside_it() {
        let program = checkout().join("target/debug/bestand");
        let sdk = Sdk::around(Some(program));
        assert_eq!(sdk, Sdk::Checkout(checkout().join("plugin-api")));
        assert_eq!(Sdk::around(Some("/usr/bin/bestand".into())), Sdk::Published);
        assert_eq!(Sdk::around(None), Sdk::Published);
    }

    #[test]
    fn a_folder_that_was_named_is_the_sdk_or_holds_it() {
        let expected = Sdk::Checkout(checkout().join("plugin-api"));
        assert_eq!(Sdk::find(Some(&checkout())).unwrap(), expected);
        assert_eq!(
            Sdk::find(Some(&checkout().join("plugin-api"))).unwrap(),
            expected
        );
        let refused = Sdk::find(Some(&checkout().join("host"))).unwrap_err();
        assert!(
            refused.contains("name the `plugin-api` folder"),
            "{refused}"
        );
    }

    #[test]
    fn a_checkout_is_patched_in_whatever_its_path() {
        assert_eq!(Sdk::Published.patch_file(), None);
        let odd = Sdk::Checkout(r#"/a "b"\c"#.into());
        let (_, text) = odd.patch_file().unwrap();
        let read: DocumentMut = text.parse().unwrap();
        let path = read["patch"]["crates-io"][PACKAGE]["path"].as_str();
        assert_eq!(path, Some(r#"/a "b"\c"#));
    }
}
