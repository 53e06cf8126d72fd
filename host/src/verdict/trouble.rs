//! Why a source could not be asked or had no answer: a closed set, each with its sentence and what to do about it.

use std::fmt;
use std::time::Duration;

use bestand_plugin_api::{Support, Timestamp};

use super::explain::{contact, spoken};

/// Why counts could not be retrieved, and whom to ask about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What is the matter.
    pub kind: TroubleKind,
    /// The support of the adapter's partner, where the partner is part of the matter and known.
    pub support: Option<Support>,
}

/// What is the matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TroubleKind {
    /// The order names no ship-from location and the account has no default one.
    NoShipFrom,
    /// The ship-from location has no inventory source.
    NoSource {
        /// Name of the ship-from location.
        ship_from: String,
    },
    /// The linked source exists, but its system closed it or takes it out of sale.
    SourceClosed {
        /// Name of the source.
        source: String,
    },
    /// The source has not finished its first listing.
    NotListedYet {
        /// Name of the source.
        source: String,
    },
    /// The adapter behind the source is not enabled or could not be loaded.
    AdapterMissing {
        /// Id or name of the adapter.
        adapter: String,
        /// Why it is not there.
        why: String,
    },
    /// Somebody paused the connection.
    Paused {
        /// Name of the connection.
        connection: String,
    },
    /// The connection will not work again until somebody does something.
    NeedsAttention {
        /// Name of the connection.
        connection: String,
        /// What is wrong.
        why: String,
    },
    /// The connection fails for now and is tried again by itself.
    Degraded {
        /// Name of the connection.
        connection: String,
        /// What is wrong.
        why: String,
        /// Since when.
        since: Timestamp,
        /// When it is tried next.
        retry_at: Option<Timestamp>,
    },
    /// The source did not answer before the order's deadline.
    TooSlow {
        /// How long was waited.
        waited: Duration,
    },
    /// The adapter cannot be asked for single SKUs; counts come with its syncs only.
    NotAskable,
    /// The source answered this question with an error.
    Failed {
        /// What it said.
        why: String,
    },
    /// The daemon's own database did not answer.
    StoreUnavailable,
}

// === impl Trouble ===

impl Trouble {
    /// Trouble that no partner can help with, or whose partner is not known.
    #[must_use]
    pub fn new(kind: TroubleKind) -> Self {
        Self {
            kind,
            support: None,
        }
    }

    /// Trouble with an adapter whose partner can be asked.
    #[must_use]
    pub fn with_support(kind: TroubleKind, support: Support) -> Self {
        Self {
            kind,
            support: Some(support),
        }
    }

    /// What to do about it, with the partner's contact where that helps.
    #[must_use]
    pub fn advice(&self) -> String {
        let advice = self.kind.advice();
        let contact = self.support.as_ref().and_then(contact);
        match contact.filter(|_| self.kind.is_the_partners()) {
            Some(contact) => format!("{advice}; {contact} can help"),
            None => advice,
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

// === impl TroubleKind ===

impl TroubleKind {
    /// A stable word for clients and translations.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoShipFrom => "no_ship_from_location",
            Self::NoSource { .. } => "no_inventory_source",
            Self::SourceClosed { .. } => "source_closed",
            Self::NotListedYet { .. } => "not_listed_yet",
            Self::AdapterMissing { .. } => "adapter_missing",
            Self::Paused { .. } => "connection_paused",
            Self::NeedsAttention { .. } => "needs_attention",
            Self::Degraded { .. } => "degraded",
            Self::TooSlow { .. } => "too_slow",
            Self::NotAskable => "not_askable",
            Self::Failed { .. } => "failed",
            Self::StoreUnavailable => "store_unavailable",
        }
    }

    fn advice(&self) -> String {
        match self {
            Self::NoShipFrom => {
                "choose a ship-from location on the order, or make one of them the default".into()
            }
            Self::NoSource { ship_from } => format!(
                "check that an inventory source is linked to ship-from location `{ship_from}`; it is the order's \
                 ship-from location alone that decides which source is asked"
            ),
            Self::SourceClosed { source } => format!(
                "open `{source}` again in its own system, or link another inventory source to the ship-from location"
            ),
            Self::NotListedYet { .. } => {
                "wait for the first sync of its connection to end, or look at the connection if it does not".into()
            }
            Self::AdapterMissing { adapter, .. } => format!(
                "enable adapter `{adapter}` in the config file and reload; `bestand plugin list` says what is loaded"
            ),
            Self::Paused { connection } => format!("resume connection `{connection}`"),
            Self::NeedsAttention { connection, .. } => format!(
                "open connection `{connection}`, correct what is named there and check it again"
            ),
            Self::Degraded { retry_at, .. } => match retry_at {
                Some(at) => format!("nothing to do yet: it is tried again at {at}"),
                None => "nothing to do yet: it is tried again by itself".into(),
            },
            Self::TooSlow { .. } => {
                "look at the order again in a moment; if it stays so, the source's system is slow".into()
            }
            Self::NotAskable => {
                "start a sync of its connection to bring fresh counts in".into()
            }
            Self::Failed { .. } => {
                "look at the order again in a moment; if it stays so, look at the source's connection".into()
            }
            Self::StoreUnavailable => {
                "look at the daemon's log: its database does not answer".into()
            }
        }
    }

    /// Whether the cause may lie in the partner's system, so that the partner's support can help.
    const fn is_the_partners(&self) -> bool {
        matches!(
            self,
            Self::SourceClosed { .. }
                | Self::NeedsAttention { .. }
                | Self::Degraded { .. }
                | Self::TooSlow { .. }
                | Self::AdapterMissing { .. }
                | Self::NotListedYet { .. }
                | Self::Failed { .. }
        )
    }
}

impl fmt::Display for TroubleKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoShipFrom => {
                f.write_str("the order has no ship-from location and there is no default one")
            }
            Self::NoSource { ship_from } => write!(
                f,
                "no inventory source is linked to ship-from location `{ship_from}`"
            ),
            Self::SourceClosed { source } => {
                write!(f, "inventory source `{source}` is closed in its own system")
            }
            Self::NotListedYet { source } => write!(
                f,
                "inventory source `{source}` has not been listed completely yet"
            ),
            Self::AdapterMissing { adapter, why } => {
                write!(f, "adapter `{adapter}` is not running: {why}")
            }
            Self::Paused { connection } => write!(f, "connection `{connection}` is paused"),
            Self::NeedsAttention { connection, why } => {
                write!(f, "connection `{connection}` needs attention: {why}")
            }
            Self::Degraded {
                connection,
                why,
                since,
                ..
            } => write!(
                f,
                "connection `{connection}` has been failing since {since}: {why}"
            ),
            Self::TooSlow { waited } => {
                write!(f, "the source did not answer within {}", spoken(*waited))
            }
            Self::NotAskable => f.write_str(
                "the source's adapter cannot be asked for single SKUs, so counts come with its syncs only",
            ),
            Self::Failed { why } => write!(f, "the source answered with an error: {why}"),
            Self::StoreUnavailable => f.write_str("the daemon's database does not answer"),
        }
    }
}
