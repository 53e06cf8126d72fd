//! What was asked of the simulated shop, for tests that count requests.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

/// One request as it arrived, and how it was answered.
#[derive(Clone, Debug, Serialize)]
pub struct Logged {
    /// When, on the shop's clock.
    pub at: Timestamp,
    /// The path, which names the API version.
    pub path: String,
    /// The GraphQL operation's name, when the body was understood.
    pub operation: Option<String>,
    /// Its variables.
    pub variables: Value,
    /// Whether an access token came with it.
    pub with_token: bool,
    /// The HTTP status answered; 0 when the connection was broken instead.
    pub status: u16,
    /// The points it was charged.
    pub requested_cost: Option<u64>,
}
