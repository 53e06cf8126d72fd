//! The state a connection is in, as a person reads it: what, since when, why, and what happens or is to be done next.

use bestand_plugin_api::{AdapterError, ErrorKind, Retry, Support, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

/// The state of a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ConnectionState {
    /// It is being opened and its credentials are checked.
    Connecting,
    /// All is well; the next sync is waited for.
    Ready,
    /// A sync is under way.
    Syncing {
        /// When it began.
        #[schema(value_type = String)]
        since: Moment,
        /// Levels brought in so far.
        levels: u64,
    },
    /// It fails in a way that usually passes; what is stored stays and grows old.
    Degraded {
        /// Since when.
        #[schema(value_type = String)]
        since: Moment,
        /// What happens.
        reason: String,
        /// When it is tried again.
        #[schema(value_type = String)]
        next_try_at: Moment,
    },
    /// Only a person can mend it.
    NeedsAttention {
        /// Since when.
        #[schema(value_type = String)]
        since: Moment,
        /// What is wrong.
        reason: String,
        /// What to do.
        advice: String,
    },
    /// The operator has stopped it.
    Paused,
}

/// The field that is wrong when a connection's adapter is not there.
pub(super) const ADAPTER: &str = "adapter";

/// A moment that is shown as RFC 3339.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment(pub Timestamp);

/// What is shown of a connection besides its configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Status {
    /// The state.
    #[serde(flatten)]
    pub state: ConnectionState,
    /// What the system calls the account.
    pub account_name: Option<String>,
    /// What works less well than it could.
    pub warnings: Vec<String>,
    /// The end of the last sync that went well.
    #[schema(value_type = Option<String>)]
    pub last_sync_at: Option<Moment>,
    /// When the next one is due.
    #[schema(value_type = Option<String>)]
    pub next_sync_at: Option<Moment>,
}

// === impl ConnectionState ===

impl ConnectionState {
    /// The state after a failure, when it has failed since then.
    #[must_use]
    pub fn failed(
        error: &AdapterError,
        support: &Support,
        since: Timestamp,
        next_try_at: Timestamp,
    ) -> Self {
        let (since, reason) = (Moment(since), error.message.clone());
        match error.retry() {
            Retry::Never => Self::NeedsAttention {
                since,
                reason,
                advice: advice(error, support),
            },
            Retry::Backoff | Retry::At(_) => Self::Degraded {
                since,
                reason,
                next_try_at: Moment(next_try_at),
            },
        }
    }

    /// Why its numbers cannot be refreshed now, and what to do; `None` when they can.
    #[must_use]
    pub fn trouble(&self) -> Option<(String, String)> {
        match self {
            Self::Connecting | Self::Ready | Self::Syncing { .. } => None,
            Self::Paused => Some((
                "the connection is paused".into(),
                "resume it under Connections".into(),
            )),
            Self::NeedsAttention { reason, advice, .. } => Some((reason.clone(), advice.clone())),
            Self::Degraded {
                reason,
                next_try_at,
                ..
            } => Some((
                reason.clone(),
                format!("nothing to do yet; it is tried again at {}", next_try_at.0),
            )),
        }
    }

    /// The word for it, as the API and metrics use it.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::Ready => "ready",
            Self::Syncing { .. } => "syncing",
            Self::Degraded { .. } => "degraded",
            Self::NeedsAttention { .. } => "needs_attention",
            Self::Paused => "paused",
        }
    }
}

/// What an operator does about a failure that does not pass.
fn advice(error: &AdapterError, support: &Support) -> String {
    match &error.kind {
        ErrorKind::Auth => {
            "check the credentials in the other system, then enter them anew in this connection"
                .into()
        }
        ErrorKind::Config { field } if field == ADAPTER => {
            "once that is done, run `bestand reload`; nothing else has to be done here".into()
        }
        ErrorKind::Config { field } => format!("correct `{field}` in this connection's settings"),
        ErrorKind::Bug => ask("this is a fault of the adapter; report it to", support),
        ErrorKind::Unsupported => ask(
            "the adapter cannot do this; ask for a newer version from",
            support,
        ),
        _ => ask(
            "check the account in the other system; if all is well there, ask",
            support,
        ),
    }
}

fn ask(what: &str, support: &Support) -> String {
    let contacts = [&support.name, &support.email, &support.url];
    let known: Vec<&str> = contacts
        .into_iter()
        .map(String::as_str)
        .filter(|text| !text.is_empty())
        .collect();
    if known.is_empty() {
        format!("{what} the adapter's publisher")
    } else {
        format!("{what} {}", known.join(", "))
    }
}

// === impl Status ===

impl Default for Status {
    fn default() -> Self {
        Self {
            state: ConnectionState::Connecting,
            account_name: None,
            warnings: Vec::new(),
            last_sync_at: None,
            next_sync_at: None,
        }
    }
}

// === impl Moment ===

impl Serialize for Moment {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp::from_secs(1_700_000_000);
    const LATER: Timestamp = Timestamp::from_secs(1_700_000_060);

    fn failed(error: &AdapterError) -> ConnectionState {
        let support = Support::email("help@acme.example");
        ConnectionState::failed(error, &support, NOON, LATER)
    }

    #[test]
    fn refused_credentials_need_a_person() {
        let state = failed(&AdapterError::auth("the system refuses the key"));
        let ConnectionState::NeedsAttention {
            since,
            reason,
            advice,
        } = state
        else {
            panic!("{state:?}")
        };
        assert_eq!(
            (since.0, reason.as_str()),
            (NOON, "the system refuses the key")
        );
        assert!(advice.contains("enter them anew"), "{advice}");
    }

    #[test]
    fn trouble_that_passes_says_when_it_is_tried_again() {
        let state = failed(&AdapterError::upstream(503, "the system answered 503"));
        assert_eq!(state.word(), "degraded");
        let (reason, advice) = state.trouble().unwrap();
        assert_eq!(reason, "the system answered 503");
        assert!(advice.ends_with(&LATER.to_string()), "{advice}");
    }

    #[test]
    fn a_fault_of_the_adapter_names_its_support() {
        let state = failed(&AdapterError::bug("panicked"));
        assert!(state.trouble().unwrap().1.ends_with("help@acme.example"));
    }

    #[test]
    fn a_missing_adapter_is_no_fault_of_the_settings() {
        let state = failed(&AdapterError::config(
            ADAPTER,
            "enable it in the config file",
        ));
        let (reason, advice) = state.trouble().unwrap();
        assert_eq!(reason, "enable it in the config file");
        assert!(advice.contains("bestand reload"), "{advice}");
        let state = failed(&AdapterError::config("shop", "it names no shop"));
        assert!(state.trouble().unwrap().1.contains("correct `shop`"));
    }
}
