//! The rows, in the order they are measured: what one leaves behind serves the next.

mod adapter_call;
mod availability;
mod beside;
mod console;
mod ingest;
mod memory;
mod push;
mod start;

use clap::ValueEnum;

use crate::bench::Bench;
use crate::row::Row;

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Measurement {
    /// A call into an adapter.
    AdapterCall,
    /// A full listing into the database.
    Ingest,
    /// Levels that a partner pushes: a whole catalogue, and one by one.
    Push,
    /// Memory without data, and per level.
    Memory,
    /// From the start of the process to the first answer.
    Start,
    /// `POST /availability` with 10 lines and with one.
    Availability,
    /// The same beside an adapter that crashes, loops or floods the log.
    Beside,
    /// Pages of the console.
    Console,
}

// === impl Measurement ===

impl Measurement {
    /// Those that are asked for; all, when none is named.
    pub(crate) fn wanted(only: &[Self]) -> Vec<Self> {
        let all = Self::value_variants().iter().copied();
        all.filter(|each| only.is_empty() || only.contains(each))
            .collect()
    }

    /// As it is named on the command line.
    pub(crate) fn name(self) -> String {
        self.to_possible_value()
            .map(|value| value.get_name().to_owned())
            .unwrap_or_default()
    }

    pub(crate) fn measure(self, bench: &mut Bench) -> anyhow::Result<Vec<Row>> {
        match self {
            Self::AdapterCall => adapter_call::measure(bench),
            Self::Ingest => ingest::measure(bench),
            Self::Push => push::measure(bench),
            Self::Memory => memory::measure(bench),
            Self::Start => start::measure(bench),
            Self::Availability => availability::measure(bench),
            Self::Beside => beside::measure(bench),
            Self::Console => console::measure(bench),
        }
    }
}
