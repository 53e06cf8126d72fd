//! `bestand import`: files in, with progress while it runs and every refused line told.

mod orders;
mod stock;
mod stock_file;
mod stock_rehearsal;
pub(super) mod stock_writer;

use clap::Subcommand;

use super::context::Context;
use super::exit::Exit;

/// Bring orders and stock in from files
#[derive(Debug, Subcommand)]
pub enum Import {
    /// Import orders from a CSV, NDJSON or JSON file
    ///
    /// Rows of one order are joined wherever they stand. An order that is there already is replaced. What is reported as
    /// imported is stored: an import that was stopped is completed by running it again.
    Orders(orders::Orders),
    /// Set the stock of inventory sources from a CSV file
    ///
    /// Each line sets one SKU to a count, through the source's adapter: that of the built-in warehouse, or of a system
    /// that can be written to. A count can be set again without harm, so an import that was stopped is completed by
    /// running it again. Takes the files that `bestand export stock` writes.
    Stock(stock::Stock),
}

// === impl Import ===

impl Import {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        match self {
            Self::Orders(command) => command.run(context).await,
            Self::Stock(command) => command.run(context).await,
        }
    }
}
