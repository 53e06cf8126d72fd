//! `bestand warehouse`: the ledger of the built-in warehouse, read and proven.

mod ledger;
mod verify;

use clap::Subcommand;

use super::context::Context;
use super::exit::Exit;

/// Read the ledger of the built-in warehouse, and prove that it adds up
#[derive(Debug, Subcommand)]
pub enum Warehouse {
    /// Add up every change in the ledger and say where that is not what is held; nothing is changed
    Verify(verify::Verify),
    /// List the changes at a source: of one article the newest first, of all of them by article
    Ledger(ledger::Ledger),
}

/// Who is said to have looked.
const ACTOR: &str = "bestand warehouse";

// === impl Warehouse ===

impl Warehouse {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        match self {
            Self::Verify(command) => command.run(context).await,
            Self::Ledger(command) => command.run(context).await,
        }
    }
}
