//! Why somebody is not let in, or something not done with a user. Each says what a person may be told.

use std::time::Duration;

use crate::store;
use crate::user::password_hash::Busy;
use crate::user::{InvalidUserName, USERS_PER_ACCOUNT_MAX, WeakPassword};

/// The wait when too many hashes are under way; they are through by then.
const BUSY_WAIT: Duration = Duration::from_secs(1);

/// Why somebody is not signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// No such user, or not their password; which of both is not told.
    #[error("the name or the password is wrong")]
    Wrong,
    /// The pair was right, but an admin has disabled the user.
    #[error("this user is disabled; ask an admin")]
    Disabled,
    /// There were too many tries.
    #[error("there were too many tries; try again in {} s", .retry_after.as_secs().max(1))]
    Throttled {
        /// How long to wait.
        retry_after: Duration,
    },
    /// It could not be looked up.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Why the first admin was not made.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// The link was used, is too old, or another was made after it.
    #[error(
        "this link is no longer good; `bestand user link` makes a new one while there is no user"
    )]
    Link,
    /// The name is none.
    #[error(transparent)]
    Name(#[from] InvalidUserName),
    /// The password is not taken.
    #[error(transparent)]
    Password(#[from] WeakPassword),
    /// The name is somebody's already.
    #[error("there is already a user of this name; choose another")]
    NameTaken,
    /// There were too many tries.
    #[error("too many try at once; try again in {} s", .retry_after.as_secs().max(1))]
    Throttled {
        /// How long to wait.
        retry_after: Duration,
    },
    /// It could not be stored.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Why something was not done with a user.
#[derive(Debug, thiserror::Error)]
pub enum UserError {
    /// The name is none.
    #[error(transparent)]
    Name(#[from] InvalidUserName),
    /// The password is not taken.
    #[error(transparent)]
    Password(#[from] WeakPassword),
    /// The role is one of keys.
    #[error("a user is a reader, an operator or an admin; `partner` is for API keys only")]
    PartnerRole,
    /// The name is somebody's already.
    #[error("there is already a user of this name; choose another")]
    NameTaken,
    /// The account has as many users as it may have.
    #[error("an account may have at most {USERS_PER_ACCOUNT_MAX} users; remove one first")]
    TooMany,
    /// Nobody could look after the account any more.
    #[error("this is the last admin who can sign in; make somebody else an admin first")]
    LastAdmin,
    /// The password that was to be changed is another.
    #[error("the password so far is another")]
    WrongPassword,
    /// There were too many tries.
    #[error("there were too many tries; try again in {} s", .retry_after.as_secs().max(1))]
    Throttled {
        /// How long to wait.
        retry_after: Duration,
    },
    /// There is no such user, or the store is out of reach.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl From<Busy> for SignInError {
    fn from(_: Busy) -> Self {
        Self::Throttled {
            retry_after: BUSY_WAIT,
        }
    }
}

impl From<Busy> for SetUpError {
    fn from(_: Busy) -> Self {
        Self::Throttled {
            retry_after: BUSY_WAIT,
        }
    }
}

impl From<Busy> for UserError {
    fn from(_: Busy) -> Self {
        Self::Throttled {
            retry_after: BUSY_WAIT,
        }
    }
}
