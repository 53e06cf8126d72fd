//! `bestand plugin dev`: an adapter at work in the sandbox, and again after each change of its sources.
//!
//! `project` is what is watched; a round builds it (`build`), starts it (`adapter`) and asks what the daemon asks
//! (`round`), before a system that is played or live (`upstream`). `observed` shows what the adapter asks for
//! meanwhile, `screen` how it looks.

mod adapter;
mod build;
mod keys;
mod observed;
mod project;
mod round;
mod screen;
mod upstream;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use self::keys::{Key, Keys};
use self::project::{Fingerprint, Project};
use self::screen::Screen;
use crate::cli::exit::{BadArguments, Exit};
use crate::cli::shutdown;

/// How often the files are looked at: sooner than anybody notices, and next to no work.
const LOOK_INTERVAL: Duration = Duration::from_millis(300);

/// Build an adapter, run it in the sandbox against its fake upstream, and again after each change
///
/// Shows what the daemon asks (check, locations, listing, some SKUs), every HTTP request of the adapter, its log and
/// the levels that come out. Nothing is stored, and no daemon is needed.
#[derive(Debug, Args)]
pub(crate) struct Dev {
    /// The adapter's crate
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,
    /// Settings, secrets and upstream to run with; without it `tests/conformance.toml` of the crate
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// What answers the adapter: a cassette, or a live system; without it, what the settings name
    #[arg(long, value_name = "FILE|URL")]
    upstream: Option<String>,
    /// SKUs to ask for, separated by commas; without it, some of the listing
    #[arg(long = "sku", value_name = "SKUS", value_delimiter = ',')]
    skus: Vec<String>,
    /// Run once and exit: with 0 when all went well, else with 1
    #[arg(long)]
    once: bool,
}

/// Why there is another round, or none.
enum Next {
    Again(&'static str),
    Quit,
}

// === impl Dev ===

impl Dev {
    pub(super) async fn run(self) -> anyhow::Result<Exit> {
        let once = self.once;
        let project = Project::new(self.dir, self.settings, self.upstream, &self.skus);
        let project = project.map_err(BadArguments)?;
        let screen = Arc::new(Screen::default());
        let mut keys = Keys::listen(once);
        loop {
            let seen = project.fingerprint();
            let went_well = tokio::select! {
                went_well = round::run(&project, &screen) => went_well?,
                () = keys.quit() => return Ok(Exit::Done),
                () = shutdown::asked() => return Ok(Exit::Done),
            };
            if once {
                return Ok(if went_well { Exit::Done } else { Exit::Failed });
            }
            screen.waiting(seen.files, keys.are_read())?;
            match next(&project, &seen, &mut keys).await {
                Next::Again(why) => screen.again(why)?,
                Next::Quit => return Ok(Exit::Done),
            }
        }
    }
}

async fn next(project: &Project, seen: &Fingerprint, keys: &mut Keys) -> Next {
    tokio::select! {
        () = change(project, seen) => Next::Again("a file has changed"),
        key = keys.next() => match key {
            Key::Again => Next::Again("once more"),
            Key::Quit => Next::Quit,
        },
        () = shutdown::asked() => Next::Quit,
    }
}

/// Ready when the files differ from `seen` and nobody is writing them any more.
async fn change(project: &Project, seen: &Fingerprint) {
    let mut before = project.fingerprint();
    loop {
        tokio::time::sleep(LOOK_INTERVAL).await;
        let now = project.fingerprint();
        if now == before && now != *seen {
            return;
        }
        before = now;
    }
}
