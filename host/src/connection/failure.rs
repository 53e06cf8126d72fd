//! Why something that was asked of a connection came to nothing, before it is known whose connection it is.

use std::time::Duration;

use bestand_plugin_api::{AdapterError, Timestamp};

use super::fault::FieldFault;
use super::reason::Reason;
use crate::plugin::NoAdapter;
use crate::store;
use crate::sync::SyncError;

/// Why something that was asked of a connection came to nothing.
#[derive(Debug)]
pub(super) enum Failure {
    /// The adapter or its system failed.
    Adapter(AdapterError),
    /// The adapter is not there.
    NoAdapter(NoAdapter),
    /// The configuration is not what the adapter takes.
    Misfit(Vec<FieldFault>),
    /// The partner that should push does not.
    Silent {
        /// When it pushed last.
        since: Timestamp,
        /// How often it should.
        silent_after: Duration,
    },
    /// Our own store.
    Store(String),
}

// === impl Failure ===

impl Failure {
    /// The reason that people read, of an adapter that they call `system`.
    pub(super) fn of(self, system: String) -> Reason {
        match self {
            Self::Adapter(error) => Reason::Failed { system, error },
            Self::NoAdapter(why) => Reason::NoAdapter { why },
            Self::Misfit(faults) => Reason::Misfit { faults },
            Self::Silent {
                since,
                silent_after,
            } => Reason::Silent {
                partner: system,
                since,
                every_mins: silent_after.as_secs().div_ceil(60),
            },
            Self::Store(said) => Reason::Store { said },
        }
    }
}

impl From<AdapterError> for Failure {
    fn from(error: AdapterError) -> Self {
        Self::Adapter(error)
    }
}

impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Self {
        Self::Store(error.to_string())
    }
}

impl From<SyncError> for Failure {
    fn from(error: SyncError) -> Self {
        match error {
            SyncError::Adapter(error) => Self::Adapter(error),
            error @ SyncError::Store(_) => Self::Store(error.to_string()),
        }
    }
}
