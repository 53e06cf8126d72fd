//! Exact quantities: never a float, six decimals, signed.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Neg, Sub};
use std::str::FromStr;

use schemars::JsonSchema;
use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Decimals kept; the finest any known system uses is five.
const DECIMALS: usize = 6;
const ONE: i64 = 1_000_000;
/// Any fifteen digits survive a double, whoever reads it.
const EXACT_IN_A_DOUBLE: u64 = 1_000_000_000_000_000;

/// A signed fixed-point number of units with six decimals, between ±9,223,372,036,854.
///
/// On the wire between plugin and host it is the integer number of millionths; in JSON a number (`12`, `-2.5`), or a
/// decimal string where a double could not hold it exactly. Both are read. A value with more than six decimals is
/// refused, never rounded. Sums and differences stop at the limits of the type instead of wrapping.
///
/// ```
/// use bestand_plugin_api::Quantity;
///
/// let half_a_dozen_metres: Quantity = "6.5".parse()?;
/// assert_eq!(half_a_dozen_metres - Quantity::units(4), Quantity::from_millionths(2_500_000));
/// assert_eq!(half_a_dozen_metres.floor(), 6);
/// # Ok::<(), bestand_plugin_api::QuantityError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity(i64);

/// Why a text or number is no [`Quantity`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QuantityError {
    /// It is not a decimal number at all.
    #[error("`{0}` is not a decimal number")]
    NotANumber(String),
    /// It carries more than six decimals, and rounding would invent a count.
    #[error("`{0}` has more than six decimals")]
    TooFine(String),
    /// It does not fit: the limit is ±9,223,372,036,854.
    #[error("`{0}` is beyond 9,223,372,036,854 units")]
    TooLarge(String),
}

// === impl Quantity ===

impl Quantity {
    /// Nothing there: a known count of zero, which is not the same as unknown.
    pub const ZERO: Self = Self(0);

    /// Whole units, saturating at the limits of the type.
    #[must_use]
    pub const fn units(units: i64) -> Self {
        Self(units.saturating_mul(ONE))
    }

    /// From millionths of a unit.
    #[must_use]
    pub const fn from_millionths(millionths: i64) -> Self {
        Self(millionths)
    }

    /// The number of millionths, the form that is stored.
    #[must_use]
    pub const fn millionths(self) -> i64 {
        self.0
    }

    /// The whole units that can be counted on: rounded towards minus infinity, so −2.5 is −3.
    #[must_use]
    pub const fn floor(self) -> i64 {
        self.0.div_euclid(ONE)
    }

    /// Whether there is no fraction of a unit.
    #[must_use]
    pub const fn is_whole(self) -> bool {
        self.0 % ONE == 0
    }

    /// Whether this is below zero (oversold).
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// The nearest double, for charts only.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "a chart does not need the last millionth"
    )]
    pub fn to_f64(self) -> f64 {
        self.0 as f64 / ONE as f64
    }

    /// The sum, or `None` when it does not fit.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }
}

impl FromStr for Quantity {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, QuantityError> {
        let bare = text.trim();
        let (negative, digits) = match bare.as_bytes().first() {
            Some(b'-') => (true, &bare[1..]),
            Some(b'+') => (false, &bare[1..]),
            _ => (false, bare),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let fraction = fraction.trim_end_matches('0');
        let numeric = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty()) || !numeric(whole) || !numeric(fraction) {
            return Err(QuantityError::NotANumber(clip(text)));
        }
        if fraction.len() > DECIMALS {
            return Err(QuantityError::TooFine(clip(text)));
        }
        let padded = format!(
            "{}{whole}{fraction:0<DECIMALS$}",
            if negative { "-" } else { "" }
        );
        padded
            .parse()
            .map(Self)
            .map_err(|_| QuantityError::TooLarge(clip(text)))
    }
}

/// Keeps a hostile text out of messages beyond what a person needs to recognise it.
fn clip(text: &str) -> String {
    text.chars().take(40).collect()
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let magnitude = self.0.unsigned_abs();
        let (whole, fraction) = (
            magnitude / ONE.unsigned_abs(),
            magnitude % ONE.unsigned_abs(),
        );
        if fraction == 0 {
            return write!(f, "{sign}{whole}");
        }
        let decimals = format!("{fraction:0DECIMALS$}");
        write!(f, "{sign}{whole}.{}", decimals.trim_end_matches('0'))
    }
}

impl Add for Quantity {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Quantity {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Neg for Quantity {
    type Output = Self;
    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

impl Sum for Quantity {
    fn sum<I: Iterator<Item = Self>>(quantities: I) -> Self {
        quantities.fold(Self::ZERO, Add::add)
    }
}

impl Serialize for Quantity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !serializer.is_human_readable() {
            return serializer.serialize_i64(self.0);
        }
        if self.is_whole() {
            return serializer.serialize_i64(self.floor());
        }
        if self.0.unsigned_abs() < EXACT_IN_A_DOUBLE {
            return serializer.serialize_f64(self.to_f64());
        }
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if !deserializer.is_human_readable() {
            return i64::deserialize(deserializer).map(Self);
        }
        deserializer.deserialize_any(DecimalVisitor)
    }
}

struct DecimalVisitor;

impl Visitor<'_> for DecimalVisitor {
    type Value = Quantity;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a decimal number")
    }

    fn visit_i64<E: serde::de::Error>(self, units: i64) -> Result<Quantity, E> {
        units
            .checked_mul(ONE)
            .map(Quantity)
            .ok_or_else(|| E::custom(QuantityError::TooLarge(units.to_string())))
    }

    fn visit_u64<E: serde::de::Error>(self, units: u64) -> Result<Quantity, E> {
        let signed = i64::try_from(units)
            .map_err(|_| E::custom(QuantityError::TooLarge(units.to_string())))?;
        self.visit_i64(signed)
    }

    /// A double prints as the shortest decimal that reads back as itself, which is what the sender wrote.
    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Quantity, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Quantity, E> {
        text.parse().map_err(E::custom)
    }
}

impl JsonSchema for Quantity {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Quantity".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "number", "description": "units, at most six decimals" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, shown: &str, floor: i64) {
        let quantity: Quantity = text.parse().unwrap();
        assert_eq!(
            (quantity.to_string().as_str(), quantity.floor()),
            (shown, floor),
            "{text}"
        );
    }

    #[test]
    fn decimals_survive_and_round_down_only_in_the_whole_view() {
        check("12", "12", 12);
        check("-2.5", "-2.5", -3);
        check("0.000001", "0.000001", 0);
        check(" 3.500000000 ", "3.5", 3);
        check("+.25", "0.25", 0);
        check("2147483648", "2147483648", 2_147_483_648);
    }

    #[test]
    fn what_is_no_exact_decimal_is_refused() {
        let refused = |text: &str| text.parse::<Quantity>().unwrap_err();
        assert_eq!(
            refused("1.0000001"),
            QuantityError::TooFine("1.0000001".into())
        );
        assert_eq!(refused("1e3"), QuantityError::NotANumber("1e3".into()));
        assert_eq!(refused("NaN"), QuantityError::NotANumber("NaN".into()));
        assert_eq!(refused(""), QuantityError::NotANumber(String::new()));
        assert_eq!(
            refused("99999999999999"),
            QuantityError::TooLarge("99999999999999".into())
        );
    }

    #[test]
    fn json_shows_a_number_and_takes_numbers_or_strings() {
        assert_eq!(serde_json::to_string(&Quantity::units(7)).unwrap(), "7");
        assert_eq!(
            serde_json::to_string(&"-2.5".parse::<Quantity>().unwrap()).unwrap(),
            "-2.5"
        );
        let fine = Quantity::from_millionths(1_000_000_000_000_001);
        assert_eq!(
            serde_json::to_string(&fine).unwrap(),
            "\"1000000000.000001\""
        );
        for json in ["2.5", "\"2.5\""] {
            assert_eq!(
                serde_json::from_str::<Quantity>(json).unwrap().millionths(),
                2_500_000
            );
        }
        assert!(serde_json::from_str::<Quantity>("0.1234567").is_err());
    }
}
