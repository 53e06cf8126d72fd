//! `bestand plugin`: plugins looked at, one file per command.

mod dev;
mod list;
mod new;

use clap::Subcommand;

use super::context::Context;
use super::exit::Exit;

/// Look at plugins
#[derive(Debug, Subcommand)]
pub(super) enum Plugin {
    Dev(dev::Dev),
    List(list::List),
    New(new::New),
}

// === impl Plugin ===

impl Plugin {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        match self {
            Self::Dev(command) => command.run().await,
            Self::List(command) => command.run(context).await,
            Self::New(command) => command.run(),
        }
    }
}
