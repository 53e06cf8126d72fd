//! From the start of the process to the first right answer, over a million stored levels.

use bestand::api_key::Role;

use crate::bench::Bench;
use crate::daemon::Daemon;
use crate::figure::{Figure, Unit};
use crate::question::Question;
use crate::row::{Row, Target};
use crate::stats::{median, spread};

const TARGET: Target = Target::AtMost(1000.0);

pub(super) fn measure(bench: &mut Bench) -> anyhow::Result<Vec<Row>> {
    let starts = bench.sizes.starts;
    let stocked = bench.stocked()?;
    let asker = stocked.asker(Role::Reader)?;
    let mut millis = Vec::new();
    for start in 0..starts {
        let question = Question::of_articles(vec![(start as u64 * 1009 + 17) % stocked.levels]);
        let mut daemon = Daemon::start(&stocked.site)?;
        let answer = daemon.ask_until_answered(&asker.request(&question))?;
        millis.push(daemon.started().elapsed().as_secs_f64() * 1000.0);
        question.check(&answer)?;
        daemon.stop()?;
    }
    let (least, most) = spread(&millis);
    Ok(vec![Row {
        what: format!("start with {} levels", stocked.levels),
        floor: None,
        bestand: Figure::new(median(&millis), Unit::Milliseconds),
        target: Some(TARGET),
        note: format!(
            "from the start of the process to the first answer, which was right; {least:.0} to {most:.0} ms"
        ),
    }])
}
