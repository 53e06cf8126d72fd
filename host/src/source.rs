//! Inventory sources: the selectable places that hold stock, grouped under headings.

use std::collections::BTreeMap;
use std::time::Duration;

use bestand_plugin_api::{LocationId, LocationKind, Timestamp};

use crate::id::{AccountId, ConnectionId, SourceId};

pub mod direction;
pub mod reading;
pub mod trouble;

pub use direction::Direction;

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
    /// Which way stock goes, once the operator has decided; see [`Self::direction`].
    pub direction: Option<Direction>,
    /// Start of the last listing that was complete; `None` until the first one is.
    pub listed_at: Option<Timestamp>,
    /// The newest confirmation of any of its levels.
    pub as_of: Option<Timestamp>,
    /// Levels that are stored of it.
    pub levels: u64,
    /// When it was first seen.
    pub created_at: Timestamp,
}

/// Whose system a source belongs to: it decides on the heading, and which partner sees it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Owner {
    /// The adapter that the source comes from.
    pub adapter: String,
    /// The partner that pushes its levels, or registered itself to be asked for them; none of what an operator connected.
    pub partner: Option<String>,
}

/// Sources under one heading: the installation's own, or an adapter's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// What the list shows above them.
    pub heading: String,
    /// Whose they are.
    pub owner: Owner,
    /// In the order of their names.
    pub sources: Vec<InventorySource>,
}

/// What stands above the sources of an adapter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Heading {
    /// Whether this is the installation's own, which stands first.
    pub place: HeadingPlace,
    /// What the list shows.
    pub text: String,
}

/// Where a heading stands in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HeadingPlace {
    /// The installation's own warehouses, first.
    Own,
    /// A partner's system, after those by name.
    Partner,
}

// === impl Heading ===

impl Heading {
    /// Whether it is the installation's own.
    #[must_use]
    pub fn is_own(&self) -> bool {
        self.place == HeadingPlace::Own
    }
}

// === impl Owner ===

impl Owner {
    /// What operators connected through this adapter.
    #[must_use]
    pub fn adapter(id: impl Into<String>) -> Self {
        Self {
            adapter: id.into(),
            partner: None,
        }
    }

    /// Whether a key that was made for `partner` sees what is this owner's: what the partner brought, or else all of
    /// the adapter of that id.
    #[must_use]
    pub fn is(&self, partner: &str) -> bool {
        self.partner.as_deref().unwrap_or(&self.adapter) == partner
    }
}

// === impl InventorySource ===

impl InventorySource {
    /// How old a level may be before it is stale: its own limit, or else the installation's.
    #[must_use]
    pub fn max_age(&self, installation: Duration) -> Duration {
        let own = self.max_age_secs.and_then(|secs| u64::try_from(secs).ok());
        own.map_or(installation, Duration::from_secs)
    }

    /// Which way stock goes between it and its system.
    #[must_use]
    pub fn direction(&self, built_in: bool) -> Direction {
        self.direction.unwrap_or(Direction::default_of(built_in))
    }

    /// Whether its counts are read; they are, unless the operator decided otherwise.
    #[must_use]
    pub fn reads(&self) -> bool {
        self.direction.is_none_or(Direction::reads)
    }
}

/// Sorts sources, each with its owner, under the headings of their owners: one group for each.
#[must_use]
pub fn grouped(
    sources: Vec<(Owner, InventorySource)>,
    heading_of: impl Fn(&Owner) -> Heading,
) -> Vec<Group> {
    let mut groups: BTreeMap<(Heading, Owner), Vec<InventorySource>> = BTreeMap::new();
    for (owner, source) in sources {
        let key = (heading_of(&owner), owner);
        groups.entry(key).or_default().push(source);
    }
    let group = |((heading, owner), mut sources): ((Heading, Owner), Vec<_>)| {
        sources.sort_by_cached_key(|source: &InventorySource| (source.name.clone(), source.id));
        Group {
            heading: heading.text,
            owner,
            sources,
        }
    };
    groups.into_iter().map(group).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(name: &str) -> InventorySource {
        InventorySource {
            id: SourceId::new(),
            account_id: AccountId::new(),
            connection_id: ConnectionId::new(),
            location_id: LocationId(name.into()),
            name: name.into(),
            kind: LocationKind::Site,
            active: true,
            sellable: true,
            included: true,
            max_age_secs: None,
            direction: None,
            listed_at: None,
            as_of: None,
            levels: 0,
            created_at: Timestamp::from_secs(0),
        }
    }

    #[test]
    fn the_own_warehouses_stand_first_and_partners_by_name() {
        let sources = [
            ("shopify", "Shop"),
            ("finale", "West"),
            ("warehouse", "Main"),
            ("finale", "East"),
        ];
        let groups = grouped(
            sources
                .map(|(adapter, name)| (Owner::adapter(adapter), source(name)))
                .into(),
            |owner| match owner.adapter.as_str() {
                "warehouse" => Heading {
                    place: HeadingPlace::Own,
                    text: "Our warehouses".into(),
                },
                other => Heading {
                    place: HeadingPlace::Partner,
                    text: other.to_uppercase(),
                },
            },
        );
        let names = |group: &Group| {
            group
                .sources
                .iter()
                .map(|source| source.name.clone())
                .collect::<Vec<_>>()
        };
        let shown: Vec<_> = groups
            .iter()
            .map(|group| (group.heading.as_str(), names(group)))
            .collect();
        let expected = [
            ("Our warehouses", vec!["Main".to_owned()]),
            ("FINALE", vec!["East".to_owned(), "West".to_owned()]),
            ("SHOPIFY", vec!["Shop".to_owned()]),
        ];
        assert_eq!(shown, expected);
    }
}
