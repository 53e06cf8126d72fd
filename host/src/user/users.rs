//! The users of the installation: who signs in, who is there, and who looks after them.
//!
//! Signing in is in `sign_in`, the first admin in `set_up`, what admins do with others in `people`.

mod error;
mod people;
mod set_up;
mod sign_in;

pub use error::{SetUpError, SignInError, UserError};

use std::sync::Arc;

use bestand_plugin_api::Timestamp;

use super::held_visitors::HeldVisitors;
use super::password_hash::Hasher;
use super::session::{TOKEN_BYTES, TOKEN_CHARS};
use super::set_up_link::SET_UP_TOKEN_LIFE;
use super::throttle::Throttle;
use super::{From, User, UserSession};
use crate::api_key::SecretHash;
use crate::clock::Clock;
use crate::id::UserSessionId;
use crate::secret::SecretText;
use crate::store::user_session::NewSession;
use crate::store::{self, Db, set_up_token, user_network, user_session};

/// Signs users in, says who is there, and keeps them. Cheap to clone; clones share what they hold and count.
#[derive(Clone, Debug)]
pub struct Users {
    db: Db,
    clock: Clock,
    hasher: Hasher,
    throttle: Arc<Throttle>,
    held: Arc<HeldVisitors>,
}

/// Who a request comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visitor {
    /// The user.
    pub user: Arc<User>,
    /// The session they use.
    pub session_id: UserSessionId,
}

/// Somebody who has just signed in: the only time the token is seen.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// What the browser shows from now on.
    pub token: SecretText,
    /// Who it is.
    pub user: Arc<User>,
    /// The session that began.
    pub session_id: UserSessionId,
    /// When the session ends at the latest; earlier when it is not used.
    pub ends_at: Timestamp,
}

/// A session that is about to begin, with its token.
struct Beginning {
    token: SecretText,
    session: NewSession,
}

// === impl Users ===

impl Users {
    /// The users in `db`; nobody is held yet.
    #[must_use]
    pub fn new(db: Db, clock: Clock) -> Self {
        Self {
            db,
            clock,
            hasher: Hasher::new(),
            throttle: Arc::default(),
            held: Arc::default(),
        }
    }

    /// Who the bearer of this token is; `None` when it is nobody's, or the session is over.
    ///
    /// # Errors
    /// When the store is out of reach.
    pub async fn visitor(&self, token: &str) -> Result<Option<Visitor>, store::Error> {
        if token.len() != TOKEN_CHARS {
            return Ok(None);
        }
        let (now, token) = (self.clock.now(), SecretHash::of(token));
        if let Some(visitor) = self.held.find(&token, now) {
            return Ok(Some(visitor));
        }
        let as_of = self.held.as_of();
        let found = user_session::find_by_token(&self.db, &token, now).await?;
        let Some((user, session)) = found else {
            return Ok(None);
        };
        if session.is_to_be_noted(now) {
            self.keep_last_use(&user, session.id, now).await;
        }
        let visitor = Visitor {
            user: Arc::new(user),
            session_id: session.id,
        };
        let expires_at = session.expires_at;
        self.held
            .hold(token, visitor.clone(), expires_at, now, as_of);
        Ok(Some(visitor))
    }

    /// Ends the session with this token, if there is one.
    ///
    /// # Errors
    /// When the store is out of reach.
    pub async fn sign_out(&self, token: &str) -> Result<(), store::Error> {
        let token = SecretHash::of(token);
        user_session::end_by_token(&self.db, &token).await?;
        self.held.forget_token(&token);
        Ok(())
    }

    /// The live sessions of a user, the one used last first.
    ///
    /// # Errors
    /// When the store is out of reach.
    pub async fn sessions(&self, user: &User) -> Result<Vec<UserSession>, store::Error> {
        user_session::list(&self.db, user.account_id, user.id, self.clock.now()).await
    }

    /// Ends one session of a user, at once on this daemon and within seconds on others.
    ///
    /// # Errors
    /// `NotFound` when the user has no such session.
    pub async fn end_session(&self, user: &User, id: UserSessionId) -> Result<(), store::Error> {
        user_session::end(&self.db, user.account_id, user.id, id).await?;
        self.held.forget_session(id);
        Ok(())
    }

    /// Forgets sessions, links and places that are past their time; answers how many.
    ///
    /// # Errors
    /// When the store is out of reach.
    pub async fn forget_expired(&self) -> Result<u64, store::Error> {
        let now = self.clock.now();
        let sessions = user_session::forget(&self.db, now).await?;
        let links = set_up_token::forget(&self.db, now.before(SET_UP_TOKEN_LIFE)).await?;
        let remembered_since = now.before(user_network::REMEMBERED_FOR);
        let networks = user_network::forget(&self.db, remembered_since).await?;
        Ok(sessions + links + networks)
    }

    /// Nobody is refused because this cannot be noted.
    async fn keep_last_use(&self, user: &User, session: UserSessionId, now: Timestamp) {
        if let Err(error) = user_session::keep_last_use(&self.db, user, session, now).await {
            tracing::warn!(user = %user.name, %error, "that a session is used could not be noted");
        }
    }
}

// === impl Beginning ===

impl Beginning {
    fn new(from: &From, now: Timestamp) -> Self {
        let token = SecretText::random::<TOKEN_BYTES>();
        let session = NewSession {
            id: UserSessionId::new(),
            token_hash: SecretHash::of(token.reveal()),
            created_at: now,
            address: from.address,
            network: from.network(),
            agent: from.shown_agent(),
        };
        Self { token, session }
    }

    fn signed_in(self, user: User) -> SignedIn {
        SignedIn {
            token: self.token,
            user: Arc::new(user),
            session_id: self.session.id,
            ends_at: self.session.created_at.after(super::LIFE_MAX),
        }
    }
}

#[cfg(test)]
mod tests;
