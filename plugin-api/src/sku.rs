//! What an article is called: by the merchant, and by the system that holds it.

use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Longest SKU taken, in bytes: four times the longest a known system allows (Shopify, 255 characters, many of one byte).
pub const SKU_BYTES_MAX: usize = 1024;

/// A stock keeping unit: any text but empty, without surrounding white space or control characters.
///
/// Compared by exact bytes; `abc` and `ABC` are two articles. A system that ignores case says so by answering under
/// the SKU that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Sku(Box<str>);

/// Why a text is no [`Sku`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SkuError {
    /// Nothing but white space.
    #[error("a SKU must not be empty")]
    Empty,
    /// Longer than [`SKU_BYTES_MAX`].
    #[error("a SKU must not be longer than {SKU_BYTES_MAX} bytes")]
    TooLong,
    /// Holds a control character, which no label can carry.
    #[error("a SKU must not hold control characters")]
    ControlCharacter,
}

/// The adapter's own reference to an article (a GID, a product URL); opaque to the host and given back unchanged on
/// writes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ItemRef(pub String);

// === impl Sku ===

impl Sku {
    /// Takes a SKU after trimming white space around it.
    ///
    /// # Errors
    /// When it is empty, too long, or holds control characters.
    pub fn new(text: &str) -> Result<Self, SkuError> {
        let trimmed = text.trim();
        check(trimmed)?;
        Ok(Self(trimmed.into()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Sku {
    type Error = SkuError;
    /// Every level that crosses the boundary comes this way, nearly always trimmed already.
    fn try_from(text: String) -> Result<Self, SkuError> {
        if text.trim().len() != text.len() {
            return Self::new(&text);
        }
        check(&text)?;
        Ok(Self(text.into()))
    }
}

impl From<String> for ItemRef {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for ItemRef {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl FromStr for Sku {
    type Err = SkuError;
    fn from_str(text: &str) -> Result<Self, SkuError> {
        Self::new(text)
    }
}

impl From<Sku> for String {
    fn from(sku: Sku) -> Self {
        sku.0.into()
    }
}

impl Deref for Sku {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Sku {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Sku {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn check(trimmed: &str) -> Result<(), SkuError> {
    match trimmed {
        "" => Err(SkuError::Empty),
        long if long.len() > SKU_BYTES_MAX => Err(SkuError::TooLong),
        dirty if dirty.chars().any(char::is_control) => Err(SkuError::ControlCharacter),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sku_is_any_visible_text() {
        assert_eq!(Sku::new("  85123A ").unwrap().as_str(), "85123A");
        assert_eq!(Sku::try_from(" a".to_owned()).unwrap().as_str(), "a");
        assert_eq!(Sku::new("Größe/42 – ✓").unwrap().as_str(), "Größe/42 – ✓");
        assert_eq!(Sku::new(" \t"), Err(SkuError::Empty));
        assert_eq!(Sku::new("a\u{0}b"), Err(SkuError::ControlCharacter));
        assert_eq!(Sku::new(&"x".repeat(2000)), Err(SkuError::TooLong));
    }
}
