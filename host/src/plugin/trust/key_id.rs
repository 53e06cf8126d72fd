//! The number by which people tell minisign keys apart.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_with::{DeserializeFromStr, SerializeDisplay};

/// Where it stands in a public key and in a signature: behind the two letters of the algorithm.
const PLACE: std::ops::Range<usize> = 2..10;

/// The number of a key, as minisign shows it: 16 hexadecimal digits. It is no proof of anything.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, SerializeDisplay, DeserializeFromStr,
)]
pub struct KeyId(u64);

/// A text that is no key's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the number of a key is written as 16 upper case hexadecimal digits")]
pub struct NoKeyId;

// === impl KeyId ===

impl KeyId {
    /// Of a public key in Base64.
    #[must_use]
    pub fn of_public_key(text: &str) -> Option<Self> {
        let bytes = STANDARD.decode(text).ok()?;
        let number = bytes.get(PLACE)?.try_into().ok()?;
        Some(Self(u64::from_le_bytes(number)))
    }

    /// Of the key that made the signature in a file.
    #[must_use]
    pub fn of_signature(file: &str) -> Option<Self> {
        Self::of_public_key(file.lines().nth(1)?)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016X}", self.0)
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for KeyId {
    type Err = NoKeyId;

    fn from_str(text: &str) -> Result<Self, NoKeyId> {
        let is_sound = text.len() == 16
            && text
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F'));
        let number = u64::from_str_radix(text, 16).ok().filter(|_| is_sound);
        number.map(Self).ok_or(NoKeyId)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_shown_as_minisign_shows_it() {
        // The public key of minisign itself, as its site shows it.
        let key = KeyId::of_public_key("RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3")
            .unwrap();
        assert_eq!(key.to_string(), "E7620F1842B4E81F");
        assert_eq!("E7620F1842B4E81F".parse(), Ok(key));
        assert_eq!("e7620f1842b4e81f".parse::<KeyId>(), Err(NoKeyId));
        assert_eq!(KeyId::of_public_key("RWQf"), None);
        assert_eq!(KeyId::of_signature("one line"), None);
    }
}
