//! Changes to places: [`LocationWrites`].

use std::future::Future;

use serde::{Deserialize, Serialize};

use super::{Location, LocationId};
use crate::{Adapter, Ctx, Result};

/// Shapes the places of a system that are ours to shape.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shelf.rs"));
/// # fn main() {}
/// impl LocationWrites for Shelf {
///     async fn change_location(&self, ctx: &Ctx, change: LocationChange) -> Result<Location> {
///         match change {
///             LocationChange::Create { name, parent: None, .. } => {
///                 let place = serde_json::json!({ "name": name });
///                 let sent = ctx.http().post("https://api.shelf.example/places").json(&place)?;
///                 let id: String = sent.send().await?.json().await?;
///                 Ok(Location::site(id, name))
///             }
///             LocationChange::Create { .. } => Err(AdapterError::config("parent", "the shelf has no places in places")),
///             _ => Err(AdapterError::unsupported("the shelf only takes new places")),
///         }
///     }
/// }
/// ```
pub trait LocationWrites: Adapter {
    /// Makes one change and answers with the place as it is now (as it was, when removed). Called when somebody
    /// changes the places of a connection. Deadline 30 s.
    ///
    /// # Errors
    /// [`Config`](crate::ErrorKind::Config) with `name` or `parent` when it is refused,
    /// [`NotFound`](crate::ErrorKind::NotFound) for a place that is not there,
    /// [`Unsupported`](crate::ErrorKind::Unsupported) for a change of another sort.
    fn change_location(
        &self,
        ctx: &Ctx,
        change: LocationChange,
    ) -> impl Future<Output = Result<Location>> + Send;
}

/// A change to the places of a system that are ours to shape, such as the built-in warehouse's.
///
/// A match needs a last arm for what a later contract adds; answer it with `Unsupported`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
#[non_exhaustive]
pub enum LocationChange {
    /// Open a place.
    #[non_exhaustive]
    Create {
        /// What people call it.
        name: String,
        /// The place it lies in; `None` for a site.
        #[serde(default)]
        parent: Option<LocationId>,
    },
    /// Call it something else.
    #[non_exhaustive]
    Rename {
        /// Which.
        location: LocationId,
        /// The new name.
        name: String,
    },
    /// Close it.
    #[non_exhaustive]
    Remove {
        /// Which.
        location: LocationId,
        /// Whether stock that still lies there is written off; otherwise it is an error.
        #[serde(default)]
        discard_stock: bool,
    },
    /// A change that only a newer contract knows. Refused, never guessed at.
    #[serde(other)]
    Unknown,
}

// === impl LocationChange ===

impl LocationChange {
    /// Open a site.
    #[must_use]
    pub fn create(name: impl Into<String>) -> Self {
        Self::Create {
            name: name.into(),
            parent: None,
        }
    }

    /// Open a place in another one.
    #[must_use]
    pub fn create_in(parent: impl Into<LocationId>, name: impl Into<String>) -> Self {
        Self::Create {
            name: name.into(),
            parent: Some(parent.into()),
        }
    }

    /// Call a place something else.
    #[must_use]
    pub fn rename(location: impl Into<LocationId>, name: impl Into<String>) -> Self {
        Self::Rename {
            location: location.into(),
            name: name.into(),
        }
    }

    /// Close a place that holds no stock; with stock, it is an error.
    #[must_use]
    pub fn remove(location: impl Into<LocationId>) -> Self {
        Self::Remove {
            location: location.into(),
            discard_stock: false,
        }
    }

    /// Close a place and write off the stock that still lies there.
    #[must_use]
    pub fn remove_with_stock(location: impl Into<LocationId>) -> Self {
        Self::Remove {
            location: location.into(),
            discard_stock: true,
        }
    }
}
