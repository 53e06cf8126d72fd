//! Where the host puts a secret when a system wants several, or wants them in the body.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::HttpBody;
use crate::{AdapterError, Result};

/// One secret and its place in a request; several of them are an [`Auth`](super::Auth).
///
/// ```
/// use bestand_plugin_api::http::{Auth, SecretPlace};
///
/// let two_keys = Auth::places([
///     SecretPlace::header("x-account-key", "account_key"),
///     SecretPlace::header("x-portal-key", "portal_key"),
/// ]);
/// // The body is `{"auth":{},"skus":["TEA-1"]}`; the host sends `{"auth":{"api_key":"…"},"skus":["TEA-1"]}`.
/// let in_the_body = Auth::places([SecretPlace::json("auth.api_key", "api_key")]);
/// # assert_ne!(two_keys, in_the_body);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "in", rename_all = "snake_case")]
#[non_exhaustive]
pub enum SecretPlace {
    /// A header of this name.
    #[non_exhaustive]
    Header {
        /// The header.
        name: String,
        /// The secret.
        secret: String,
    },
    /// A member of the body's JSON, as a string.
    #[non_exhaustive]
    Json {
        /// The member's name, behind the names of the objects it lies in, joined by dots: `auth.api_key`. The objects
        /// must be there; a member that is there is replaced.
        path: String,
        /// The secret.
        secret: String,
    },
    /// A place that only a newer contract knows. The host answers `Unsupported`.
    #[serde(other)]
    Unknown,
}

// === impl SecretPlace ===

impl SecretPlace {
    /// The header `name` with a named secret.
    #[must_use]
    pub fn header(name: impl Into<String>, secret: impl Into<String>) -> Self {
        Self::Header {
            name: name.into(),
            secret: secret.into(),
        }
    }

    /// The member at `path` of the body's JSON with a named secret.
    #[must_use]
    pub fn json(path: impl Into<String>, secret: impl Into<String>) -> Self {
        Self::Json {
            path: path.into(),
            secret: secret.into(),
        }
    }

    /// The secret's name.
    #[must_use]
    pub fn secret(&self) -> Option<&str> {
        match self {
            Self::Header { secret, .. } | Self::Json { secret, .. } => Some(secret),
            Self::Unknown => None,
        }
    }
}

// === impl HttpBody ===

impl HttpBody {
    /// The same JSON with one member more: what hosts do for [`SecretPlace::Json`]. All but the objects on the way is
    /// kept to the letter, so that no number is read and written again.
    ///
    /// # Errors
    /// `Bug` when the body is no JSON object, or has no object where `path` leads.
    pub fn with_json_member(&self, path: &str, value: &str) -> Result<Self> {
        let names: Vec<&str> = path.split('.').collect();
        let text = match self {
            Self::Bytes(bytes) => std::str::from_utf8(bytes).ok(),
            Self::Empty => None,
        };
        let filled = text.and_then(|text| filled(text, &names, value));
        let filled = filled.ok_or_else(|| {
            AdapterError::bug(format!("the body has no object that could hold `{path}`"))
        })?;
        Ok(Self::Bytes(filled.into_bytes()))
    }
}

fn filled(object: &str, path: &[&str], value: &str) -> Option<String> {
    let (name, inner) = path.split_first()?;
    let mut members: BTreeMap<String, Box<RawValue>> = serde_json::from_str(object).ok()?;
    let member = match inner {
        [] => serde_json::to_string(value).ok()?,
        inner => filled(members.get(*name)?.get(), inner, value)?,
    };
    members.insert((*name).to_owned(), RawValue::from_string(member).ok()?);
    serde_json::to_string(&members).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, path: &str, expected: Option<&str>) {
        let body = HttpBody::Bytes(body.into());
        let filled = body.with_json_member(path, "s\"1").ok();
        let expected = expected.map(|text| HttpBody::Bytes(text.into()));
        assert_eq!(filled, expected, "{path}");
    }

    #[test]
    fn a_secret_is_put_where_the_path_leads_and_all_else_is_kept() {
        check(r#"{}"#, "key", Some(r#"{"key":"s\"1"}"#));
        check(
            r#"{ "a": {"b": {}, "key": ""}, "n": 1.10 }"#,
            "a.key",
            Some(r#"{"a":{"b":{},"key":"s\"1"},"n":1.10}"#),
        );
        check(
            r#"{"a":{"b":{"c":[1, 2]}}}"#,
            "a.b.key",
            Some(r#"{"a":{"b":{"c":[1, 2],"key":"s\"1"}}}"#),
        );
    }

    #[test]
    fn a_body_without_a_place_for_it_is_refused() {
        for body in ["", "[]", "null", r#"{"b":{}}"#, r#"{"a":7}"#, r#"{"a":{}"#] {
            check(body, "a.key", None);
        }
        assert!(HttpBody::Empty.with_json_member("key", "s").is_err());
    }
}
