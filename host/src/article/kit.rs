//! Articles that are put together of others.

use std::collections::BTreeSet;

use bestand_plugin_api::{Quantity, Sku};

/// Most kits of an account: what is held in memory of them stays near 100 MiB, were every one of them full.
pub const KITS_MAX: u64 = 20_000;
/// Most components of one kit: each order line of it asks for as many articles.
pub const COMPONENTS_MAX: usize = 100;
/// Most of one component in a kit.
const COUNT_MAX: Quantity = Quantity::units(1_000_000);

/// An article of ours that lies nowhere and is put together of others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kit {
    /// What it is ordered as.
    pub sku: Sku,
    /// What it is made of, by article.
    pub components: Vec<KitComponent>,
}

/// What goes into one kit of an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KitComponent {
    /// The article, as we call it.
    pub sku: Sku,
    /// How many go into one kit; above zero.
    pub quantity: Quantity,
}

/// Why components make no kit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidKit {
    /// It has none, or too many.
    #[error("a kit has from 1 to {COMPONENTS_MAX} components")]
    Number,
    /// It would hold itself.
    #[error("`{0}` cannot be a component of itself")]
    Itself(Sku),
    /// The same article twice.
    #[error("`{0}` is there twice; add both up")]
    Twice(Sku),
    /// Not so many can be in a kit.
    #[error("of `{0}` there must be more than 0 and at most {COUNT_MAX} in a kit")]
    Quantity(Sku),
    /// A kit in a kit.
    #[error("`{0}` is a kit itself; name its components instead")]
    Nested(Sku),
    /// It is in a kit already.
    #[error("`{sku}` is a component of the kit `{of}`, so it cannot become a kit itself")]
    IsComponent {
        /// What was to become a kit.
        sku: Sku,
        /// Where it is in.
        of: Sku,
    },
}

// === impl Kit ===

impl Kit {
    /// A kit of these, in the order of their SKUs.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn new(sku: Sku, mut components: Vec<KitComponent>) -> Result<Self, InvalidKit> {
        if !(1..=COMPONENTS_MAX).contains(&components.len()) {
            return Err(InvalidKit::Number);
        }
        let mut seen = BTreeSet::new();
        for KitComponent {
            sku: part,
            quantity,
        } in &components
        {
            if *part == sku {
                return Err(InvalidKit::Itself(sku));
            }
            if !seen.insert(part) {
                return Err(InvalidKit::Twice(part.clone()));
            }
            if *quantity <= Quantity::ZERO || *quantity > COUNT_MAX {
                return Err(InvalidKit::Quantity(part.clone()));
            }
        }
        components.sort_by(|a, b| a.sku.cmp(&b.sku));
        Ok(Self { sku, components })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(components: &[(&str, i64)], expected: &str) {
        let sku = |code: &str| Sku::new(code).unwrap();
        let components = components.iter().map(|(code, quantity)| KitComponent {
            sku: sku(code),
            quantity: Quantity::units(*quantity),
        });
        let said = match Kit::new(sku("SET"), components.collect()) {
            Ok(kit) => kit
                .components
                .iter()
                .map(|part| part.sku.as_str())
                .collect(),
            Err(refused) => refused.to_string(),
        };
        assert_eq!(said, expected);
    }

    #[test]
    fn a_kit_is_made_of_other_articles_each_named_once() {
        check(&[("B", 2), ("A", 1)], "AB");
        check(&[], "a kit has from 1 to 100 components");
        check(
            &[("A", 1), ("SET", 1)],
            "`SET` cannot be a component of itself",
        );
        check(&[("A", 1), ("A", 2)], "`A` is there twice; add both up");
        let none = "of `A` there must be more than 0 and at most 1000000 in a kit";
        check(&[("A", 0)], none);
        check(&[("A", -1)], none);
    }
}
