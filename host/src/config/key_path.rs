//! The path of a key in the config: `connection[0].secrets.api_key`.

use std::fmt;

/// Where a value stands in the config, from the top. Places in a list are their number.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyPath(Vec<String>);

// === impl KeyPath ===

impl KeyPath {
    /// The path of a top-level key.
    #[must_use]
    pub fn of(key: &str) -> Self {
        Self(vec![key.into()])
    }

    /// The path of what stands under `key`, or at that number, in this value.
    #[must_use]
    pub fn then(&self, key: impl fmt::Display) -> Self {
        Self(self.0.iter().cloned().chain([key.to_string()]).collect())
    }

    /// The path of the value that holds this one; `None` at the top.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let (_, above) = self.0.split_last()?;
        Some(Self(above.to_vec()))
    }

    /// The keys from the top down.
    #[must_use]
    pub fn segments(&self) -> &[String] {
        &self.0
    }

    /// Whether `other` is this value or stands within it.
    #[must_use]
    pub fn holds(&self, other: &Self) -> bool {
        other.0.starts_with(&self.0)
    }

    /// How many keys from the top are the same.
    #[must_use]
    pub fn shared_with(&self, other: &Self) -> usize {
        self.0
            .iter()
            .zip(&other.0)
            .take_while(|(mine, theirs)| mine == theirs)
            .count()
    }

    pub(super) fn is_index(segment: &str) -> bool {
        segment.bytes().all(|byte| byte.is_ascii_digit())
    }
}

impl FromIterator<String> for KeyPath {
    fn from_iter<I: IntoIterator<Item = String>>(keys: I) -> Self {
        Self(keys.into_iter().collect())
    }
}

impl fmt::Display for KeyPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .enumerate()
            .try_for_each(|(depth, segment)| match segment.as_str() {
                index if Self::is_index(index) => write!(f, "[{index}]"),
                key if depth == 0 => f.write_str(key),
                key => write!(f, ".{key}"),
            })
    }
}
