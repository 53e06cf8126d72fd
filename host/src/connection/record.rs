//! What is stored of a connection: how it is configured, not the state it is in.

use bestand_plugin_api::Timestamp;

use crate::id::{AccountId, ConnectionId};
use crate::source::Owner;

/// An account's configured instance of an adapter. Its secrets are stored apart, encrypted.
#[derive(Clone, Debug, PartialEq)]
pub struct Connection {
    /// Its id.
    pub id: ConnectionId,
    /// Whose it is.
    pub account_id: AccountId,
    /// What the operator calls it; unique within the account.
    pub name: String,
    /// The id of its adapter.
    pub adapter: String,
    /// What the adapter's schema asks for, without secrets.
    pub settings: serde_json::Value,
    /// Where it was configured, and so where it may be changed.
    pub origin: Origin,
    /// The partner that pushes to it, or that registered itself to be asked; none where an operator made it.
    pub partner: Option<String>,
    /// Whether the operator has stopped its syncs and queries.
    pub paused: bool,
    /// Whether it may speak to addresses of the own network.
    pub allow_private_network: bool,
    /// Seconds between syncs, when it is not the installation's default.
    pub sync_interval_secs: Option<i64>,
    /// Seconds from one full listing to the next, when not the installation's.
    pub reconcile_secs: Option<i64>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Grows with each change; what a change is based on.
    pub version: i64,
}

/// Where a connection was configured, and so where it may be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// In the config file; shown elsewhere but not editable there.
    Config,
    /// Through the API.
    Api,
}

// === impl Connection ===

impl Connection {
    /// Whose its sources are.
    #[must_use]
    pub fn owner(&self) -> Owner {
        Owner {
            adapter: self.adapter.clone(),
            partner: self.partner.clone(),
        }
    }

    /// Whether both read the same account in the same way, so that what one has listed holds for the other.
    #[must_use]
    pub fn reads_the_same_as(&self, other: &Self) -> bool {
        self.adapter == other.adapter && self.settings == other.settings
    }
}

// === impl Origin ===

impl Origin {
    /// As it is stored and shown.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::Api => "api",
        }
    }
}

impl std::str::FromStr for Origin {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "config" => Ok(Self::Config),
            "api" => Ok(Self::Api),
            other => Err(format!("`{other}` is no origin")),
        }
    }
}
