//! Durations written as plain numbers, with their unit in the key's name.

use std::time::Duration;

use serde::{Deserialize, Deserializer};

const SECS_PER_DAY: u64 = 86_400;

/// For keys that end in `_secs`.
pub(super) fn secs<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    u64::deserialize(deserializer).map(Duration::from_secs)
}

/// For keys that end in `_secs` and may be left out.
pub(super) fn optional_secs<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Duration>, D::Error> {
    Ok(Option::<u64>::deserialize(deserializer)?.map(Duration::from_secs))
}

/// For keys that end in `_ms`.
pub(super) fn millis<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    u64::deserialize(deserializer).map(Duration::from_millis)
}

/// For keys that end in `_days`.
pub(super) fn days<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    u64::deserialize(deserializer)
        .map(|days| Duration::from_secs(days.saturating_mul(SECS_PER_DAY)))
}
