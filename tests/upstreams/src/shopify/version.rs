//! API versions: which are served, and which one answers for a version that is gone.

use serde_json::{Value, json};

/// The latest stable version, whose schema this simulation speaks.
pub const LATEST: &str = "2026-10";

/// Oldest first; the second number says whether it is a stable release.
const VERSIONS: [(&str, &str, bool); 6] = [
    ("2026-01", "2026-01", true),
    ("2026-04", "2026-04", true),
    ("2026-07", "2026-07", true),
    (LATEST, "2026-10 (Latest)", true),
    ("2027-01", "2027-01 (Release candidate)", false),
    ("unstable", "unstable", false),
];

/// The version that serves a request for `wanted`: itself, or the oldest one for a version that is retired.
pub(crate) fn find_serving(wanted: &str) -> Option<&'static str> {
    if let Some((handle, ..)) = VERSIONS.iter().find(|(handle, ..)| *handle == wanted) {
        return Some(handle);
    }
    let (year, month) = wanted.split_once('-')?;
    let quarterly = year.len() == 4
        && year.parse::<u16>().is_ok()
        && matches!(month, "01" | "04" | "07" | "10");
    let oldest = VERSIONS[0].0;
    (quarterly && wanted < oldest).then_some(oldest)
}

/// The answer to `publicApiVersions`.
pub(crate) fn list() -> Value {
    let version = |(handle, name, supported): &(&str, &str, bool)| json!({ "handle": handle, "displayName": name, "supported": supported });
    VERSIONS.iter().map(version).collect()
}
