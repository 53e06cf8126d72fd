//! The files a check is told of, with errors that end it.

use std::path::Path;

use bestand_plugin_api::conformance::Profile;
use bestand_plugin_api::testing::Cassette;

use super::{folder_of, misuse};

/// Where skips stand when the settings are in another file.
const BESIDE: &str = "conformance.toml";

/// The profile, with what the `conformance.toml` beside it skips.
pub(super) fn load(path: &Path) -> anyhow::Result<Profile> {
    let mut profile = Profile::load(path).map_err(|error| misuse(error.to_string()))?;
    let beside = folder_of(path).join(BESIDE);
    if path.file_name().is_none_or(|name| name != BESIDE) && beside.is_file() {
        let more = Profile::load(&beside).map_err(|error| misuse(error.to_string()))?;
        profile.skip.extend(more.skip);
    }
    Ok(profile)
}

/// A cassette that is there.
pub(super) fn cassette(path: impl AsRef<Path>) -> anyhow::Result<Cassette> {
    Cassette::load(path).map_err(|error| misuse(error.to_string()))
}
