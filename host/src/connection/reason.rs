//! Why a connection does not work: a closed set, so that a page can say it in its visitor's language. As text it is
//! English, as the API and the log say it.

use std::fmt;

use bestand_plugin_api::{AdapterError, ErrorKind, Retry, Timestamp};
use serde::{Deserialize, Serialize};

use super::fault::FieldFault;
use crate::plugin::NoAdapter;

/// Why a connection does not work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Reason {
    /// What was asked of its adapter failed, there or in its system.
    Failed {
        /// What people call the adapter.
        system: String,
        /// What the adapter says of it.
        error: AdapterError,
    },
    /// Its adapter is not there.
    NoAdapter {
        /// Why not.
        why: NoAdapter,
    },
    /// Its settings or secrets are not what its adapter takes.
    Misfit {
        /// All that is wrong with them.
        faults: Vec<FieldFault>,
    },
    /// Its adapter's process ended too often.
    Quarantined {
        /// What people call the adapter.
        system: String,
        /// How it ended last.
        last: String,
        /// All of it in English, with the way out.
        said: String,
    },
    /// The partner that should push does not.
    Silent {
        /// What people call the partner.
        partner: String,
        /// When it pushed last.
        since: Timestamp,
        /// How often it should, in minutes.
        every_mins: u64,
    },
    /// The daemon's own database did not answer.
    Store {
        /// What it says.
        said: String,
    },
    /// The operator has stopped it.
    Paused,
    /// It does not run in this daemon now.
    Stopped,
}

/// The field that is at fault when a connection's adapter is not there.
const ADAPTER: &str = "adapter";

// === impl Reason ===

impl Reason {
    /// What is to be done after it.
    #[must_use]
    pub fn retry(&self) -> Retry {
        match self {
            Self::Failed { error, .. } => error.retry(),
            Self::Silent { .. } | Self::Store { .. } | Self::Stopped => Retry::Backoff,
            Self::NoAdapter { .. }
            | Self::Misfit { .. }
            | Self::Quarantined { .. }
            | Self::Paused => Retry::Never,
        }
    }

    /// Whether the system itself asks to be left alone for a while.
    #[must_use]
    pub fn is_limit(&self) -> bool {
        match self {
            Self::Failed { error, .. } => matches!(error.kind, ErrorKind::RateLimited { .. }),
            _ => false,
        }
    }

    /// The same as a failure of the adapter, for those who know no other.
    #[must_use]
    pub fn into_adapter_error(self) -> AdapterError {
        let said = self.to_string();
        match self {
            Self::Failed { error, .. } => error,
            Self::NoAdapter { .. } => AdapterError::config(ADAPTER, said),
            Self::Misfit { faults } => {
                let first = faults.into_iter().next();
                AdapterError::config(first.map(|fault| fault.field).unwrap_or_default(), said)
            }
            Self::Quarantined { .. }
            | Self::Silent { .. }
            | Self::Store { .. }
            | Self::Paused
            | Self::Stopped => AdapterError::transient(said),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed { error, .. } => f.write_str(&error.message),
            Self::NoAdapter { why } => why.fmt(f),
            Self::Misfit { faults } => {
                let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
                f.write_str(&told.join("; "))
            }
            Self::Quarantined { said, .. } | Self::Store { said } => f.write_str(said),
            Self::Silent {
                partner,
                since,
                every_mins,
            } => write!(
                f,
                "`{partner}` has pushed nothing since {since}, and should every {every_mins} min"
            ),
            Self::Paused => f.write_str("the connection is paused"),
            Self::Stopped => f.write_str("the connection is not running"),
        }
    }
}
