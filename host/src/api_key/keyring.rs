//! The keyring: says who a request comes from, for each request, without a query in between.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use bestand_plugin_api::Timestamp;

use super::secret::{new_key, new_secret};
use super::{ApiKey, Role, SecretHash};
use crate::id::{AccountId, ApiKeyId};
use crate::secret::SecretText;
use crate::store::api_key::StoredKey;
use crate::store::{self, Db};

/// How long a key is trusted before the store is asked again: so long a revocation by *another* process (a command
/// run beside the daemon) may go unnoticed. Changes made through this keyring are seen at once.
const TRUSTED_FOR: Duration = Duration::from_secs(5);
/// How exact `last_used_at` is: a write for each request would cost more than answering it.
const LAST_USE_EXACT_TO: Duration = Duration::from_secs(60);
/// Keys held at once; beyond it the keyring starts afresh. Far above what an installation hands out.
const KEYS_HELD_MAX: usize = 100_000;

/// Makes, finds, checks and revokes API keys. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Keyring {
    db: Db,
    /// Locked only to look up or put in a reference, never across a query.
    held: Arc<RwLock<HeldKeys>>,
}

/// Who a request comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Whose rows it may see.
    pub account_id: AccountId,
    /// The key it used.
    pub key_id: ApiKeyId,
    /// What people call that key.
    pub name: Arc<str>,
    /// What it may do.
    pub role: Role,
    /// The partner the key was made for.
    pub partner: Option<Arc<str>>,
}

/// Why a request is refused.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// No such key, or not its secret; which of both is not told.
    #[error("the API key or its secret is wrong")]
    Wrong,
    /// The pair was right, but its time is over.
    #[error("the API key has expired; ask an admin for a new one")]
    Expired,
    /// The pair was right, but an admin has revoked it.
    #[error("the API key was revoked; ask an admin for a new one")]
    Revoked,
    /// It could not be looked up.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// What a new key shall be.
#[derive(Clone, Debug)]
pub struct NewApiKey {
    /// What the operator calls it.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// The partner it is for.
    pub partner: Option<String>,
    /// From when on it is refused.
    pub expires_at: Option<Timestamp>,
}

/// A pair that was just made: the only time its secret is seen.
#[derive(Clone, Debug)]
pub struct Issued {
    /// The key.
    pub api_key: ApiKey,
    /// The secret half, `bs_…`.
    pub secret: SecretText,
}

#[derive(Debug, Default)]
struct HeldKeys {
    by_key: HashMap<String, Arc<HeldKey>>,
    /// How often a key was changed: what was read from the store before a change is not held after it.
    changes: u64,
}

#[derive(Debug)]
struct HeldKey {
    caller: Caller,
    stored: StoredKey,
    trusted_until: Timestamp,
}

// === impl Keyring ===

impl Keyring {
    /// A keyring over `db`, still empty.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self {
            db,
            held: Arc::default(),
        }
    }

    /// Who the bearer of this pair is. Looks it up when it is not held.
    ///
    /// # Errors
    /// As [`Refused`] tells.
    pub async fn authenticate(
        &self,
        key: &str,
        secret: &str,
        now: Timestamp,
    ) -> Result<Caller, Refused> {
        if let Some(answer) = self.authenticate_held(key, secret, now) {
            return answer;
        }
        let changes = self.changes();
        let Some(stored) = store::api_key::find_by_key(&self.db, key).await? else {
            return Err(Refused::Wrong);
        };
        let held_key = Arc::new(HeldKey::new(stored, now));
        self.hold(held_key.clone(), changes);
        let caller = held_key.check(secret, now)?;
        self.keep_last_use(&held_key.stored.api_key, now).await;
        Ok(caller)
    }

    /// The same from memory alone; `None` when the store has to be asked.
    pub fn authenticate_held(
        &self,
        key: &str,
        secret: &str,
        now: Timestamp,
    ) -> Option<Result<Caller, Refused>> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        let held_key = held.by_key.get(key)?;
        (now < held_key.trusted_until).then(|| held_key.check(secret, now))
    }

    /// Makes a pair.
    ///
    /// # Errors
    /// When the store is out of reach.
    pub async fn create(
        &self,
        account: AccountId,
        new: NewApiKey,
        now: Timestamp,
    ) -> Result<Issued, store::Error> {
        let secret = new_secret();
        let api_key = ApiKey {
            id: ApiKeyId::new(),
            account_id: account,
            key: new_key(),
            name: new.name,
            role: new.role,
            partner: new.partner,
            created_at: now,
            last_used_at: None,
            expires_at: new.expires_at,
            revoked_at: None,
        };
        store::api_key::insert(&self.db, &api_key, &SecretHash::of(secret.reveal())).await?;
        Ok(Issued { api_key, secret })
    }

    /// Makes a new secret for a key; the one before is taken for `grace` longer.
    ///
    /// # Errors
    /// `NotFound` when there is no such key, or it is revoked.
    pub async fn regenerate(
        &self,
        account: AccountId,
        id: ApiKeyId,
        grace: Duration,
        now: Timestamp,
    ) -> Result<Issued, store::Error> {
        let secret = new_secret();
        let hash = SecretHash::of(secret.reveal());
        store::api_key::replace_secret(&self.db, account, id, &hash, now.after(grace)).await?;
        let api_key = self.find(account, id).await?;
        self.forget(&api_key.key);
        Ok(Issued { api_key, secret })
    }

    /// Refuses a key from now on.
    ///
    /// # Errors
    /// `NotFound` when there is no such key.
    pub async fn revoke(
        &self,
        account: AccountId,
        id: ApiKeyId,
        now: Timestamp,
    ) -> Result<(), store::Error> {
        store::api_key::revoke(&self.db, account, id, now).await?;
        self.forget(&self.find(account, id).await?.key);
        Ok(())
    }

    /// One key of the account.
    ///
    /// # Errors
    /// `NotFound` when there is no such key.
    pub async fn find(&self, account: AccountId, id: ApiKeyId) -> Result<ApiKey, store::Error> {
        let found = store::api_key::find(&self.db, account, id).await?;
        let stored = found.ok_or_else(|| store::Error::not_found("API key", id))?;
        Ok(stored.api_key)
    }

    /// The keys of the account, oldest first.
    ///
    /// # Errors
    /// When the store is out of reach.
    pub async fn list(&self, account: AccountId) -> Result<Vec<ApiKey>, store::Error> {
        store::api_key::list(&self.db, account).await
    }

    fn changes(&self) -> u64 {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        held.changes
    }

    fn hold(&self, held_key: Arc<HeldKey>, changes_before: u64) {
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        if held.changes != changes_before {
            return;
        }
        if held.by_key.len() >= KEYS_HELD_MAX {
            held.by_key.clear();
        }
        let key = held_key.stored.api_key.key.clone();
        held.by_key.insert(key, held_key);
    }

    fn forget(&self, key: &str) {
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        held.changes += 1;
        held.by_key.remove(key);
    }

    /// Nobody is refused because this cannot be noted.
    async fn keep_last_use(&self, api_key: &ApiKey, now: Timestamp) {
        let fresh = |last: Timestamp| now.since(last) < LAST_USE_EXACT_TO;
        if api_key.last_used_at.is_some_and(fresh) {
            return;
        }
        let (account, id) = (api_key.account_id, api_key.id);
        if let Err(error) = store::api_key::keep_last_use(&self.db, account, id, now).await {
            tracing::warn!(key = %api_key.key, %error, "the use of an API key could not be noted");
        }
    }
}

// === impl HeldKey ===

impl HeldKey {
    fn new(stored: StoredKey, now: Timestamp) -> Self {
        let api_key = &stored.api_key;
        let caller = Caller {
            account_id: api_key.account_id,
            key_id: api_key.id,
            name: Arc::from(api_key.name.as_str()),
            role: api_key.role,
            partner: api_key.partner.as_deref().map(Arc::from),
        };
        Self {
            caller,
            stored,
            trusted_until: now.after(TRUSTED_FOR),
        }
    }

    /// Whether `secret` opens this key now. The secret is compared first: who does not have it learns nothing else.
    fn check(&self, secret: &str, now: Timestamp) -> Result<Caller, Refused> {
        let hash = SecretHash::of(secret);
        let previous = self.stored.previous.as_ref();
        let is_current = self.stored.secret_hash.matches(&hash);
        let is_previous = previous.is_some_and(|(old, until)| old.matches(&hash) && now < *until);
        let api_key = &self.stored.api_key;
        match () {
            () if !is_current && !is_previous => Err(Refused::Wrong),
            () if api_key.revoked_at.is_some() => Err(Refused::Revoked),
            () if api_key.expires_at.is_some_and(|end| end <= now) => Err(Refused::Expired),
            () => Ok(self.caller.clone()),
        }
    }
}

#[cfg(test)]
mod tests;
