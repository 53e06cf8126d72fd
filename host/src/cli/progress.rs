//! How far a long command is: a bar on a terminal, a line now and then elsewhere.

use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::output;

/// How often a line is written where there is no terminal.
const LINE_INTERVAL: Duration = Duration::from_secs(5);

/// How far a command is. On stderr, beside the result.
pub(super) struct Progress {
    bar: ProgressBar,
    /// When a line is due; `None` on a terminal, where the bar moves.
    line_due: Option<Instant>,
}

/// What is counted.
#[derive(Clone, Copy, Debug)]
pub(super) enum Unit {
    Bytes,
    Rows,
    Tests,
}

// === impl Progress ===

impl Progress {
    /// `total` is left out where nobody knows it.
    pub(super) fn new(unit: Unit, total: Option<u64>) -> Self {
        let on_terminal = io::stderr().is_terminal();
        let target = if on_terminal {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar =
            ProgressBar::with_draw_target(total, target).with_style(unit.style(total.is_some()));
        Self {
            bar,
            line_due: (!on_terminal).then(|| Instant::now() + LINE_INTERVAL),
        }
    }

    /// So much is done; `text` says more of it.
    pub(super) fn set(&mut self, done: u64, text: impl Fn() -> String) {
        self.bar.set_position(done);
        match self.line_due {
            None => self.bar.set_message(text()),
            Some(due) if Instant::now() >= due => {
                output::note(&text());
                self.line_due = Some(Instant::now() + LINE_INTERVAL);
            }
            Some(_) => {}
        }
    }

    /// Says something without breaking the bar.
    pub(super) fn note(&self, text: &str) {
        self.bar.suspend(|| output::note(text));
    }

    /// Takes the bar away.
    pub(super) fn finish(self) {
        self.bar.finish_and_clear();
    }
}

// === impl Unit ===

impl Unit {
    fn style(self, has_end: bool) -> ProgressStyle {
        let template = match (self, has_end) {
            (Self::Bytes, true) => "{bar:30} {bytes}/{total_bytes}, {eta} left  {msg}",
            (Self::Bytes, false) => "{spinner} {bytes}  {msg}",
            (Self::Rows, true) => "{bar:30} {human_pos}/{human_len}, {eta} left  {msg}",
            (Self::Tests, _) => "{bar:30} {pos}/{len}  {msg}",
            (Self::Rows, false) => "{spinner} {human_pos}  {msg}",
        };
        ProgressStyle::with_template(template).expect("the templates are constant and tested")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_is_one() {
        for unit in [Unit::Bytes, Unit::Rows, Unit::Tests] {
            let _ = (unit.style(true), unit.style(false));
        }
    }
}
