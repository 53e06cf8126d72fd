//! A quantity as Finale keeps it: a decimal number, here in whole millionths so that sums are exact.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub};
use std::str::FromStr;

use anyhow::{Context, bail};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Number, Value};

const MILLIONTHS_PER_UNIT: i64 = 1_000_000;
const DECIMALS_MAX: usize = 6;

/// How many units, to six decimals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Units(i64);

impl Units {
    /// None at all.
    pub const ZERO: Units = Units(0);

    /// Whether this is exactly none.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The JSON number a client sees: whole numbers without a decimal point.
    pub(crate) fn to_json(self) -> Value {
        if self.0 % MILLIONTHS_PER_UNIT == 0 {
            return Value::from(self.0 / MILLIONTHS_PER_UNIT);
        }
        self.to_string()
            .parse::<Number>()
            .map_or(Value::Null, Value::Number)
    }

    /// Reads a JSON number; Finale refuses quantities written as text.
    pub(crate) fn from_json(value: &Value) -> Option<Units> {
        value.as_number()?.to_string().parse().ok()
    }
}

impl From<i64> for Units {
    fn from(whole: i64) -> Self {
        Units(whole.saturating_mul(MILLIONTHS_PER_UNIT))
    }
}

impl FromStr for Units {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        if let Some((mantissa, exponent)) = digits.split_once(['e', 'E']) {
            let plain = without_exponent(mantissa, exponent.parse()?)?;
            return plain
                .parse()
                .map(|units: Units| if negative { -units } else { units });
        }
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let fraction = fraction.trim_end_matches('0');
        if fraction.len() > DECIMALS_MAX {
            bail!("quantity `{text}` has more than {DECIMALS_MAX} decimals");
        }
        let whole: i64 = whole
            .parse()
            .with_context(|| format!("cannot read quantity `{text}`"))?;
        let padded: i64 = format!("{fraction:0<DECIMALS_MAX$}").parse()?;
        let millionths = whole
            .checked_mul(MILLIONTHS_PER_UNIT)
            .and_then(|scaled| scaled.checked_add(padded))
            .with_context(|| format!("quantity `{text}` is too large"))?;
        Ok(Units(if negative { -millionths } else { millionths }))
    }
}

/// Moves the decimal point, as in `1.5` and `-3` to `0.0015`.
fn without_exponent(mantissa: &str, exponent: i32) -> anyhow::Result<String> {
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let point = i32::try_from(whole.len())? + exponent;
    if !(-20..=40).contains(&point) {
        bail!("quantity `{mantissa}e{exponent}` is out of range");
    }
    if point <= 0 {
        let zeros = usize::try_from(-point)?;
        return Ok(format!("0.{}{digits}", "0".repeat(zeros)));
    }
    let point = usize::try_from(point)?;
    let padded = format!("{digits:0<point$}");
    Ok(format!("{}.{}", &padded[..point], &padded[point..]))
}

impl fmt::Display for Units {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let magnitude = self.0.unsigned_abs();
        let unit = MILLIONTHS_PER_UNIT.unsigned_abs();
        let fraction = format!("{:06}", magnitude % unit);
        match fraction.trim_end_matches('0') {
            "" => write!(formatter, "{sign}{}", magnitude / unit),
            fraction => write!(formatter, "{sign}{}.{fraction}", magnitude / unit),
        }
    }
}

impl Serialize for Units {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Units {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = Number::deserialize(deserializer)?;
        number.to_string().parse().map_err(serde::de::Error::custom)
    }
}

impl Add for Units {
    type Output = Units;

    fn add(self, other: Units) -> Units {
        Units(self.0.saturating_add(other.0))
    }
}

impl Sub for Units {
    type Output = Units;

    fn sub(self, other: Units) -> Units {
        Units(self.0.saturating_sub(other.0))
    }
}

impl Neg for Units {
    type Output = Units;

    fn neg(self) -> Units {
        Units(-self.0)
    }
}

impl AddAssign for Units {
    fn add_assign(&mut self, other: Units) {
        *self = *self + other;
    }
}

impl Sum for Units {
    fn sum<I: Iterator<Item = Units>>(units: I) -> Units {
        units.fold(Units::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_survive_being_read_and_written() {
        for (written, read_back) in [
            ("12", "12"),
            ("3.50", "3.5"),
            ("-0.000001", "-0.000001"),
            ("1e-6", "0.000001"),
            ("2.5e3", "2500"),
        ] {
            assert_eq!(written.parse::<Units>().unwrap().to_string(), read_back);
        }
    }

    #[test]
    fn a_seventh_decimal_is_refused() {
        assert!("0.0000001".parse::<Units>().is_err());
    }
}
