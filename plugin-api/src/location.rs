//! Places that hold stock, as an adapter sees them.

use std::fmt;

use serde::{Deserialize, Serialize};

mod change;

pub use change::{LocationChange, LocationWrites};

/// The adapter's id of a place; opaque to the host, unique within a connection.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LocationId(pub String);

/// A place. Those with [`LocationKind::is_source`] become selectable inventory sources.
///
/// ```
/// use bestand_plugin_api::{Location, LocationKind};
///
/// let site = Location::site("7", "Hamburg").with_address("Am Sandtorkai 1, Hamburg");
/// let bin = Location::new("7-A-1", "A-1", LocationKind::Bin).with_parent("7");
/// let closed = Location::site("3", "Bremen").closed();
/// assert!(site.kind.is_source() && !bin.kind.is_source() && !closed.active);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Location {
    /// The adapter's id, stable for as long as the place exists.
    pub id: LocationId,
    /// What people call it; empty for the only place of a connection, which then goes by the connection's name.
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
#[non_exhaustive]
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
    /// A place of another sort, never offered as a source; so is a kind that only a newer contract knows.
    #[serde(other)]
    Other,
}

fn yes() -> bool {
    true
}

// === impl Location ===

impl Location {
    /// An active, sellable place that lies in no other.
    pub fn new(id: impl Into<String>, name: impl Into<String>, kind: LocationKind) -> Self {
        Self {
            id: LocationId(id.into()),
            name: name.into(),
            parent: None,
            kind,
            active: true,
            sellable: true,
            address: None,
        }
    }

    /// An active, sellable site.
    pub fn site(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self::new(id, name, LocationKind::Site)
    }

    /// The same, lying in `parent`.
    #[must_use]
    pub fn with_parent(self, parent: impl Into<LocationId>) -> Self {
        Self {
            parent: Some(parent.into()),
            ..self
        }
    }

    /// The same with one line for people.
    #[must_use]
    pub fn with_address(self, address: impl Into<String>) -> Self {
        Self {
            address: Some(address.into()),
            ..self
        }
    }

    /// The same, closed.
    #[must_use]
    pub fn closed(self) -> Self {
        Self {
            active: false,
            ..self
        }
    }

    /// The same, where nothing may be sold.
    #[must_use]
    pub fn unsellable(self) -> Self {
        Self {
            sellable: false,
            ..self
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

impl From<String> for LocationId {
    fn from(id: String) -> Self {
        Self(id)
    }
}
