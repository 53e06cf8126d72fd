//! What the flood has in stock: article number `n` has a SKU and quantities that follow from `n` alone.
//!
//! **Invariant:** this module does no I/O and knows no time but what it is given.

use bestand_plugin_api::{LocationId, Quantities, Quantity, Sku, StockLevel, Timestamp};

use crate::LOCATION;

/// SKUs are numbers below this prime, so that a step through it meets each once.
const MODULUS: u64 = 10_000_019;
/// The step from one article's number to the next: systems list by their own ids, not in the order of SKUs.
const STEP: u64 = 6_180_349;
/// The step back; `STEP * STEP_BACK` is one more than a multiple of the modulus.
const STEP_BACK: u64 = inverse(STEP);

/// Most articles there are.
pub const ARTICLES_MAX: u64 = MODULUS - 1;

/// The SKU of article `n`.
///
/// # Panics
/// Never: the text is a good SKU.
#[must_use]
pub fn sku(n: u64) -> Sku {
    let text = format!("SKU-{:08}", (n + 1) * STEP % MODULUS);
    Sku::new(&text).expect("letters and digits make a SKU")
}

/// Which article a SKU is; `None` when it is none of `articles`.
#[must_use]
pub fn find(sku: &Sku, articles: u64) -> Option<u64> {
    let code: u64 = sku.strip_prefix("SKU-")?.parse().ok()?;
    let n = (code % MODULUS * STEP_BACK % MODULUS).checked_sub(1)?;
    (code < MODULUS && n < articles).then_some(n)
}

/// How many of article `n` are sellable: never none.
#[must_use]
pub fn available(n: u64) -> i64 {
    20 + i64::try_from(n % 977).unwrap_or(0)
}

/// How many of article `n` are there: some are promised.
#[must_use]
pub fn on_hand(n: u64) -> i64 {
    available(n) + i64::try_from(n % 7).unwrap_or(0)
}

/// The level of article `n`.
#[must_use]
pub fn level(n: u64, fetched_at: Timestamp) -> StockLevel {
    let quantities = Quantities::of(Quantity::units(available(n)), Quantity::units(on_hand(n)));
    StockLevel::counted(sku(n), LocationId::from(LOCATION), quantities, fetched_at)
}

/// `number` to the power of `MODULUS - 2`, which is its inverse because the modulus is prime.
const fn inverse(number: u64) -> u64 {
    let (mut result, mut base, mut exponent) = (1, number, MODULUS - 2);
    while exponent > 0 {
        if exponent % 2 == 1 {
            result = result * base % MODULUS;
        }
        base = base * base % MODULUS;
        exponent /= 2;
    }
    result
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_article_has_a_sku_of_its_own_that_leads_back_to_it() {
        let mut seen = HashSet::new();
        for n in (0..5_000).chain(ARTICLES_MAX - 5_000..ARTICLES_MAX) {
            let sku = sku(n);
            assert_eq!(find(&sku, ARTICLES_MAX), Some(n), "{sku}");
            assert!(seen.insert(sku));
        }
    }

    #[test]
    fn what_is_no_article_is_not_found() {
        assert_eq!(find(&sku(100), 100), None);
        for foreign in ["SKU-0", "SKU-10000019", "SKU-x", "85123A"] {
            assert_eq!(find(&Sku::new(foreign).unwrap(), ARTICLES_MAX), None);
        }
    }
}
