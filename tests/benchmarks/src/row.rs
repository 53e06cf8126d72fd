//! One row of the table: what was measured, against what, and whether it is enough.

use crate::figure::{Figure, Unit};

/// One row of the table.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// What was measured.
    pub(crate) what: String,
    /// The floor, where there is one.
    pub(crate) floor: Option<Figure>,
    /// What Bestand reached.
    pub(crate) bestand: Figure,
    /// What it must reach; none where it only helps to read the other rows.
    pub(crate) target: Option<Target>,
    /// How it came about: spread, sizes, what else was seen.
    pub(crate) note: String,
}

/// What must be reached.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Target {
    /// This part of the floor, or more.
    OfFloor(f64),
    /// This much, or less.
    AtMost(f64),
    /// This much, or more.
    AtLeast(f64),
}

// === impl Row ===

impl Row {
    /// What the target is compared with.
    pub(crate) fn measured(&self) -> Figure {
        match (self.target, self.floor) {
            (Some(Target::OfFloor(_)), Some(floor)) => {
                Figure::new(self.bestand.value / floor.value, Unit::Ratio)
            }
            _ => self.bestand,
        }
    }

    /// Whether it is enough; `None` where nothing is asked.
    pub(crate) fn is_reached(&self) -> Option<bool> {
        let value = self.measured().value;
        self.target.map(|target| match target {
            Target::OfFloor(least) | Target::AtLeast(least) => value >= least,
            Target::AtMost(most) => value <= most,
        })
    }

    /// The target as it is printed.
    pub(crate) fn target_text(&self) -> String {
        match self.target {
            Some(Target::OfFloor(least)) => format!(">= {}", Figure::new(least, Unit::Ratio)),
            Some(Target::AtLeast(least)) => {
                format!(">= {}", Figure::new(least, self.bestand.unit))
            }
            Some(Target::AtMost(most)) => format!("<= {}", Figure::new(most, self.bestand.unit)),
            None => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(bestand: f64, floor: Option<f64>, target: Target) -> Row {
        let figure = |value| Figure::new(value, Unit::RowsPerSecond);
        let (floor, bestand) = (floor.map(figure), figure(bestand));
        Row {
            what: "x".into(),
            floor,
            bestand,
            target: Some(target),
            note: String::new(),
        }
    }

    #[test]
    fn a_ratio_is_judged_against_the_floor_and_a_limit_by_itself() {
        assert_eq!(
            row(80.0, Some(100.0), Target::OfFloor(0.8)).is_reached(),
            Some(true)
        );
        assert_eq!(
            row(79.0, Some(100.0), Target::OfFloor(0.8)).is_reached(),
            Some(false)
        );
        assert_eq!(row(3.0, None, Target::AtMost(3.0)).is_reached(), Some(true));
        assert_eq!(
            row(3.1, None, Target::AtMost(3.0)).is_reached(),
            Some(false)
        );
    }
}
