//! Something that a page says.

/// Something that a page says in its visitor's language and, after it, what an adapter or another system said in its own
/// words, which are English and are marked so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::http::console) struct Told {
    pub(in crate::http::console) sentence: String,
    pub(in crate::http::console) said: String,
}

// === impl Told ===

impl Told {
    /// A sentence alone.
    pub(in crate::http::console) fn new(sentence: impl Into<String>) -> Self {
        Self::quoting(sentence, "")
    }

    /// A sentence, and what others said.
    pub(in crate::http::console) fn quoting(
        sentence: impl Into<String>,
        said: impl Into<String>,
    ) -> Self {
        Self {
            sentence: sentence.into(),
            said: said.into(),
        }
    }

    /// The same with a sentence before it.
    pub(in crate::http::console) fn after(mut self, sentence: &str) -> Self {
        self.sentence = format!("{sentence} {}", self.sentence).trim().to_owned();
        self
    }

    pub(in crate::http::console) fn is_empty(&self) -> bool {
        self.sentence.is_empty() && self.said.is_empty()
    }
}
