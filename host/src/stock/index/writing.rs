//! A commit under way, as the index knows it.

use super::{Index, Key, Packed, Source};
use crate::stock::Held;

/// Announced before a commit, for the keys it touches. It ends when dropped, whether the commit came through or not.
#[derive(Debug)]
pub(crate) struct Writing<'a> {
    index: &'a Index,
    /// One for each key.
    stripes: Vec<usize>,
}

// === impl Index ===

impl Index {
    /// Announces a commit of these levels. For the writer alone.
    pub(crate) fn writing<'k>(
        &self,
        keys: impl IntoIterator<Item = (&'k Source, &'k str)>,
    ) -> Writing<'_> {
        let stripes = keys
            .into_iter()
            .map(|(source, sku)| self.stripe_of(source, sku));
        let stripes: Vec<usize> = stripes.collect();
        for number in &stripes {
            let mut stripe = self.stripe(*number);
            stripe.begun += 1;
            stripe.open += 1;
        }
        Writing {
            index: self,
            stripes,
        }
    }
}

// === impl Writing ===

impl Writing<'_> {
    /// Keeps what was committed.
    pub(crate) fn put(&self, source: &Source, sku: &str, held: Held) {
        let _stripe = self.index.stripe(self.index.stripe_of(source, sku));
        let key = Key::new(source.number, sku);
        self.index.levels.insert(key, Packed::new(Some(held)));
    }
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        for number in &self.stripes {
            self.index.stripe(*number).open -= 1;
        }
    }
}
