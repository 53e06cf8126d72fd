//! What other modules' errors become for a client. Their inside stays inside.

use super::{Cause, Fault, FieldError, Kind, Problem};
use bestand_plugin_api::{AdapterError, ErrorKind};

use crate::allocation::Refusal;
use crate::connection::{EditError, FieldFault, RegisterError, RereadError};
use crate::operation::finding::NotSettled;
use crate::partner::PushError;
use crate::plugin::NoAdapter;
use crate::store;
use crate::sync::SyncError;
use crate::webhook::{WebhookError, WebhookFault};

/// Seconds after which a client may ask again when the database did not answer.
const STORE_RETRY_SECS: u64 = 2;

impl From<store::Error> for Problem {
    fn from(error: store::Error) -> Self {
        match &error {
            store::Error::NotFound { .. } => Self::new(Kind::NotFound, error.to_string()),
            store::Error::Conflict(clash) => {
                Self::new(Kind::Conflict, clash.to_string()).by(Cause::Clash(clash.clone()))
            }
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
            EditError::NeedsAdmin(ref settings) => {
                let cause = Cause::NeedsAdmin(settings.clone());
                Self::new(Kind::Forbidden, error.to_string()).by(cause)
            }
            EditError::NoTakerOfPushes => Self::new(Kind::Conflict, error.to_string()),
            EditError::ConfigOwned(_) => {
                Self::new(Kind::Conflict, error.to_string()).by(Cause::ConfigOwned)
            }
            EditError::Store(error) => error.into(),
        }
    }
}

impl From<RegisterError> for Problem {
    fn from(error: RegisterError) -> Self {
        match error {
            RegisterError::NotTaken(_) => Self::new(Kind::Conflict, error.to_string()),
            RegisterError::NoCredentials | RegisterError::TooLong => {
                Self::field("authToken", error.to_string())
            }
            RegisterError::Edit(error) => error.into(),
        }
    }
}

impl From<PushError> for Problem {
    fn from(error: PushError) -> Self {
        match error {
            PushError::Paused(_) => Self::new(Kind::Conflict, error.to_string()),
            PushError::TooManyPlaces => Self::field("location", error.to_string()),
            PushError::Connection(error) => error.into(),
            PushError::Store(error) => error.into(),
        }
    }
}

impl From<WebhookError> for Problem {
    fn from(error: WebhookError) -> Self {
        match error {
            WebhookError::Missing(_) | WebhookError::NoDelivery(_) => {
                Self::new(Kind::NotFound, error.to_string())
            }
            WebhookError::Invalid(faults) => {
                Self::fields(faults.into_iter().map(FieldError::from).collect())
            }
            WebhookError::TooMany | WebhookError::NotDead(_) => {
                Self::new(Kind::Conflict, error.to_string())
            }
            WebhookError::Store(error) => error.into(),
        }
    }
}

impl From<FieldFault> for Problem {
    fn from(fault: FieldFault) -> Self {
        Self::fields(vec![fault.into()])
    }
}

impl From<NotSettled> for Problem {
    fn from(error: NotSettled) -> Self {
        match error {
            NotSettled::Store(error) => error.into(),
            error @ NotSettled::Known { .. } => Self::new(Kind::Conflict, error.to_string()),
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Store(error) => error.into(),
            Refusal::Adapter(error) => error.into(),
            refusal => Self::new(Kind::Conflict, refusal.to_string()),
        }
    }
}

/// What an adapter refuses, for whoever asked for it.
impl From<AdapterError> for Problem {
    fn from(error: AdapterError) -> Self {
        match error.kind {
            ErrorKind::Config { field } => Self::field(field, error.message),
            ErrorKind::NotFound => Self::new(Kind::NotFound, error.message),
            ErrorKind::Unsupported => Self::new(Kind::Conflict, error.message),
            _ => Self::new(Kind::Unavailable, error.message),
        }
    }
}

impl From<RereadError> for Problem {
    fn from(error: RereadError) -> Self {
        match error {
            RereadError::Sync(SyncError::Adapter(error)) => error.into(),
            RereadError::Sync(SyncError::Store(error)) => error.into(),
            RereadError::NoChanges | RereadError::NoCheckpoint { .. } | RereadError::TooLongAgo => {
                Self::field("changed_since", error.to_string())
            }
            RereadError::TookTooLong => Self::new(Kind::Unavailable, error.to_string()),
            error => Self::new(Kind::Conflict, error.to_string()),
        }
    }
}

impl From<NoAdapter> for Problem {
    fn from(why: NoAdapter) -> Self {
        Self::new(Kind::NotFound, why.to_string()).by(Cause::NoAdapter(why))
    }
}

impl From<WebhookFault> for FieldError {
    fn from(fault: WebhookFault) -> Self {
        Self::of(fault.field(), Fault::Webhook(fault))
    }
}

impl From<FieldFault> for FieldError {
    fn from(fault: FieldFault) -> Self {
        Self::of(fault.field, Fault::Connection(fault.fault))
    }
}
