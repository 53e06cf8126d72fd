//! A full listing through a sandboxed plugin into SQLite, durable, against upserts written by hand.

use crate::bench::Bench;
use crate::figure::{Figure, Unit};
use crate::floor::upsert;
use crate::report::progress;
use crate::row::{Row, Target};
use crate::stats::{median, spread};
use crate::stocked::Stocked;

/// What is asked of it.
const TARGET: Target = Target::OfFloor(0.5);

pub(super) fn measure(bench: &mut Bench) -> anyhow::Result<Vec<Row>> {
    let (mut floors, mut listings) = (Vec::new(), Vec::new());
    for round in 0..bench.sizes.listing_rounds {
        let folder = bench.folder("floor")?;
        floors.push(upsert::rows_per_second(
            &folder.join("floor.db"),
            bench.sizes.levels,
        )?);
        std::fs::remove_dir_all(folder)?;
        let stocked = Stocked::fill(bench)?;
        listings.push(stocked.levels_per_second());
        bench.keep(stocked);
        progress(&format!(
            "  round {round}: floor {:.0}, listing {:.0} rows/s",
            floors[round], listings[round]
        ));
    }
    let figure = |rates: &[f64]| Figure::new(median(rates), Unit::RowsPerSecond);
    let ((floor_least, floor_most), (least, most)) = (spread(&floors), spread(&listings));
    Ok(vec![Row {
        what: format!("full listing of {} levels, sandboxed", bench.sizes.levels),
        floor: Some(figure(&floors)),
        bestand: figure(&listings),
        target: Some(TARGET),
        note: format!(
            "from the first call into the plugin to the completed run, all pages durable; floor {floor_least:.0} to \
             {floor_most:.0}, Bestand {least:.0} to {most:.0} rows/s"
        ),
    }])
}
