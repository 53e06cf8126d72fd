//! Signing in, and changing one's own password: both are guesses until they are right.

use std::time::Duration;

use bestand_plugin_api::Timestamp;

use super::{Beginning, SignInError, SignedIn, UserError, Users, Visitor};
use crate::secret::SecretText;
use crate::store::user::StoredUser;
use crate::store::{self, user_session};
use crate::user::throttle::{Attempt, Guesser};
use crate::user::{From, Password, User, UserName, password};

// === impl Users ===

impl Users {
    /// Signs somebody in.
    ///
    /// # Errors
    /// As [`SignInError`] tells.
    pub async fn sign_in(
        &self,
        name: &str,
        password: &SecretText,
        from: &From,
    ) -> Result<SignedIn, SignInError> {
        let now = self.clock.now();
        // What can be no name is looked for as one that nobody has.
        let key = UserName::parse(name).map_or_else(|_| String::new(), |name| name.key());
        let stored = store::user::find_by_name(&self.db, &key, from.network()).await?;
        let guesser = Guesser {
            name: key.into(),
            network: from.network(),
            is_familiar: stored.as_ref().is_some_and(|stored| stored.is_familiar),
        };
        let attempt = self.begin(&guesser, from, now);
        let attempt = attempt.map_err(|retry_after| SignInError::Throttled { retry_after })?;
        let (attempt, is_right) = self.verify(password, stored.as_ref(), attempt).await?;
        let Some(StoredUser {
            user,
            password_hash,
            ..
        }) = stored.filter(|_| is_right)
        else {
            tracing::info!(address = ?from.address, "a sign-in was refused");
            return Err(SignInError::Wrong);
        };
        self.throttle.succeeded(attempt);
        if user.disabled_at.is_some() {
            return Err(SignInError::Disabled);
        }
        let user = User {
            last_seen_at: Some(now),
            ..user
        };
        let beginning = Beginning::new(from, now);
        match user_session::begin(&self.db, &user, &password_hash, &beginning.session).await? {
            true => Ok(beginning.signed_in(user)),
            false => Err(SignInError::Wrong),
        }
    }

    /// Gives somebody who is signed in another password, and ends their other sessions.
    ///
    /// # Errors
    /// As [`UserError`] tells: `WrongPassword` when `old` is not theirs, `Password` when `new` is not taken.
    pub async fn change_own_password(
        &self,
        visitor: &Visitor,
        old: &SecretText,
        new: &SecretText,
    ) -> Result<(), UserError> {
        let User {
            id,
            account_id,
            ref name,
            ..
        } = *visitor.user;
        let new = Password::parse(new, name)?;
        let stored = store::user::find_with_password(&self.db, account_id, id).await?;
        // Who sits at a browser that somebody left signed in may not guess faster than a stranger.
        let guesser = Guesser {
            name: name.key().into(),
            network: None,
            is_familiar: true,
        };
        let attempt = self.begin(&guesser, &From::default(), self.clock.now());
        let attempt = attempt.map_err(|retry_after| UserError::Throttled { retry_after })?;
        let (attempt, is_right) = self.verify(old, stored.as_ref(), attempt).await?;
        if !is_right || stored.is_none() {
            return Err(UserError::WrongPassword);
        }
        self.throttle.succeeded(attempt);
        let hash = self.hasher.hash(new).await?;
        let kept = Some(visitor.session_id);
        store::user::set_password(&self.db, account_id, id, &hash, kept).await?;
        self.held.forget_user(id);
        Ok(())
    }

    fn begin(&self, guesser: &Guesser, from: &From, now: Timestamp) -> Result<Attempt, Duration> {
        self.throttle.begin(guesser, now).inspect_err(|wait| {
            let wait_secs = wait.as_secs();
            tracing::warn!(address = ?from.address, wait_secs, "somebody who tries too often to sign in has to wait");
        })
    }

    /// Compares a password; a try that could not be compared is none.
    async fn verify(
        &self,
        password: &SecretText,
        stored: Option<&StoredUser>,
        attempt: Attempt,
    ) -> Result<(Attempt, bool), crate::user::password_hash::Busy> {
        let password = password::attempted(password);
        let hash = stored.map(|stored| &stored.password_hash);
        match self.hasher.verify(password, hash).await {
            Ok(is_right) => Ok((attempt, is_right)),
            Err(busy) => {
                self.throttle.take_back(attempt);
                Err(busy)
            }
        }
    }
}
