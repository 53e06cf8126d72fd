//! What somebody has found who looked in its system whether an operation was done.

use bestand_plugin_api::Timestamp;

use super::{Operation, OperationState};
use crate::id::AccountId;
use crate::store::operation::{Settlement, find, settle};
use crate::store::{Db, Error};

/// What somebody has found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// It was done.
    Done,
    /// It was not done.
    NotDone,
}

/// Why an operation is not settled by a finding.
#[derive(Debug, thiserror::Error)]
pub enum NotSettled {
    /// It is known what became of it, or it is just being sent.
    #[error("operation `{id}` is {state}; only one that is unknown is settled by hand")]
    Known {
        /// Its id.
        id: String,
        /// What became of it.
        state: OperationState,
    },
    /// There is none, or the store does not answer.
    #[error(transparent)]
    Store(#[from] Error),
}

// === impl Finding ===

impl Finding {
    /// That it was done, or was not.
    #[must_use]
    pub const fn of(was_done: bool) -> Self {
        if was_done { Self::Done } else { Self::NotDone }
    }

    /// Settles an unknown operation by what `actor` has found. Nothing is sent.
    ///
    /// # Errors
    /// `NotFound` when there is none, and when it is not unknown.
    pub async fn settle(
        self,
        db: &Db,
        account: AccountId,
        actor: &str,
        id: &str,
        now: Timestamp,
    ) -> Result<Operation, NotSettled> {
        let operation = find(db, account, id).await?;
        let operation = operation.ok_or_else(|| Error::not_found("operation", id))?;
        if operation.state != OperationState::Unknown {
            let (id, state) = (id.to_owned(), operation.state);
            return Err(NotSettled::Known { id, state });
        }
        let (state, reason) = match self {
            Self::Done => (OperationState::Applied, None),
            Self::NotDone => (
                OperationState::Rejected,
                Some(format!("{actor} has found it not done")),
            ),
        };
        let settlement = Settlement {
            id,
            state,
            reason: reason.as_deref(),
            due_at: None,
        };
        settle(db, account, &[settlement], now).await?;
        Ok(Operation {
            state,
            reason,
            due_at: None,
            settled_at: Some(now),
            ..operation
        })
    }
}
