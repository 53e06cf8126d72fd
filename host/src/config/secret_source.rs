//! Where a secret is kept: never in the config file, but in a variable, a file or a systemd credential.

use std::fmt;
use std::fs;
use std::path::Path;

use schemars::JsonSchema;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::check::Check;
use super::key_path::KeyPath;
use crate::secret::SecretText;

/// Longest secret taken, in bytes: a service account's key file is a few thousand.
const SECRET_BYTES_MAX: u64 = 64 << 10;

/// Where a secret is kept; exactly one of the three.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("x-secret" = true))]
pub(super) struct SecretSource {
    /// An environment variable.
    #[schemars(length(min = 1))]
    env: Option<String>,
    /// A file; the line end after the secret does not count.
    #[schemars(length(min = 1))]
    file: Option<String>,
    /// A systemd credential (`LoadCredential=`, `SetCredentialEncrypted=`).
    #[schemars(extend("format" = "credential-name"))]
    credential: Option<String>,
}

enum Kept<'a> {
    Variable(&'a str),
    File(&'a str),
    Credential(&'a str),
}

// === impl SecretSource ===

impl SecretSource {
    /// Reads the secret. The inner error is a secret that is not there now; `None` is a source that cannot be right,
    /// which has been noted.
    pub(super) fn read(
        &self,
        key: &KeyPath,
        check: &mut Check<'_>,
    ) -> Option<Result<SecretText, String>> {
        let Some(kept) = self.kept() else {
            check.refuse_unless_told(
                key,
                "must have exactly one of `env`, `file` and `credential`",
            );
            return None;
        };
        let found = match &kept {
            Kept::Variable(name) => from_variable(name, check),
            Kept::File(path) => from_file(&check.resolve(path)),
            Kept::Credential(name) => from_credential(name, check),
        };
        Some(
            found
                .and_then(not_empty)
                .map_err(|why| format!("cannot be read: {kept} {why}")),
        )
    }

    fn kept(&self) -> Option<Kept<'_>> {
        match (
            self.env.as_deref(),
            self.file.as_deref(),
            self.credential.as_deref(),
        ) {
            (Some(name), None, None) => Some(Kept::Variable(name)),
            (None, Some(path), None) => Some(Kept::File(path)),
            (None, None, Some(name)) => Some(Kept::Credential(name)),
            _ => None,
        }
    }
}

impl fmt::Display for Kept<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => write!(f, "environment variable `{name}`"),
            Self::File(path) => write!(f, "file `{path}`"),
            Self::Credential(name) => write!(f, "credential `{name}`"),
        }
    }
}

fn from_variable(name: &str, check: &Check<'_>) -> Result<SecretText, String> {
    let value = check.environment.variable(name).ok_or("is not set")?;
    Ok(value.to_str().ok_or("is not Unicode")?.into())
}

fn from_credential(name: &str, check: &Check<'_>) -> Result<SecretText, String> {
    let folder = check.environment.credentials_folder();
    from_file(
        &folder
            .ok_or("is not there: $CREDENTIALS_DIRECTORY is not set")?
            .join(name),
    )
}

fn from_file(path: &Path) -> Result<SecretText, String> {
    let cannot = |error: std::io::Error| format!("cannot be opened: {error}");
    if fs::metadata(path).map_err(cannot)?.len() > SECRET_BYTES_MAX {
        return Err(format!(
            "is longer than {SECRET_BYTES_MAX} bytes, too long for a secret"
        ));
    }
    let text = Zeroizing::new(fs::read_to_string(path).map_err(cannot)?);
    Ok(text.trim_end_matches(['\r', '\n']).into())
}

fn not_empty(secret: SecretText) -> Result<SecretText, String> {
    if secret.is_empty() {
        Err("is empty".into())
    } else {
        Ok(secret)
    }
}
