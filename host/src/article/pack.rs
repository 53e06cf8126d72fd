//! How many of a source's article one of ours is, as an exact ratio.

use std::fmt;
use std::str::FromStr;

use bestand_plugin_api::Quantity;
use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Largest number on either side: a pallet of small parts, and small enough that no product of it overflows.
pub const PACK_MAX: u32 = 1_000_000;

/// How many of a source's article one of ours is: `6` for our six-pack of its single pieces, `1/12` for our single piece
/// of its boxes of twelve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pack {
    /// So many of ours …
    ours: u32,
    /// … are so many of the source's.
    theirs: u32,
}

/// Why a text is no [`Pack`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no pack factor: write how many of the source's one of ours is, as `6` or `1/12`, up to {PACK_MAX}"
)]
pub struct InvalidPack(String);

// === impl Pack ===

impl Pack {
    /// One of ours is one of the source's.
    pub const SAME: Self = Self { ours: 1, theirs: 1 };

    /// So many of ours are so many of the source's; none where either is zero or beyond [`PACK_MAX`].
    #[must_use]
    pub fn new(ours: u32, theirs: u32) -> Option<Self> {
        let fits = |number: u32| (1..=PACK_MAX).contains(&number);
        let divisor = gcd(ours, theirs);
        (fits(ours) && fits(theirs)).then(|| Self {
            ours: ours / divisor,
            theirs: theirs / divisor,
        })
    }

    /// How many of ours go with [`theirs`](Self::theirs).
    #[must_use]
    pub const fn ours(self) -> u32 {
        self.ours
    }

    /// How many of the source's go with [`ours`](Self::ours).
    #[must_use]
    pub const fn theirs(self) -> u32 {
        self.theirs
    }

    /// How many of the source's so many of ours are; what is finer than a millionth is left away.
    #[must_use]
    pub fn of_source(self, ours: Quantity) -> Quantity {
        scaled(ours, self.theirs, self.ours)
    }

    /// How many of ours so many of the source's are; what is finer than a millionth is left away.
    #[must_use]
    pub fn of_ours(self, theirs: Quantity) -> Quantity {
        scaled(theirs, self.ours, self.theirs)
    }
}

/// Rounded towards minus infinity, and held at the limits of a quantity.
fn scaled(quantity: Quantity, by: u32, over: u32) -> Quantity {
    let product = i128::from(quantity.millionths()) * i128::from(by);
    let scaled = product.div_euclid(i128::from(over));
    let held = scaled.clamp(i128::from(i64::MIN), i128::from(i64::MAX));
    Quantity::from_millionths(i64::try_from(held).unwrap_or(i64::MAX))
}

fn gcd(a: u32, b: u32) -> u32 {
    match b {
        0 => a.max(1),
        _ => gcd(b, a % b),
    }
}

impl Default for Pack {
    fn default() -> Self {
        Self::SAME
    }
}

impl fmt::Display for Pack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.ours {
            1 => write!(f, "{}", self.theirs),
            ours => write!(f, "{}/{ours}", self.theirs),
        }
    }
}

impl FromStr for Pack {
    type Err = InvalidPack;

    fn from_str(text: &str) -> Result<Self, InvalidPack> {
        let (theirs, ours) = text.split_once('/').unwrap_or((text, "1"));
        let number = |part: &str| part.trim().parse::<u32>().ok();
        let pack = number(ours)
            .zip(number(theirs))
            .and_then(|(ours, theirs)| Self::new(ours, theirs));
        pack.ok_or_else(|| InvalidPack(text.chars().take(40).collect()))
    }
}

impl Serialize for Pack {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Pack {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextOrNumber)
    }
}

/// A whole factor may be written as a number.
struct TextOrNumber;

impl Visitor<'_> for TextOrNumber {
    type Value = Pack;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a pack factor as `6` or `1/12`")
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Pack, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Pack, E> {
        text.parse().map_err(E::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, shown: &str, ours: &str, theirs: &str) {
        let pack: Pack = text.parse().unwrap();
        assert_eq!(pack.to_string(), shown);
        assert_eq!(pack.of_source(ours.parse().unwrap()).to_string(), theirs);
    }

    #[test]
    fn a_pack_factor_is_an_exact_ratio() {
        check("6", "6", "2", "12");
        check(" 1 / 12", "1/12", "12", "1");
        check("3/6", "1/2", "5", "2.5");
        check("1/12", "1/12", "5", "0.416666");
        assert_eq!(
            Pack::new(12, 1).unwrap().of_ours(Quantity::units(3)),
            Quantity::units(36)
        );
        assert_eq!(
            Pack::new(1, 6)
                .unwrap()
                .of_ours(Quantity::units(-3))
                .to_string(),
            "-0.5"
        );
    }

    #[test]
    fn what_is_no_ratio_is_refused_with_the_way_out() {
        for text in ["", "0", "1/0", "-6", "0.5", "six", "1000001", "1/2/3"] {
            let refused = text.parse::<Pack>().unwrap_err().to_string();
            assert!(refused.contains("as `6` or `1/12`"), "{text}: {refused}");
        }
    }

    #[test]
    fn a_factor_is_read_from_a_number_and_from_a_text() {
        let read = |json: &str| serde_json::from_str::<Pack>(json).unwrap().to_string();
        assert_eq!([read("6"), read("\"1/12\"")], ["6", "1/12"]);
        assert_eq!(serde_json::to_string(&Pack::SAME).unwrap(), "\"1\"");
    }
}
