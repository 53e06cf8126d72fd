//! Ship-from locations: where orders ship from, each linked to at most one source.

use bestand_plugin_api::Timestamp;
use serde::{Deserialize, Serialize};

use crate::allocation::AllocationMode;
use crate::id::{AccountId, ShipFromId, SourceId};

mod buffer;

pub use buffer::{Buffer, InvalidBuffer, Share};

/// Where orders ship from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShipFromLocation {
    /// Its id.
    pub id: ShipFromId,
    /// Whose it is.
    pub account_id: AccountId,
    /// What people call it; unique within the account.
    pub name: String,
    /// One line for people.
    pub address: Option<String>,
    /// Whether orders that name no location ship from here; one per account at most.
    pub is_default: bool,
    /// What zero or unknown stock means for an order.
    pub policy: Policy,
    /// Safety stock, taken off what is available.
    pub buffer: Buffer,
    /// How its orders are promised their goods.
    pub allocation: AllocationMode,
    /// The one source it is linked to.
    pub source_id: Option<SourceId>,
    /// Grows with each change; what a change is based on.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
}

/// What zero or unknown stock means for an order.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Policy {
    /// Nothing: it is shown and ships all the same.
    Allow,
    /// Staff are warned.
    #[default]
    Warn,
    /// The order must not ship.
    Block,
}

// === impl Policy ===

impl Policy {
    /// As it is stored and shown.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Warn => "warn",
            Self::Block => "block",
        }
    }
}

impl std::str::FromStr for Policy {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "allow" => Ok(Self::Allow),
            "warn" => Ok(Self::Warn),
            "block" => Ok(Self::Block),
            other => Err(format!(
                "`{other}` is no policy; it is allow, warn or block"
            )),
        }
    }
}
