//! The key of a level in memory, made small: most SKUs fit into it without an allocation of their own.

use std::hash::{Hash, Hasher};

use quick_cache::Equivalent;

/// SKUs up to this many bytes stand in the key itself, as article numbers and barcodes do; it fills the key up to 24
/// bytes.
const INLINE_BYTES: usize = 18;

/// A SKU at a source, by the source's number in the index.
#[derive(Clone, Debug)]
pub(super) enum Key {
    /// A SKU that fits.
    Inline {
        source: u32,
        length: u8,
        bytes: [u8; INLINE_BYTES],
    },
    /// A long one.
    Boxed { source: u32, text: Box<str> },
}

/// The same, borrowed: what is looked up with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct KeyRef<'a> {
    pub(super) source: u32,
    pub(super) sku: &'a [u8],
}

// === impl Key ===

impl Key {
    pub(super) fn new(source: u32, sku: &str) -> Self {
        match u8::try_from(sku.len()) {
            Ok(length) if sku.len() <= INLINE_BYTES => {
                let mut bytes = [0; INLINE_BYTES];
                bytes[..sku.len()].copy_from_slice(sku.as_bytes());
                Self::Inline {
                    source,
                    length,
                    bytes,
                }
            }
            _ => Self::Boxed {
                source,
                text: sku.into(),
            },
        }
    }

    fn borrowed(&self) -> KeyRef<'_> {
        match self {
            Self::Inline {
                source,
                length,
                bytes,
            } => KeyRef {
                source: *source,
                sku: &bytes[..usize::from(*length)],
            },
            Self::Boxed { source, text } => KeyRef {
                source: *source,
                sku: text.as_bytes(),
            },
        }
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.borrowed() == other.borrowed()
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.borrowed().hash(hasher);
    }
}

// === impl KeyRef ===

impl Hash for KeyRef<'_> {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        hasher.write_u32(self.source);
        hasher.write(self.sku);
    }
}

impl Equivalent<Key> for KeyRef<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        *self == key.borrowed()
    }
}

#[cfg(test)]
mod tests {
    use std::hash::BuildHasher;

    use super::*;

    #[test]
    fn long_and_short_skus_are_found_by_what_they_are() {
        let hasher = quick_cache::DefaultHashBuilder::default();
        for sku in ["A", &"x".repeat(18), &"x".repeat(19), &"ü".repeat(500)] {
            let (key, looked_up) = (
                Key::new(7, sku),
                KeyRef {
                    source: 7,
                    sku: sku.as_bytes(),
                },
            );
            assert!(looked_up.equivalent(&key));
            assert_eq!(hasher.hash_one(&key), hasher.hash_one(looked_up));
            assert!(
                !KeyRef {
                    source: 8,
                    ..looked_up
                }
                .equivalent(&key)
            );
        }
    }

    #[test]
    fn a_key_stays_small() {
        assert_eq!(size_of::<Key>(), 24);
    }
}
