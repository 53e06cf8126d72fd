//! Safety stock: what a ship-from location keeps back of what its source can sell.

use std::fmt;
use std::str::FromStr;

use bestand_plugin_api::Quantity;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

/// Hundredths of a percent that make a whole.
const WHOLE: u16 = 10_000;
/// Millionths in a hundredth.
const MILLIONTHS: i64 = 10_000;

/// What is kept back. In JSON units are a number and a share is text: `2.5`, `"10%"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Buffer {
    /// This many.
    Units(Quantity),
    /// This share of what can be sold.
    Share(Share),
}

/// A share above nothing and below all, exact to a hundredth of a percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    hundredths_of_percent: u16,
}

/// Why a text is no buffer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidBuffer {
    /// It is neither a number nor a percentage.
    #[error("a buffer is a number of units such as 5, or a percentage such as 10%")]
    Text,
    /// It is a percentage beyond the limits.
    #[error("a percentage is above 0 and at most 99.99, with two decimals at most")]
    Share,
}

// === impl Buffer ===

impl Buffer {
    /// Nothing is kept back.
    pub const NONE: Self = Self::Units(Quantity::ZERO);

    /// What is kept back of what can be sold: never more than there is, so that it cannot make a count look oversold.
    ///
    /// Of a whole number a share leaves a whole number, the smaller one.
    #[must_use]
    pub fn withheld(self, sellable: Quantity) -> Quantity {
        let wanted = match self {
            Self::Units(units) => units,
            Self::Share(share) => sellable - share.left_of(sellable.max(Quantity::ZERO)),
        };
        wanted.min(sellable).max(Quantity::ZERO)
    }

    /// How many must be there, so that `required` can be sold.
    #[must_use]
    pub fn there_for(self, required: Quantity) -> Quantity {
        match self {
            Self::Units(units) => required + units,
            Self::Share(share) => share.there_for(required),
        }
    }

    /// Whether nothing is kept back, whatever there is.
    #[must_use]
    pub fn is_none(self) -> bool {
        self == Self::NONE
    }

    /// Whether it would add stock instead of keeping some back.
    #[must_use]
    pub fn is_negative(self) -> bool {
        matches!(self, Self::Units(units) if units.is_negative())
    }
}

impl Default for Buffer {
    fn default() -> Self {
        Self::NONE
    }
}

impl fmt::Display for Buffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Units(units) => units.fmt(f),
            Self::Share(share) => write!(f, "{}%", share.percent()),
        }
    }
}

impl FromStr for Buffer {
    type Err = InvalidBuffer;

    fn from_str(text: &str) -> Result<Self, InvalidBuffer> {
        let number = |text: &str| text.parse().map_err(|_| InvalidBuffer::Text);
        match text.trim().strip_suffix('%') {
            Some(percent) => Share::of_percent(number(percent)?)
                .map(Self::Share)
                .ok_or(InvalidBuffer::Share),
            None => number(text).map(Self::Units),
        }
    }
}

impl Serialize for Buffer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Units(units) => units.serialize(serializer),
            Self::Share(_) => serializer.collect_str(self),
        }
    }
}

impl<'de> Deserialize<'de> for Buffer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Wire {
            Text(String),
            Number(serde_json::Number),
        }
        let wire = Wire::deserialize(deserializer);
        let text = match wire.map_err(|_| serde::de::Error::custom(InvalidBuffer::Text))? {
            Wire::Text(text) => text,
            Wire::Number(number) => number.to_string(),
        };
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl ToSchema for Buffer {}

impl PartialSchema for Buffer {
    fn schema() -> RefOr<Schema> {
        let units = ObjectBuilder::new().schema_type(Type::Number);
        let share = ObjectBuilder::new().schema_type(Type::String);
        let share = share.pattern(Some("^[0-9]{1,2}([.][0-9]{1,2})?%$"));
        OneOfBuilder::new()
            .item(units.minimum(Some(0)))
            .item(share.examples(["10%"]))
            .into()
    }
}

// === impl Share ===

impl Share {
    /// Of this many percent; `None` beyond the limits.
    #[must_use]
    pub fn of_percent(percent: Quantity) -> Option<Self> {
        let millionths = percent.millionths();
        let exact = millionths % MILLIONTHS == 0;
        Self::of_hundredths_of_percent(millionths / MILLIONTHS).filter(|_| exact)
    }

    /// Of this many hundredths of a percent; `None` beyond the limits.
    #[must_use]
    pub fn of_hundredths_of_percent(hundredths: i64) -> Option<Self> {
        let hundredths_of_percent = u16::try_from(hundredths).ok()?;
        let within = (1..WHOLE).contains(&hundredths_of_percent);
        within.then_some(Self {
            hundredths_of_percent,
        })
    }

    /// In hundredths of a percent.
    #[must_use]
    pub const fn hundredths_of_percent(self) -> u16 {
        self.hundredths_of_percent
    }

    /// In percent.
    #[must_use]
    pub fn percent(self) -> Quantity {
        Quantity::from_millionths(i64::from(self.hundredths_of_percent) * MILLIONTHS)
    }

    /// What it leaves of this many, rounded down: to whole ones where these are whole.
    fn left_of(self, sellable: Quantity) -> Quantity {
        let left = i128::from(sellable.millionths()) * self.rest() / i128::from(WHOLE);
        let left = Quantity::from_millionths(i64::try_from(left).unwrap_or(i64::MAX));
        match sellable.is_whole() {
            true => Quantity::units(left.floor()),
            false => left,
        }
    }

    /// How many must be there, so that this many are left, rounded up.
    fn there_for(self, required: Quantity) -> Quantity {
        let millionths = i128::from(required.millionths()) * i128::from(WHOLE);
        let there = (millionths + self.rest() - 1).div_euclid(self.rest());
        let there = Quantity::from_millionths(i64::try_from(there).unwrap_or(i64::MAX));
        match required.is_whole() && !there.is_whole() {
            true => Quantity::units(there.floor().saturating_add(1)),
            false => there,
        }
    }

    fn rest(self) -> i128 {
        i128::from(WHOLE - self.hundredths_of_percent)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn quantity(text: &str) -> Quantity {
        text.parse().unwrap()
    }

    #[test]
    fn a_share_is_kept_back_and_leaves_whole_ones_of_whole_ones() {
        let check = |buffer: &str, sellable: &str, withheld: &str| {
            let buffer: Buffer = buffer.parse().unwrap();
            assert_eq!(
                buffer.withheld(quantity(sellable)),
                quantity(withheld),
                "{buffer} of {sellable}"
            );
        };
        check("10%", "15", "2");
        check("10%", "20", "2");
        check("10%", "1", "1");
        check("10%", "2.5", "0.25");
        check("99.99%", "10000", "9999");
        check("10%", "0", "0");
        check("10%", "-3", "0");
        check("2", "15", "2");
        check("20", "15", "15");
        check("0", "15", "0");
    }

    #[test]
    fn what_is_no_buffer_is_refused_with_what_is_one() {
        let check = |text: &str, expected| assert_eq!(text.parse::<Buffer>(), Err(expected));
        check("", InvalidBuffer::Text);
        check("%", InvalidBuffer::Text);
        check("a few", InvalidBuffer::Text);
        check("0%", InvalidBuffer::Share);
        check("100%", InvalidBuffer::Share);
        check("-5%", InvalidBuffer::Share);
        check("0.001%", InvalidBuffer::Share);
        check("1000000%", InvalidBuffer::Share);
    }

    #[test]
    fn it_is_written_as_it_is_read() {
        for json in ["2.5", "0", "\"10%\"", "\"12.25%\""] {
            let buffer: Buffer = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&buffer).unwrap(), json);
        }
        assert_eq!(
            serde_json::from_str::<Buffer>("\"3\"").unwrap(),
            "3".parse().unwrap()
        );
        assert!(serde_json::from_str::<Buffer>("null").is_err());
    }

    proptest! {
        #[test]
        fn as_many_as_must_be_there_are_enough_and_no_more_than_needed(
            required in 1i64..1_000_000, hundredths in 1u16..WHOLE,
        ) {
            let buffer = Buffer::Share(Share { hundredths_of_percent: hundredths });
            let required = Quantity::units(required);
            let there = buffer.there_for(required);
            let left = |there: Quantity| there - buffer.withheld(there);
            prop_assert!(left(there) >= required);
            prop_assert!(left(there - Quantity::units(1)) < required);
        }
    }
}
