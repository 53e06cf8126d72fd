//! Places that hold stock, as an adapter sees them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The adapter's id of a place; opaque to the host, unique within a connection.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LocationId(pub String);

/// A place. Those with [`LocationKind::is_source`] become selectable inventory sources.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    /// The adapter's id, stable for as long as the place exists.
    pub id: LocationId,
    /// What people call it.
    pub name: String,
    /// The place this one lies in.
    #[serde(default)]
    pub parent: Option<LocationId>,
    /// What sort of place it is.
    #[serde(default)]
    pub kind: LocationKind,
    /// Closed places stay listed, so that what is linked to them can say so.
    #[serde(default = "yes")]
    pub active: bool,
    /// Whether what lies here may be sold.
    #[serde(default = "yes")]
    pub sellable: bool,
    /// One line for people.
    #[serde(default)]
    pub address: Option<String>,
}

/// What sort of place a [`Location`] is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LocationKind {
    /// A building or shop.
    #[default]
    Site,
    /// A part of a site.
    Area,
    /// A shelf or bin.
    Bin,
    /// Goods on their way between sites.
    Transit,
    /// No physical place, for systems that know only one stock.
    Virtual,
    /// A sales channel's own pool.
    Channel,
}

fn yes() -> bool {
    true
}

// === impl Location ===

impl Location {
    /// An active, sellable site.
    pub fn site(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            id: LocationId(id.into()),
            name: name.into(),
            parent: None,
            kind: LocationKind::Site,
            active: true,
            sellable: true,
            address: None,
        }
    }
}

impl LocationKind {
    /// Whether a place of this kind is offered as an inventory source. Stock of areas and bins is rolled up to it.
    #[must_use]
    pub const fn is_source(self) -> bool {
        matches!(self, Self::Site | Self::Virtual | Self::Channel)
    }
}

impl fmt::Display for LocationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for LocationId {
    fn from(id: &str) -> Self {
        Self(id.into())
    }
}
