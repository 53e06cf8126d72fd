//! What a level was put together from, as an adapter says it: made fit to be kept and shown.

use bestand_plugin_api::LevelPart;
use bestand_plugin_api::sources::SOURCES_MAX;

use crate::clip::clip;

/// These parts, no more and no longer than fits a page.
pub(crate) fn fitting(mut parts: Vec<LevelPart>) -> Vec<LevelPart> {
    parts.truncate(SOURCES_MAX);
    for part in &mut parts {
        for text in [&mut part.source.0, &mut part.name, &mut part.said] {
            *text = clip(text.as_bytes());
        }
    }
    parts
}
