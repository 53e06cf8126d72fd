//! A measured number and what it counts.

use std::fmt;

/// A number with its unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Figure {
    pub(crate) value: f64,
    pub(crate) unit: Unit,
}

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    RequestsPerSecond,
    RowsPerSecond,
    Ratio,
    Microseconds,
    Milliseconds,
    BytesPerLevel,
    Megabytes,
}

// === impl Figure ===

impl Figure {
    pub(crate) fn new(value: f64, unit: Unit) -> Self {
        Self { value, unit }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.value;
        match self.unit {
            Unit::RequestsPerSecond | Unit::RowsPerSecond => {
                write!(f, "{} {}", thousands(value), self.unit.word())
            }
            Unit::Ratio | Unit::Microseconds | Unit::Milliseconds => {
                write!(f, "{value:.2}{}{}", self.unit.gap(), self.unit.word())
            }
            Unit::BytesPerLevel | Unit::Megabytes => write!(f, "{value:.0} {}", self.unit.word()),
        }
    }
}

/// `12,345`.
fn thousands(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut grouped = String::new();
    for (position, digit) in digits.char_indices() {
        if position > 0 && (digits.len() - position) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

// === impl Unit ===

impl Unit {
    /// As it is printed and stands in the JSON.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::RequestsPerSecond => "requests/s",
            Self::RowsPerSecond => "rows/s",
            Self::Ratio => "",
            Self::Microseconds => "µs",
            Self::Milliseconds => "ms",
            Self::BytesPerLevel => "bytes",
            Self::Megabytes => "MB",
        }
    }

    const fn gap(self) -> &'static str {
        match self {
            Self::Ratio => "",
            _ => " ",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_shown_with_as_much_as_they_tell() {
        let check =
            |value, unit, expected| assert_eq!(Figure::new(value, unit).to_string(), expected);
        check(1_234_567.4, Unit::RowsPerSecond, "1,234,567 rows/s");
        check(999.0, Unit::RequestsPerSecond, "999 requests/s");
        check(0.804, Unit::Ratio, "0.80");
        check(1.5, Unit::Microseconds, "1.50 µs");
        check(149.6, Unit::BytesPerLevel, "150 bytes");
    }
}
