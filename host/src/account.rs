//! Accounts: whose rows these are. A merchant with one account never notices.

use bestand_plugin_api::Timestamp;

use crate::id::AccountId;

/// Whose rows these are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its id, first in the key of every row.
    pub id: AccountId,
    /// What the operator calls it; unique.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
}

// === impl Account ===

impl Account {
    /// The name of the account that the first start makes.
    pub const FIRST: &str = "default";

    /// A new account.
    #[must_use]
    pub fn new(name: &str, now: Timestamp) -> Self {
        Self {
            id: AccountId::new(),
            name: name.into(),
            created_at: now,
        }
    }
}
