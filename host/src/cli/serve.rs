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
        say_how_to_sign_in(&daemon).await?;
        daemon.run(shutdown::asked()).await?;
        Ok(Exit::Done)
    }
}

/// Prints the link for the first admin, as long as there is none.
///
/// It goes to stdout, for whoever started the daemon, and not to the log: logs are collected and kept, and read by many
/// to whom the installation must not be open for a day.
async fn say_how_to_sign_in(daemon: &Daemon) -> anyhow::Result<()> {
    let Some(link) = daemon.new_set_up_link().await? else {
        return Ok(());
    };
    let text = format!(
        "nobody can sign in yet; set up the first admin within 24 hours: {}",
        link.reveal()
    );
    match output::line(&text) {
        Ok(()) => {
            tracing::info!("nobody can sign in yet; the link for the first admin is on stdout")
        }
        // A daemon is no worse for nobody reading what it prints.
        Err(_) => tracing::warn!(
            "nobody can sign in yet; `bestand user link` makes a link for the first admin"
        ),
    }
    Ok(())
}
