//! One browser that is signed in: how long it stays so, and what its user is told of it.

use std::net::IpAddr;
use std::time::Duration;

use bestand_plugin_api::Timestamp;

use crate::id::UserSessionId;

/// How long nothing may be heard of a session: a shift and its breaks, so that nobody signs in twice a day, and a
/// browser left open in the evening is closed to whoever comes in the morning.
pub const IDLE_MAX: Duration = Duration::from_secs(12 * 3600);
/// How long a session lasts at most, however much it is used: a token that was stolen unseen is of no use after it.
pub const LIFE_MAX: Duration = Duration::from_secs(30 * 86_400);
/// Sessions of one user; the one that was used least recently ends for the next. A person has a few browsers, and who
/// shares a name, a packing table each.
pub const SESSIONS_PER_USER_MAX: usize = 50;
/// How exact `last_seen_at` is: a write for each page would cost more than the page.
pub(super) const SEEN_EXACT_TO: Duration = Duration::from_secs(60);

/// Random bytes of a token: beyond any guessing, which is why a fast hash keeps it safe.
pub(super) const TOKEN_BYTES: usize = 32;
/// The same in base64url.
pub(super) const TOKEN_CHARS: usize = (TOKEN_BYTES * 4).div_ceil(3);

/// One browser that is signed in, without its token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserSession {
    /// Its id.
    pub id: UserSessionId,
    /// When somebody signed in.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_seen_at: Timestamp,
    /// When it ends if it is not used until then.
    pub expires_at: Timestamp,
    /// The address from which somebody signed in.
    pub address: Option<IpAddr>,
    /// What their browser called itself.
    pub agent: String,
}

// === impl UserSession ===

impl UserSession {
    /// Whether it is still good.
    #[must_use]
    pub fn is_alive(&self, now: Timestamp) -> bool {
        now < self.expires_at
    }

    /// Whether it is time to note that it is used.
    pub(super) fn is_to_be_noted(&self, now: Timestamp) -> bool {
        now.since(self.last_seen_at) >= SEEN_EXACT_TO
    }
}

/// When a session ends that began then and was last used then.
#[must_use]
pub fn session_expiry(created_at: Timestamp, last_seen_at: Timestamp) -> Timestamp {
    created_at.after(LIFE_MAX).min(last_seen_at.after(IDLE_MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_ends_when_it_is_idle_or_old_whichever_is_first() {
        let began = Timestamp::from_secs(1_700_000_000);
        assert_eq!(session_expiry(began, began), began.after(IDLE_MAX));
        let used_late = began.after(LIFE_MAX - Duration::from_secs(60));
        assert_eq!(session_expiry(began, used_late), began.after(LIFE_MAX));
    }
}
