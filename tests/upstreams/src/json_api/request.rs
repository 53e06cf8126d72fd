//! The log of what clients asked.

use jiff::Timestamp;
use serde::Serialize;

/// One request as it came in, and what was made of it.
#[derive(Clone, Debug, Serialize)]
pub struct Request {
    /// When, on the upstream's clock.
    pub at: Timestamp,
    /// `GET`, `POST`, …
    pub method: String,
    /// The path, not decoded.
    pub path: String,
    /// What follows the question mark, not decoded.
    pub query: Option<String>,
    /// The body, as text.
    pub body: String,
    /// The answer's status; `None` when the connection was dropped.
    pub status: Option<u16>,
}
