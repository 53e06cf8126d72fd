//! A quantity as Finale writes it: a JSON number, sometimes with the noise of floating-point sums behind it.

use std::fmt;

use bestand_plugin_api::{Quantity, QuantityError};
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer};

/// An exact quantity, read from a number or from a number in quotes.
///
/// `2.9999999999999996` is how Finale's arithmetic writes 3. What lies behind the sixth decimal is noise and is
/// rounded away here, at the boundary, because [`Quantity`] would refuse it and with it the whole listing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Number(pub(crate) Quantity);

impl Number {
    fn from_f64(number: f64) -> Result<Self, QuantityError> {
        format!("{number:.6}").parse().map(Number)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumberVisitor)
    }
}

struct NumberVisitor;

impl Visitor<'_> for NumberVisitor {
    type Value = Number;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number")
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Number, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Number, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Number, E> {
        Number::from_f64(number).map_err(E::custom)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Number, E> {
        match text.parse() {
            Ok(quantity) => Ok(Number(quantity)),
            Err(QuantityError::TooFine(_)) => {
                self.visit_f64(text.trim().parse().map_err(E::custom)?)
            }
            Err(error) => Err(E::custom(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str, expected: &str) {
        let number: Number = serde_json::from_str(json).unwrap();
        assert_eq!(number.0.to_string(), expected, "{json}");
    }

    #[test]
    fn decimals_are_exact_and_noise_behind_the_sixth_is_rounded_away() {
        check("12", "12");
        check("-3.5", "-3.5");
        check("0.1", "0.1");
        check("0.000001", "0.000001");
        check("4294967296.5", "4294967296.5");
        check("2.9999999999999996", "3");
        check("0.30000000000000004", "0.3");
        check("\"7.25\"", "7.25");
    }

    #[test]
    fn what_is_no_number_or_too_large_is_refused() {
        for json in [
            "\"--\"",
            "\"1,234\"",
            "true",
            "1e300",
            "18446744073709551615",
        ] {
            assert!(serde_json::from_str::<Number>(json).is_err(), "{json}");
        }
    }
}
