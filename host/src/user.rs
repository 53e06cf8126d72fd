//! People who sign in to the console: their names, passwords, roles and sessions.
//!
//! [`Users`] is the way in, and all that pages and commands call. A person is known by name and password over the
//! whole installation, and belongs to one account. **Invariant:** nothing here knows of HTTP.

mod agreed_form;
mod common_password;
mod from;
mod held_visitors;
mod name;
mod password;
mod password_hash;
mod session;
mod set_up_link;
mod throttle;
mod users;

pub use from::From;
pub use name::{InvalidUserName, UserName};
pub use password::{Password, WeakPassword};
pub use password_hash::PasswordHash;
pub use session::{IDLE_MAX, LIFE_MAX, SESSIONS_PER_USER_MAX, UserSession, session_expiry};
pub use set_up_link::{SET_UP_TOKEN_LIFE, set_up_link};
pub use users::{SetUpError, SignInError, SignedIn, UserError, Users, Visitor};

use bestand_plugin_api::Timestamp;

use crate::api_key::Role;
use crate::id::{AccountId, UserId};

/// Users of one account: the page and the command show them all at once, and each may hold sessions.
pub const USERS_PER_ACCOUNT_MAX: usize = 1_000;

/// Somebody who signs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Their id.
    pub id: UserId,
    /// Whose rows they see.
    pub account_id: AccountId,
    /// What they type to sign in, and what others see.
    pub name: UserName,
    /// What they may do; never `partner`, which is for keys.
    pub role: Role,
    /// When they were made.
    pub created_at: Timestamp,
    /// Since when they may not sign in.
    pub disabled_at: Option<Timestamp>,
    /// When they were last there, to the minute.
    pub last_seen_at: Option<Timestamp>,
}

// === impl User ===

impl User {
    /// Whether the account could be looked after by this user alone.
    #[must_use]
    pub fn is_active_admin(&self) -> bool {
        self.role == Role::Admin && self.disabled_at.is_none()
    }
}
