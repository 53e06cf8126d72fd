//! The benchmarks: every row of the speed table, each against its floor, measured in the same run.
//!
//! `Arguments → Bench → rows → report`: a row ([`rows`]) measures and says what it found as a [`row::Row`]; [`report`]
//! prints the table and writes it as JSON. What is measured is the daemon's own release binary with a plugin loaded
//! from its library, in a process of its own ([`daemon`]); floors that are servers ([`floor`]) are processes too.
//!
//! The machine may be busy with other things. So floor and daemon take turns, and what counts is the median.

mod bench;
mod daemon;
mod figure;
mod floor;
mod load;
mod process;
mod question;
mod report;
mod row;
mod rows;
mod site;
mod sizes;
mod stats;
mod stocked;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use bench::Bench;
use rows::Measurement;
use sizes::Sizes;

/// Measures Bestand against the speed it must reach.
#[derive(Debug, Parser)]
struct Arguments {
    /// Smaller sizes: a look in about a minute, too short for a verdict.
    #[arg(long)]
    quick: bool,
    /// Writes the table to this file as JSON, too.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Measures only this row; may be given several times.
    #[arg(long, value_name = "ROW")]
    only: Vec<Measurement>,
    #[command(subcommand)]
    part: Option<Part>,
}

/// What runs in a process of its own; started by the benchmark itself.
#[derive(Debug, Subcommand)]
enum Part {
    /// Serves the floors of the availability rows.
    #[command(hide = true)]
    Floor(floor::server::Floor),
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report::complain(&error);
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> anyhow::Result<()> {
    if let Some(Part::Floor(floor)) = arguments.part {
        return floor.serve();
    }
    let sizes = match arguments.quick {
        true => Sizes::quick(),
        false => Sizes::full(),
    };
    let mut bench = Bench::new(sizes)?;
    let mut rows = Vec::new();
    for measurement in Measurement::wanted(&arguments.only) {
        report::progress(&format!("measuring {}", measurement.name()));
        rows.extend(measurement.measure(&mut bench)?);
    }
    report::table(&rows, &sizes)?;
    match arguments.json {
        Some(file) => report::json(&rows, &sizes, &file),
        None => Ok(()),
    }
}
