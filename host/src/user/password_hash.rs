//! Hashing passwords: slow on purpose, away from the daemon's workers, and never many at once.

use std::sync::Arc;

use argon2::password_hash::{Error, phc};
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::Password;
use crate::secret::SecretText;

/// argon2id with 19 MiB, two passes and one lane: what OWASP names as the least for new systems, some 20 ms of a core.
const PARAMS: Params = match Params::new(19 * 1024, 2, 1, None) {
    Ok(params) => params,
    Err(_) => panic!("the parameters are within argon2's bounds"),
};
/// Hashes made at once: each takes 19 MiB, and a flood of guesses must take neither the memory nor the last core.
const AT_ONCE_MAX: usize = 2;
/// Hashes that may wait for their turn, which takes about a second; whoever comes later is told to.
const WAITING_MAX: usize = 64;

/// A hash that no password is known to lead to, with the parameters of all others: to compare with where there is no
/// user, so that a name that is unknown takes as long as a password that is wrong.
const OF_NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdCBvZiBub2JvZHkgOg$\
    bm9ib2R5IGhhcyB0aGlzIHBhc3N3b3JkLCBldmVyISE";

/// The hash of a password, with all that is needed to compare another with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordHash(phc::PasswordHash);

/// Makes and compares hashes. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Hasher {
    turns: Arc<Semaphore>,
    places: Arc<Semaphore>,
}

/// Too many are at it already, or there is no memory left for one more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Busy;

// === impl PasswordHash ===

impl PasswordHash {
    /// As it was stored; `None` when that is no hash.
    #[must_use]
    pub fn from_stored(text: &str) -> Option<Self> {
        phc::PasswordHash::new(text).ok().map(Self)
    }

    /// As it is stored: a PHC string.
    #[must_use]
    pub fn to_stored(&self) -> String {
        self.0.to_string()
    }

    fn of_nobody() -> Self {
        Self::from_stored(OF_NOBODY).expect("it is written out above")
    }
}

// === impl Hasher ===

impl Hasher {
    pub(super) fn new() -> Self {
        Self {
            turns: Arc::new(Semaphore::new(AT_ONCE_MAX)),
            places: Arc::new(Semaphore::new(AT_ONCE_MAX + WAITING_MAX)),
        }
    }

    /// The hash of a password, with a salt of its own.
    pub(super) async fn hash(&self, password: Password) -> Result<PasswordHash, Busy> {
        let hashed = self.in_turn(move || argon2().hash_password(password.reveal().as_bytes()));
        hashed.await?.map(PasswordHash).map_err(|_| Busy)
    }

    /// Whether `hash` is of this password. `None` is the hash of nobody, and takes as long.
    pub(super) async fn verify(
        &self,
        password: SecretText,
        hash: Option<&PasswordHash>,
    ) -> Result<bool, Busy> {
        let hash = hash.cloned().unwrap_or_else(PasswordHash::of_nobody);
        let verified =
            self.in_turn(move || argon2().verify_password(password.reveal().as_bytes(), &hash.0));
        match verified.await? {
            Ok(()) => Ok(true),
            Err(Error::PasswordInvalid) => Ok(false),
            Err(_) => Err(Busy),
        }
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Busy> {
        let _place: SemaphorePermit<'_> = self.places.try_acquire().map_err(|_| Busy)?;
        let turn = Arc::clone(&self.turns).acquire_owned().await;
        let turn = turn.map_err(|_| Busy)?;
        // Whoever asked may go away; the turn ends with the work, not with the wait for it.
        let work = move || {
            let done = work();
            drop(turn);
            done
        };
        tokio::task::spawn_blocking(work).await.map_err(|_| Busy)
    }
}

fn argon2() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, PARAMS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::user::UserName;

    fn password(text: &str) -> Password {
        Password::parse(&text.into(), &UserName::parse("anna").unwrap()).unwrap()
    }

    #[tokio::test]
    async fn a_hash_is_of_its_password_and_no_other_and_never_twice_the_same() {
        let hasher = Hasher::new();
        let hash = hasher.hash(password("ein rotes Boot")).await.unwrap();
        let again = hasher.hash(password("ein rotes Boot")).await.unwrap();
        assert_ne!(hash, again);
        assert!(
            hash.to_stored()
                .starts_with("$argon2id$v=19$m=19456,t=2,p=1$")
        );
        let stored = PasswordHash::from_stored(&hash.to_stored()).unwrap();
        for (text, expected) in [
            ("ein rotes Boot", true),
            ("ein rotes boot", false),
            ("", false),
        ] {
            let verified = hasher.verify(text.into(), Some(&stored)).await;
            assert_eq!(verified, Ok(expected), "{text}");
        }
    }

    #[tokio::test]
    async fn nobody_has_a_password_and_it_is_compared_all_the_same() {
        let (mine, nobody) = (
            Hasher::new()
                .hash(password("ein rotes Boot"))
                .await
                .unwrap(),
            PasswordHash::of_nobody(),
        );
        assert_eq!(
            (mine.0.algorithm, mine.0.version, &mine.0.params),
            (nobody.0.algorithm, nobody.0.version, &nobody.0.params)
        );
        let length = |hash: &PasswordHash| hash.0.hash.as_ref().map(|output| output.len());
        assert_eq!(length(&mine), length(&nobody));
        assert_eq!(
            Hasher::new().verify("ein rotes Boot".into(), None).await,
            Ok(false)
        );
    }

    #[tokio::test]
    async fn more_than_can_be_worked_on_are_told_to_wait() {
        let hasher = Hasher::new();
        let _all = hasher.places.try_acquire_many(66).unwrap();
        assert_eq!(
            hasher.verify("ein rotes Boot".into(), None).await,
            Err(Busy)
        );
    }

    #[test]
    fn what_is_no_hash_is_not_read_as_one() {
        assert_eq!(PasswordHash::from_stored("ein rotes Boot"), None);
    }
}
