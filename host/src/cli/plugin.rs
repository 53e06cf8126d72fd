//! `bestand plugin`: plugins made, signed, installed and looked at, one file per command.

mod check;
mod dev;
mod install;
mod key;
mod list;
mod new;
mod sign;
mod trust;
mod verify;

mod password;
mod running;
mod source;

use clap::Subcommand;

use super::context::Context;
use super::exit::Exit;

/// Make, sign, install and look at plugins
#[derive(Debug, Subcommand)]
pub(super) enum Plugin {
    Check(Box<check::Check>),
    Dev(dev::Dev),
    List(list::List),
    New(new::New),
    #[command(subcommand)]
    Key(key::Key),
    Sign(sign::Sign),
    Verify(verify::Verify),
    Trust(trust::Trust),
    Install(install::Install),
    Upgrade(install::Upgrade),
    Rollback(install::Rollback),
}

// === impl Plugin ===

impl Plugin {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        match self {
            Self::Check(command) => command.run().await,
            Self::Dev(command) => command.run().await,
            Self::List(command) => command.run(context).await,
            Self::New(command) => command.run(),
            Self::Key(command) => command.run(),
            Self::Sign(command) => command.run().await,
            Self::Verify(command) => command.run(context),
            Self::Trust(command) => command.run(context).await,
            Self::Install(command) => command.run(context).await,
            Self::Upgrade(command) => command.run(context).await,
            Self::Rollback(command) => command.run(context).await,
        }
    }
}
