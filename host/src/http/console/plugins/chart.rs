//! A plugin's last hour as small charts: a column for each minute, drawn as the strokes of a path.

use std::fmt::Write;
use std::time::Duration;

use bestand_plugin_api::Quantity;

use super::process::mebibytes;
use crate::http::console::visitor::Visitor;
use crate::plugin::Minute;

/// Where columns stand and how far they reach, in the chart's own units.
const LEFT: f64 = 6.0;
const STEP: f64 = 5.2;
const FLOOR: f64 = 82.0;
const CEILING: f64 = 22.0;
/// Half of the stroke that stands for a median.
const HALF: f64 = 2.0;
/// What takes less is drawn as if it took this: shorter calls differ by chance.
const SHORTEST: Duration = Duration::from_micros(10);

/// A chart.
pub(super) struct Chart {
    pub(super) title: String,
    pub(super) summary: String,
    /// What the tallest column stands for; empty when there is none.
    pub(super) most: String,
    pub(super) strokes: [Stroke; 2],
}

/// All strokes of one sort.
pub(super) struct Stroke {
    pub(super) class: &'static str,
    pub(super) path: String,
}

// === impl Chart ===

impl Chart {
    /// How many calls ended, and on top of each other how many of them failed.
    pub(super) fn of_calls(minutes: &[Minute], visitor: &Visitor) -> Self {
        let text = visitor.text();
        let most = minutes.iter().map(|minute| minute.calls).max();
        let most = most.unwrap_or_default();
        let calls: u64 = minutes.iter().map(|minute| minute.calls).sum();
        let errors: u64 = minutes.iter().map(|minute| minute.errors).sum();
        let height = |count: u64| FLOOR - part(count, most) * (FLOOR - CEILING);
        let (mut worked, mut failed) = (String::new(), String::new());
        for (x, minute) in places(minutes) {
            if minute.calls > minute.errors {
                let (from, to) = (height(minute.errors), height(minute.calls));
                let _ = write!(worked, "M{x:.1} {from:.1}V{to:.1}");
            }
            if minute.errors > 0 {
                let _ = write!(failed, "M{x:.1} {FLOOR:.1}V{:.1}", height(minute.errors));
            }
        }
        let shown = |count| visitor.whole(count);
        let values = [
            ("calls", shown(calls).into()),
            ("errors", shown(errors).into()),
        ];
        Self {
            title: text.say("plugin-chart-calls"),
            summary: match calls {
                0 => text.say("plugin-chart-quiet"),
                _ => text.with("plugin-chart-calls-summary", &values),
            },
            most: match most {
                0 => String::new(),
                most => text.name("plugin-chart-per-minute", shown(most)),
            },
            strokes: [
                Stroke::of("bars", worked),
                Stroke::of("bars trouble", failed),
            ],
        }
    }

    /// How long calls took: up to the longest a thin stroke, across it the median. Upwards each same step is the same
    /// factor, or a single slow call would press all others flat.
    pub(super) fn of_times(minutes: &[Minute], visitor: &Visitor) -> Self {
        let text = visitor.text();
        let longest = minutes.iter().filter_map(|minute| minute.worst).max();
        let top = octaves(longest.unwrap_or_default()).max(1.0);
        let height = |took| FLOOR - octaves(took) / top * (FLOOR - CEILING);
        let (mut spans, mut medians) = (String::new(), String::new());
        for (x, minute) in places(minutes) {
            let (Some(median), Some(worst)) = (minute.median, minute.worst) else {
                continue;
            };
            let _ = write!(spans, "M{x:.1} {FLOOR:.1}V{:.1}", height(worst));
            let _ = write!(
                medians,
                "M{:.1} {:.1}h{:.1}",
                x - HALF,
                height(median),
                2.0 * HALF
            );
        }
        let usual = middle(minutes.iter().filter_map(|minute| minute.median));
        let shown = |took| time(took, visitor);
        Self {
            title: text.say("plugin-chart-times"),
            summary: match (usual, longest) {
                (Some(usual), Some(longest)) => text.with(
                    "plugin-chart-times-summary",
                    &[
                        ("usual", shown(usual).into()),
                        ("longest", shown(longest).into()),
                    ],
                ),
                _ => text.say("plugin-chart-quiet"),
            },
            most: longest.map(shown).unwrap_or_default(),
            strokes: [Stroke::of("span", spans), Stroke::of("bars", medians)],
        }
    }

    /// How much memory its process used; nothing for one that has none of its own, or was not looked at yet.
    pub(super) fn of_memory(minutes: &[Minute], visitor: &Visitor) -> Option<Self> {
        let text = visitor.text();
        let most = minutes
            .iter()
            .filter_map(|minute| minute.memory_bytes)
            .max()?;
        let last = minutes
            .iter()
            .rev()
            .find_map(|minute| minute.memory_bytes)?;
        let mut bars = String::new();
        for (x, minute) in places(minutes) {
            let Some(bytes) = minute.memory_bytes else {
                continue;
            };
            let top = FLOOR - part(bytes, most) * (FLOOR - CEILING);
            let _ = write!(bars, "M{x:.1} {FLOOR:.1}V{top:.1}");
        }
        let shown = |bytes| mebibytes(bytes, visitor);
        let values = [("last", shown(last).into()), ("most", shown(most).into())];
        Some(Self {
            title: text.say("plugin-chart-memory"),
            summary: text.with("plugin-chart-memory-summary", &values),
            most: shown(most),
            strokes: [Stroke::of("bars", bars), Stroke::of("bars", String::new())],
        })
    }
}

// === impl Stroke ===

impl Stroke {
    fn of(class: &'static str, path: String) -> Self {
        Self { class, path }
    }
}

/// Each minute with where it stands, from the left.
fn places(minutes: &[Minute]) -> impl Iterator<Item = (f64, &Minute)> {
    let places = (0_u32..).map(|number| LEFT + STEP * f64::from(number));
    places.zip(minutes)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a pixel is off sooner than 52 bits"
)]
fn part(count: u64, most: u64) -> f64 {
    count as f64 / most.max(1) as f64
}

/// How often the shortest time doubles in this one.
fn octaves(took: Duration) -> f64 {
    (took.max(SHORTEST).as_secs_f64() / SHORTEST.as_secs_f64()).log2()
}

fn middle(times: impl Iterator<Item = Duration>) -> Option<Duration> {
    let mut times: Vec<_> = times.collect();
    times.sort_unstable();
    times.get(times.len() / 2).copied()
}

/// With two or three digits that mean something.
fn time(took: Duration, visitor: &Visitor) -> String {
    let (micros, unit, per_unit) = match took.as_micros() {
        micros @ 0..1_000 => (micros, "µs", 1),
        micros @ 1_000..1_000_000 => (micros, "ms", 1_000),
        micros => (micros, "s", 1_000_000),
    };
    let tenths = micros * 10 / per_unit;
    let shown = match tenths {
        0..100 => tenths,
        more => more / 10 * 10,
    };
    let millionths = i64::try_from(shown * 100_000).unwrap_or(i64::MAX);
    let quantity = visitor.quantity(Quantity::from_millionths(millionths));
    format!("{quantity} {unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_is_that_of_the_minutes_with_calls() {
        let times = [9, 1, 5].map(Duration::from_millis);
        assert_eq!(middle(times.into_iter()), Some(Duration::from_millis(5)));
        assert_eq!(middle(std::iter::empty()), None);
    }

    #[test]
    fn a_column_is_as_tall_as_its_part() {
        assert!((part(5, 10) - 0.5).abs() < 1e-9);
        assert!(part(0, 0).abs() < 1e-9);
        assert!(octaves(Duration::ZERO).abs() < 1e-9);
        assert!((octaves(SHORTEST * 8) - 3.0).abs() < 1e-9);
    }
}
