//! What sorts of things happen.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::connection::Connection;

/// A word that is no kind of event.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no kind of event")]
pub struct InvalidEventKind(String);

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident $word:literal)+) => {
        /// What sort of thing happened.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum EventKind {
            $($(#[$doc])* $name,)+
        }

        impl EventKind {
            /// All there are, in the order of their subjects.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The word for it, in the API and the store.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)+
                }
            }
        }
    };
}

kinds! {
    /// A connection was made.
    ConnectionMade "connection_made"
    /// Settings, secrets or name of a connection were changed.
    ConnectionChanged "connection_changed"
    /// A connection was removed, with its sources and levels.
    ConnectionRemoved "connection_removed"
    /// A connection was stopped by somebody.
    ConnectionPaused "connection_paused"
    /// A connection that was stopped goes on.
    ConnectionResumed "connection_resumed"
    /// A connection fails in a way that usually passes.
    ConnectionDegraded "connection_degraded"
    /// A connection fails, and only a person can mend it.
    ConnectionNeedsAttention "connection_needs_attention"
    /// A connection that failed works again.
    ConnectionRecovered "connection_recovered"
    /// The first sync of a connection is complete.
    FirstSyncDone "first_sync_done"
    /// A sync was broken off.
    SyncFailed "sync_failed"
    /// What the operator decides about a source was changed.
    SourceChanged "source_changed"
    /// Levels of a source fell to their low-stock threshold or below it.
    StockLow "stock_low"
    /// Levels of a source that were low are above their threshold.
    StockRecovered "stock_recovered"
    /// A full listing of a source found so much different that its threshold is reached.
    DriftHigh "drift_high"
    /// A stock take of a source was begun.
    StockTakeStarted "stock_take_started"
    /// What a stock take found was written to its source.
    StockTakeCommitted "stock_take_committed"
    /// A stock take was given up.
    StockTakeCancelled "stock_take_cancelled"
    /// A ship-from location was linked to a source.
    SourceLinked "source_linked"
    /// A ship-from location was linked to none any more.
    SourceUnlinked "source_unlinked"
    /// A ship-from location was made.
    ShipFromMade "ship_from_made"
    /// A ship-from location was changed.
    ShipFromChanged "ship_from_changed"
    /// A ship-from location was removed.
    ShipFromRemoved "ship_from_removed"
    /// Orders were imported.
    OrdersImported "orders_imported"
    /// Orders were moved to another ship-from location.
    OrdersMoved "orders_moved"
    /// An API key was made.
    ApiKeyMade "api_key_made"
    /// An API key was given a new secret.
    ApiKeyRegenerated "api_key_regenerated"
    /// An API key was revoked.
    ApiKeyRevoked "api_key_revoked"
    /// A webhook was made.
    WebhookMade "webhook_made"
    /// A webhook was changed.
    WebhookChanged "webhook_changed"
    /// A webhook was removed.
    WebhookRemoved "webhook_removed"
    /// A webhook was given a new secret.
    WebhookRotated "webhook_rotated"
    /// The receiver of a webhook says that it is gone for good; nothing is sent to it any more.
    WebhookGone "webhook_gone"
    /// A message could not be delivered to a webhook for a day, and there was no such message before.
    WebhookGaveUp "webhook_gave_up"
    /// The log had forgotten something before a webhook had read it.
    WebhookMissed "webhook_missed"
    /// The process of an adapter ended; it is started anew.
    AdapterCrashed "adapter_crashed"
    /// The process of an adapter ended too often; it waits to be released.
    AdapterQuarantined "adapter_quarantined"
    /// An adapter in quarantine may start again.
    AdapterReleased "adapter_released"
    /// A newer version of an adapter took over.
    AdapterUpgraded "adapter_upgraded"
    /// An older version of an adapter took over.
    AdapterRolledBack "adapter_rolled_back"
    /// A new version of an adapter does not work; the one before goes on.
    AdapterNotReplaced "adapter_not_replaced"
    /// Somebody signed in.
    UserSignedIn "user_signed_in"
    /// Somebody was refused at signing in.
    UserRefused "user_refused"
    /// Somebody signed out, or a session was ended.
    UserSignedOut "user_signed_out"
    /// A user was made.
    UserMade "user_made"
    /// A user has another role.
    UserRoleChanged "user_role_changed"
    /// A user has another password.
    UserPasswordChanged "user_password_changed"
    /// A user may not sign in any more.
    UserDisabled "user_disabled"
    /// A user may sign in again.
    UserEnabled "user_enabled"
    /// A user was removed.
    UserRemoved "user_removed"
}

// === impl EventKind ===

impl EventKind {
    /// What became of a connection that was changed: stopped, going on, or just another.
    #[must_use]
    pub fn of_change(before: &Connection, after: &Connection) -> Self {
        match (before.paused, after.paused) {
            (false, true) => Self::ConnectionPaused,
            (true, false) => Self::ConnectionResumed,
            _ => Self::ConnectionChanged,
        }
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for EventKind {
    type Err = InvalidEventKind;

    fn from_str(word: &str) -> Result<Self, InvalidEventKind> {
        let kind = Self::ALL.iter().find(|kind| kind.as_str() == word);
        kind.copied()
            .ok_or_else(|| InvalidEventKind(word.chars().take(40).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_is_one_kind_and_the_same_in_json() {
        for kind in EventKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(*kind));
            assert_eq!(serde_json::json!(kind), kind.as_str());
        }
        assert!("dreamt".parse::<EventKind>().is_err());
    }
}
