//! `[[publisher]]`: whose plugins are trusted, and for which adapters.

use jiff::civil::Date;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

/// Somebody whose signature makes a plugin trusted.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("required" = ["name", "keys", "allow"]))]
pub struct Publisher {
    /// What the operator calls them; at most 100 characters, each name once.
    #[serde(default)]
    #[schemars(length(min = 1, max = 100))]
    pub name: String,
    /// Their minisign public keys; two while one replaces the other.
    #[serde(default)]
    #[schemars(length(min = 1))]
    pub keys: Vec<PublisherKey>,
    /// The adapters they may sign: ids, in which `*` stands for any characters.
    #[serde(default)]
    #[schemars(length(min = 1), extend("items" = { "type": "string", "format": "adapter-pattern" }))]
    pub allow: Vec<String>,
}

/// A publisher's key: `"RWQ…"`, or `{ key = "RWQ…", expires = "2027-01-01", revoked = "2026-05-01" }`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "Written")]
pub struct PublisherKey {
    /// The minisign public key, in Base64.
    pub key: String,
    /// From this day on (UTC) what it signed is refused, until somebody looks at it again.
    pub expires: Option<Date>,
    /// From this day on (UTC) what it signed is refused for good, whenever it was signed: a signature's own time is
    /// as false as its maker wants it to be.
    pub revoked: Option<Date>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Key(String),
    Table {
        key: String,
        expires: Option<Date>,
        revoked: Option<Date>,
    },
}

// === impl Publisher ===

impl Publisher {
    /// Whether the adapter `id` may carry their signature.
    #[must_use]
    pub fn may_sign(&self, id: &str) -> bool {
        self.allow.iter().any(|pattern| fits(pattern, id))
    }
}

/// The parts of the pattern between its stars stand in the id, in this order, the first at its start and the last at
/// its end.
fn fits(pattern: &str, id: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == id;
    };
    let Some(mut id) = id.strip_prefix(start) else {
        return false;
    };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let end = parts.pop().unwrap_or_default();
    for part in parts {
        let Some(found) = id.find(part) else {
            return false;
        };
        id = &id[found + part.len()..];
    }
    id.ends_with(end)
}

// === impl PublisherKey ===

impl From<Written> for PublisherKey {
    fn from(written: Written) -> Self {
        match written {
            Written::Key(key) => Self {
                key,
                expires: None,
                revoked: None,
            },
            Written::Table {
                key,
                expires,
                revoked,
            } => Self {
                key,
                expires,
                revoked,
            },
        }
    }
}

impl JsonSchema for PublisherKey {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "PublisherKey".into()
    }

    /// By hand: of two forms the validator would only say that neither fits.
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": ["string", "object"],
            "description": "A minisign public key, or a table of one with the days on which it ends.",
            "format": "minisign-key",
            "required": ["key"],
            "additionalProperties": false,
            "properties": {
                "key": { "type": "string", "format": "minisign-key", "description": "The minisign public key." },
                "expires": {
                    "type": "string", "format": "day",
                    "description": "From this day on (UTC) what it signed is refused.",
                },
                "revoked": {
                    "type": "string", "format": "day",
                    "description": "From this day on (UTC) what it signed, whenever that was, is refused.",
                },
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_allows_what_it_names_and_nothing_else() {
        let check = |pattern: &str, good: &[&str], bad: &[&str]| {
            assert_eq!(
                good.iter().find(|id| !fits(pattern, id)),
                None,
                "{pattern} refuses"
            );
            assert_eq!(
                bad.iter().find(|id| fits(pattern, id)),
                None,
                "{pattern} takes"
            );
        };
        check("acme", &["acme"], &["acme-2", "my-acme", ""]);
        check(
            "acme-*",
            &["acme-", "acme-stock"],
            &["acme", "acmestock", "my-acme-stock"],
        );
        check("*-stock", &["-stock", "a-stock"], &["stock", "a-stock-b"]);
        check("a*b*c", &["abc", "axbxc", "abcbc"], &["ab", "acb", "axc"]);
        check("a*a", &["aa", "aba"], &["a"]);
        check("*", &["", "anything"], &[]);
    }
}
