//! Ids as the newer API writes them: `se-17`.

/// The id of what has this number.
pub(super) fn of(number: i64) -> String {
    format!("se-{number}")
}

/// The number in an id.
pub(super) fn number(id: &str) -> Option<i64> {
    id.trim().strip_prefix("se-")?.parse().ok()
}
