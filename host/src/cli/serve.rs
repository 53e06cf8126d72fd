//! `bestand serve`: the daemon.

use clap::Args;

use super::context::Context;
use super::exit::Exit;
use super::{output, shutdown};
use crate::config::CommandLine;
use crate::daemon::Daemon;
use crate::telemetry::Telemetry;

/// Run the daemon until it is told to stop
///
/// SIGTERM or Ctrl-C stops it: requests under way are answered, syncs go on from where they were at the next start.
/// SIGHUP, or `bestand reload`, reads the config file again.
#[derive(Debug, Args)]
pub struct Serve {
    /// Run what nobody signed as well; for trying things out
    #[arg(long)]
    allow_unsigned: bool,
}

// === impl Serve ===

impl Serve {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let config = context.config()?.with(CommandLine {
            allow_unsigned: self.allow_unsigned,
        });
        let telemetry = Telemetry::start(&config.log)?;
        let daemon = Daemon::build(config, telemetry).await?;
        output::note(&format!("listening on http://{}", daemon.address()?));
        daemon.run(shutdown::asked()).await?;
        Ok(Exit::Done)
    }
}
