//! How much of a SKU a place holds: mostly plenty, now and then too little, nothing, or no word of it.

use std::hash::{DefaultHasher, Hash, Hasher};

/// What a place says of a SKU.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spread {
    /// It does not know it.
    Missing,
    /// It knows it and does not count it.
    NotTracked,
    /// It holds some.
    Held(Lot),
}

/// How much a place holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Lot {
    /// Physically there.
    pub(super) there: i64,
    /// Of these, promised.
    pub(super) promised: i64,
    /// On its way.
    pub(super) coming: i64,
}

// === impl Spread ===

impl Spread {
    /// The same for the same SKU and place, always. `wanted` is the most that one order wants of it.
    pub(super) fn of(sku: &str, place: &str, wanted: i64) -> Self {
        let draw = draw(sku, place);
        let promised = i64::try_from(draw / 1000 % 4).unwrap_or(0);
        let coming = if draw.is_multiple_of(7) {
            wanted * 2
        } else {
            0
        };
        // Of a thousand; an order of twenty lines must still have a fair chance to ship.
        let there = match draw % 1000 {
            0..=5 => return Self::Missing,
            6..=8 => return Self::NotTracked,
            9..=14 => promised,
            15..=26 => promised + wanted / 3,
            _ => promised + wanted * 3 + 20,
        };
        Self::Held(Lot {
            there,
            promised,
            coming,
        })
    }
}

/// `DefaultHasher::new` has fixed keys, which is what makes two demos alike.
fn draw(sku: &str, place: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (sku, place).hash(&mut hasher);
    hasher.finish() >> 16
}
