//! Inventory sources: the selectable places that hold stock, grouped under headings.

use bestand_plugin_api::{LocationId, LocationKind, Timestamp};

use crate::id::{AccountId, ConnectionId, SourceId};

/// A selectable place that holds stock: one location of one connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InventorySource {
    /// Its id, kept for as long as its connection and location exist.
    pub id: SourceId,
    /// Whose it is.
    pub account_id: AccountId,
    /// The connection that reaches it.
    pub connection_id: ConnectionId,
    /// The adapter's own id of the place.
    pub location_id: LocationId,
    /// What the system calls it.
    pub name: String,
    /// What sort of place it is.
    pub kind: LocationKind,
    /// Whether the system still has it; a closed place stays, so that what is linked to it can say so.
    pub active: bool,
    /// Whether what lies here may be sold.
    pub sellable: bool,
    /// Whether the operator offers it for selection.
    pub included: bool,
    /// Seconds after which a level counts as stale, when it is not the installation's default.
    pub max_age_secs: Option<i64>,
    /// Start of the last listing that was complete; `None` until the first one is.
    pub listed_at: Option<Timestamp>,
    /// When it was first seen.
    pub created_at: Timestamp,
}

/// Sources under one heading: the installation's own, or an adapter's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// What the list shows above them.
    pub heading: String,
    /// The adapter they come from.
    pub adapter: String,
    /// In the order of their names.
    pub sources: Vec<InventorySource>,
}
