//! Why there is no count, or no fresher one: a closed set, each with its sentence and what to do about it.

use std::fmt;

use super::unanswered::Unanswered;

/// Why there is no count, or no fresher one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The order names no ship-from location and the account has no default one.
    NoShipFrom,
    /// The ship-from location that the order names is gone.
    ShipFromGone,
    /// The ship-from location has no inventory source.
    NoSource {
        /// Name of the ship-from location.
        ship_from: String,
    },
    /// The linked source is no longer there in its own system.
    SourceClosed {
        /// Name of the source.
        source: String,
    },
    /// The operator has decided that the linked source's counts are not read.
    SourceNotRead {
        /// Name of the source.
        source: String,
    },
    /// The source has not been listed completely yet, so that what it did not name may still come.
    NotListedYet {
        /// Name of the source.
        source: String,
    },
    /// The source's system could not be asked, or did not answer.
    NotAnswered {
        /// What kept it from that.
        why: Box<Unanswered>,
        /// Whom to ask at the adapter's partner, where that is known.
        contact: Option<String>,
    },
    /// The daemon's own database did not answer.
    StoreUnavailable,
}

// === impl Trouble ===

impl Trouble {
    /// A stable word for clients and translations.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoShipFrom => "no_ship_from_location",
            Self::ShipFromGone => "ship_from_location_gone",
            Self::NoSource { .. } => "no_inventory_source",
            Self::SourceClosed { .. } => "source_closed",
            Self::SourceNotRead { .. } => "source_not_read",
            Self::NotListedYet { .. } => "not_listed_yet",
            Self::NotAnswered { .. } => "not_answered",
            Self::StoreUnavailable => "store_unavailable",
        }
    }

    /// What to do about it, and whom to ask where a partner can help.
    #[must_use]
    pub fn advice(&self) -> String {
        match self {
            Self::NoShipFrom => {
                "choose a ship-from location on the order, or make one of them the default".into()
            }
            Self::ShipFromGone => "choose another ship-from location on the order".into(),
            Self::NoSource { ship_from } => format!(
                "check that an inventory source is linked to ship-from location `{ship_from}`; the order's ship-from \
                 location alone decides which source is asked"
            ),
            Self::SourceClosed { source } => format!(
                "open `{source}` again in its own system, or link another inventory source to the ship-from location"
            ),
            Self::SourceNotRead { source } => format!(
                "set the direction of `{source}` to `read` or `both`, or link another inventory source to the ship-from \
                 location"
            ),
            Self::NotListedYet { .. } => {
                "wait for the first sync of its connection to end, or look at the connection if it does not".into()
            }
            Self::NotAnswered { why, contact } => match contact {
                Some(contact) => format!("{}; {contact} can help", why.advice()),
                None => why.advice(),
            },
            Self::StoreUnavailable => {
                "look at the daemon's log: its database does not answer".into()
            }
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoShipFrom => {
                f.write_str("no ship-from location is named and there is no default one")
            }
            Self::ShipFromGone => {
                f.write_str("the ship-from location that the order names is no longer there")
            }
            Self::NoSource { ship_from } => write!(
                f,
                "no inventory source is linked to ship-from location `{ship_from}`"
            ),
            Self::SourceClosed { source } => write!(
                f,
                "inventory source `{source}` is no longer there in its own system"
            ),
            Self::SourceNotRead { source } => write!(
                f,
                "the counts of inventory source `{source}` are not read, by its direction"
            ),
            Self::NotListedYet { source } => write!(
                f,
                "inventory source `{source}` has not been listed completely yet"
            ),
            Self::NotAnswered { why, .. } => why.fmt(f),
            Self::StoreUnavailable => f.write_str("the daemon's database does not answer"),
        }
    }
}
