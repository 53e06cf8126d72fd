//! Memory of a daemon without data, and what each level adds to it.

use std::time::Duration;

use crate::bench::Bench;
use crate::daemon::Daemon;
use crate::figure::{Figure, Unit};
use crate::load::get;
use crate::row::{Row, Target};
use crate::site::Site;
use crate::stats::{median, spread};

const IDLE_TARGET: Target = Target::AtMost(60.0);
const WORKER_TARGET: Target = Target::AtMost(10.0);
const LEVEL_TARGET: Target = Target::AtMost(150.0);

/// How long an idle daemon is left alone before it is looked at.
const REST: Duration = Duration::from_secs(2);

pub(super) fn measure(bench: &mut Bench) -> anyhow::Result<Vec<Row>> {
    let (idle, workers) = idle_bytes(bench)?;
    let stocked = bench.stocked()?;
    let per_level = stocked.resident_bytes.saturating_sub(idle) as f64 / stocked.levels as f64;
    Ok(vec![
        row(
            "memory without data",
            Figure::new(idle as f64 / 1e6, Unit::Megabytes),
            IDLE_TARGET,
            "resident, with four adapters in workers of their own".into(),
        ),
        row(
            "memory of an idle worker",
            Figure::new(median(&workers) / 1e6, Unit::Megabytes),
            WORKER_TARGET,
            format!(
                "resident, of {} sandboxed adapters; the largest {:.1} MB",
                workers.len(),
                spread(&workers).1 / 1e6
            ),
        ),
        row(
            "memory per level held",
            Figure::new(per_level, Unit::BytesPerLevel),
            LEVEL_TARGET,
            format!(
                "resident after a listing of {} levels, less the daemon without data: {:.0} MB more, SQLite's caches among them",
                stocked.levels,
                (stocked.resident_bytes.saturating_sub(idle)) as f64 / 1e6
            ),
        ),
    ])
}

fn row(what: &str, bestand: Figure, target: Target, note: String) -> Row {
    Row {
        what: what.into(),
        floor: None,
        bestand,
        target: Some(target),
        note,
    }
}

/// Of the daemon, and of each of its workers.
fn idle_bytes(bench: &mut Bench) -> anyhow::Result<(u64, Vec<f64>)> {
    let site = Site::make(bench, None)?;
    let mut daemon = Daemon::start(&site)?;
    daemon.ask_until_answered(&get("/healthz", None))?;
    std::thread::sleep(REST);
    let bytes = daemon.resident_bytes()?;
    let workers = daemon.workers_resident_bytes()?;
    daemon.stop()?;
    let workers = workers.into_iter().map(|bytes| bytes as f64).collect();
    Ok((bytes, workers))
}
