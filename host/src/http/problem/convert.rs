//! What other modules' errors become for a client. Their inside stays inside.

use super::{FieldError, Kind, Problem};
use crate::connection::{EditError, FieldFault};
use crate::store;

/// Seconds after which a client may ask again when the database did not answer.
const STORE_RETRY_SECS: u64 = 2;

impl From<store::Error> for Problem {
    fn from(error: store::Error) -> Self {
        match &error {
            store::Error::NotFound { .. } => Self::new(Kind::NotFound, error.to_string()),
            store::Error::Conflict { what } => Self::new(Kind::Conflict, what.clone()),
            store::Error::Unavailable(_) => Self::new(
                Kind::Unavailable,
                "the daemon's database does not answer; try again",
            )
            .because(&error)
            .retry_after_secs(STORE_RETRY_SECS),
            _ => Self::internal(&error),
        }
    }
}

impl From<EditError> for Problem {
    fn from(error: EditError) -> Self {
        match error {
            EditError::Invalid(faults) => {
                Self::fields(faults.into_iter().map(FieldError::from).collect())
            }
            EditError::NeedsAdmin(_) => Self::new(Kind::Forbidden, error.to_string()),
            EditError::ConfigOwned(_) => Self::new(Kind::Conflict, error.to_string()),
            EditError::Store(error) => error.into(),
        }
    }
}

impl From<FieldFault> for FieldError {
    fn from(fault: FieldFault) -> Self {
        Self::new(fault.field, fault.fault.to_string())
    }
}
