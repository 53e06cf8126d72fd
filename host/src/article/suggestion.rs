//! What a source may mean by an article of ours that it does not know.

use std::collections::HashMap;

use bestand_plugin_api::Sku;
use strsim::normalized_damerau_levenshtein as likeness;

/// How alike two SKUs must be, 1 being the same: below this, two of three suggestions were other articles.
const LIKENESS_MIN: f64 = 0.8;
/// Shortest SKU that is compared letter by letter: shorter ones are all alike.
const LETTERS_MIN: usize = 5;
/// Suggestions kept for one article.
const KEPT_MAX: usize = 3;

/// An article of a source that may be ours.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// What the source calls it.
    pub source_sku: Sku,
    /// How alike the two are, from 0 to 1; 1 where they differ in case, blanks, hyphens and leading zeros alone.
    pub likeness: f64,
}

/// Looks for what a source may mean by some articles, over all that it lists.
#[derive(Debug)]
pub struct Suggestions {
    wanted: Vec<Wanted>,
    /// Those wanted by their bare form: a source's SKU is looked up before it is compared.
    by_bare: HashMap<String, Vec<usize>>,
}

#[derive(Debug)]
struct Wanted {
    sku: Sku,
    bare: String,
    found: Vec<Suggestion>,
}

// === impl Suggestions ===

impl Suggestions {
    /// For these.
    #[must_use]
    pub fn new(wanted: Vec<Sku>) -> Self {
        let wanted: Vec<Wanted> = wanted.into_iter().map(Wanted::new).collect();
        let mut by_bare: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, wanted) in wanted.iter().enumerate() {
            by_bare.entry(wanted.bare.clone()).or_default().push(index);
        }
        Self { wanted, by_bare }
    }

    /// Looks at one article that the source lists.
    pub fn look_at(&mut self, listed: &Sku) {
        let bare = bare(listed);
        if let Some(same) = self.by_bare.get(&bare) {
            for index in same {
                self.wanted[*index].keep(listed, 1.0);
            }
            return;
        }
        for wanted in &mut self.wanted {
            if wanted.may_be(&bare) {
                let likeness = likeness(&wanted.bare, &bare);
                if likeness >= LIKENESS_MIN {
                    wanted.keep(listed, likeness);
                }
            }
        }
    }

    /// Whether nothing is looked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.wanted.is_empty()
    }

    /// Of each article what was found, best first.
    #[must_use]
    pub fn found(self) -> Vec<(Sku, Vec<Suggestion>)> {
        let wanted = self.wanted.into_iter();
        wanted.map(|wanted| (wanted.sku, wanted.found)).collect()
    }
}

// === impl Wanted ===

impl Wanted {
    fn new(sku: Sku) -> Self {
        Self {
            bare: bare(&sku),
            sku,
            found: Vec::new(),
        }
    }

    /// A cheap look before the costly one: lengths alone may rule it out.
    fn may_be(&self, bare: &str) -> bool {
        let (a, b) = (self.bare.len(), bare.len());
        a.min(b) >= LETTERS_MIN && a.abs_diff(b) * 5 <= a.max(b)
    }

    fn keep(&mut self, listed: &Sku, likeness: f64) {
        self.found.push(Suggestion {
            source_sku: listed.clone(),
            likeness,
        });
        let better = |a: &Suggestion, b: &Suggestion| {
            let by_likeness = b.likeness.total_cmp(&a.likeness);
            by_likeness.then_with(|| a.source_sku.cmp(&b.source_sku))
        };
        self.found.sort_by(better);
        self.found.truncate(KEPT_MAX);
    }
}

/// Letters and digits alone, in small letters, without leading zeros: what people change when they type a SKU again.
fn bare(sku: &Sku) -> String {
    let kept = sku.chars().filter(|letter| letter.is_alphanumeric());
    let bare: String = kept.flat_map(char::to_lowercase).collect();
    bare.trim_start_matches('0').into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(wanted: &str, listed: &[&str], expected: &[&str]) {
        let sku = |code: &str| Sku::new(code).unwrap();
        let mut suggestions = Suggestions::new(vec![sku(wanted)]);
        listed
            .iter()
            .for_each(|code| suggestions.look_at(&sku(code)));
        let found = suggestions.found().into_iter().flat_map(|(_, found)| found);
        let found: Vec<String> = found.map(|each| each.source_sku.to_string()).collect();
        assert_eq!(found, expected, "{wanted}");
    }

    #[test]
    fn near_matches_are_suggested_best_first() {
        check(
            "tea-0042",
            &["OTHER", "TEA0042", "TEA 0043", "TEA0042X"],
            &["TEA0042", "TEA0042X", "TEA 0043"],
        );
        check(
            "85123A",
            &["085123a", "85123B", "22720"],
            &["085123a", "85123B"],
        );
    }

    #[test]
    fn short_and_strange_ones_are_not_guessed_at() {
        check("A1", &["A2", "B1"], &[]);
        check("A1", &["a-1"], &["a-1"]);
        check("GARDEN-CHAIR", &["KITCHEN-CHAIR", "GARDEN-TABLE"], &[]);
        check("---", &["A"], &[]);
    }
}
