//! JSON in TOML: a text that holds it, kept to the letter, or TOML's own tables.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// JSON as it is sent, and what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonText {
    text: String,
    value: Value,
}

// === impl JsonText ===

impl JsonText {
    /// The JSON that `text` holds.
    ///
    /// # Errors
    /// When it holds none.
    pub fn of(text: &str) -> Result<Self, serde_json::Error> {
        Ok(Self {
            value: serde_json::from_str(text)?,
            text: text.into(),
        })
    }

    /// As it is sent.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What it means.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }
}

impl<'de> Deserialize<'de> for JsonText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(text) => Self::of(&text).map_err(|error| {
                serde::de::Error::custom(format!("`json` holds no JSON: {error}"))
            }),
            value => Ok(Self {
                text: value.to_string(),
                value,
            }),
        }
    }
}

impl Serialize for JsonText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}
