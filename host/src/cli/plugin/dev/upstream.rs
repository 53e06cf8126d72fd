//! What answers the adapter: a cassette, or a live system.

use std::path::Path;
use std::sync::Arc;

use bestand_plugin_api::conformance::Profile;
use bestand_plugin_api::testing::{Cassette, Player, Upstream};
use bestand_plugin_api::{Manifest, Timestamp};

use super::project::Project;
use crate::clock::Clock;
use crate::plugin::services::Live;

/// A system, and where the clock stands when the adapter speaks to it.
pub(super) struct System {
    pub(super) upstream: Arc<dyn Upstream>,
    pub(super) now: Timestamp,
    pub(super) is_live: bool,
}

// === impl System ===

impl System {
    /// The system that the command line names, else that of the settings.
    ///
    /// # Errors
    /// When nobody names one, or it cannot be played.
    pub(super) fn of(
        project: &Project,
        profile: &Profile,
        manifest: &Manifest,
    ) -> Result<Self, String> {
        match (&project.upstream, &profile.upstream) {
            (Some(named), _) if named.contains("://") => Self::live(named, manifest),
            (Some(named), _) => Self::played(Path::new(named)),
            (None, Some(named)) if named.contains("://") => Self::live(named, manifest),
            (None, Some(named)) => Self::played(&project.settings.with_file_name("").join(named)),
            (None, None) => Err(format!(
                "nothing answers the adapter; name a cassette or an address with `--upstream`, or as `upstream` in `{}`",
                project.settings.display()
            )),
        }
    }

    fn played(path: &Path) -> Result<Self, String> {
        let cassette = Cassette::load(path).map_err(|error| error.to_string())?;
        Ok(Self {
            now: cassette
                .recorded_at
                .unwrap_or_else(|| Clock::system().now()),
            upstream: Arc::new(Player::new(cassette)),
            is_live: false,
        })
    }

    fn live(address: &str, manifest: &Manifest) -> Result<Self, String> {
        let clock = Clock::system();
        let live = Live::new(address, manifest, clock.clone());
        Ok(Self {
            upstream: Arc::new(live.map_err(|error| error.message)?),
            now: clock.now(),
            is_live: true,
        })
    }
}
