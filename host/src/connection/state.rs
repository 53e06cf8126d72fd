//! The state a connection is in, as a person reads it: what, since when, why, and what happens or is to be done next.

use bestand_plugin_api::{Retry, Support, Timestamp};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::ToSchema;

use super::advice::Advice;
use super::reason::Reason;
use super::trouble::Trouble;

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
        #[serde(serialize_with = "as_text")]
        #[schema(value_type = String)]
        reason: Reason,
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
        #[serde(serialize_with = "as_text")]
        #[schema(value_type = String)]
        reason: Reason,
        /// What to do.
        #[serde(serialize_with = "as_text")]
        #[schema(value_type = String)]
        advice: Advice,
    },
    /// The operator has stopped it.
    Paused,
}

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
    /// Requests from the system that are kept and wait to be worked.
    pub hooks_waiting: u64,
}

// === impl ConnectionState ===

impl ConnectionState {
    /// The state after a failure, when it has failed since then.
    #[must_use]
    pub fn failed(
        reason: Reason,
        support: &Support,
        since: Timestamp,
        next_try_at: Timestamp,
    ) -> Self {
        let since = Moment(since);
        match reason.retry() {
            Retry::Never => Self::NeedsAttention {
                since,
                advice: Advice::against(&reason, support),
                reason,
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
    pub fn trouble(&self) -> Option<Trouble> {
        let (reason, advice) = match self {
            Self::Connecting | Self::Ready | Self::Syncing { .. } => return None,
            Self::Paused => (Reason::Paused, Advice::Resume),
            Self::NeedsAttention { reason, advice, .. } => (reason.clone(), advice.clone()),
            Self::Degraded {
                reason,
                next_try_at,
                ..
            } => {
                let until = next_try_at.0;
                let advice = match reason {
                    // It does not pass by trying again.
                    Reason::Silent { .. } => Advice::against(reason, &Support::default()),
                    _ => Advice::Wait { until },
                };
                (reason.clone(), advice)
            }
        };
        Some(Trouble { reason, advice })
    }

    /// Since when it is in trouble, where that is known.
    #[must_use]
    pub fn since(&self) -> Option<Timestamp> {
        match self {
            Self::Degraded { since, .. } | Self::NeedsAttention { since, .. } => Some(since.0),
            Self::Connecting | Self::Ready | Self::Syncing { .. } | Self::Paused => None,
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

fn as_text<S: Serializer>(value: &impl ToString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&value.to_string())
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
            hooks_waiting: 0,
        }
    }
}

// === impl Moment ===

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use bestand_plugin_api::AdapterError;
    use serde_json::json;

    use super::*;
    use crate::connection::fault::{Fault, FieldFault};
    use crate::plugin::NoAdapter;

    const NOON: Timestamp = Timestamp::from_secs(1_700_000_000);
    const LATER: Timestamp = Timestamp::from_secs(1_700_000_060);

    fn state(reason: Reason) -> ConnectionState {
        let support = Support::email("help@acme.example");
        ConnectionState::failed(reason, &support, NOON, LATER)
    }

    fn failed(error: AdapterError) -> ConnectionState {
        let system = "Acme".into();
        state(Reason::Failed { system, error })
    }

    #[test]
    fn refused_credentials_need_a_person() {
        let state = failed(AdapterError::auth("the system refuses the key"));
        let ConnectionState::NeedsAttention { since, .. } = state else {
            panic!("{state:?}")
        };
        assert_eq!(since.0, NOON);
        let trouble = state.trouble().unwrap();
        assert_eq!(trouble.reason.to_string(), "the system refuses the key");
        assert_eq!(trouble.advice, Advice::EnterCredentials);
    }

    #[test]
    fn the_api_says_reason_and_advice_in_english() {
        let state = failed(AdapterError::config("shop", "it names no shop"));
        let expected = json!({
            "state": "needs_attention",
            "since": NOON.to_string(),
            "reason": "it names no shop",
            "advice": "correct `shop` in this connection's settings",
        });
        assert_eq!(serde_json::to_value(state).unwrap(), expected);
    }

    #[test]
    fn trouble_that_passes_says_when_it_is_tried_again() {
        let state = failed(AdapterError::upstream(503, "the system answered 503"));
        assert_eq!(state.word(), "degraded");
        let trouble = state.trouble().unwrap();
        assert_eq!(trouble.reason.to_string(), "the system answered 503");
        assert_eq!(trouble.advice, Advice::Wait { until: LATER });
    }

    #[test]
    fn a_fault_of_the_adapter_names_its_support() {
        let trouble = failed(AdapterError::bug("panicked")).trouble().unwrap();
        let advice = trouble.advice.to_string();
        assert!(advice.ends_with("help@acme.example"), "{advice}");
    }

    #[test]
    fn a_missing_adapter_is_no_fault_of_the_settings() {
        let why = NoAdapter::NotEnabled { id: "acme".into() };
        let trouble = state(Reason::NoAdapter { why }).trouble().unwrap();
        assert_eq!(trouble.advice, Advice::Reload);
    }

    #[test]
    fn a_configuration_that_does_not_fit_names_all_that_is_wrong_and_the_first_to_correct() {
        let fault = |field| FieldFault::new(field, Fault::SecretEmpty);
        let faults = vec![fault("secrets.a"), fault("secrets.b")];
        let trouble = state(Reason::Misfit { faults }).trouble().unwrap();
        let reason = "secrets.a: it must not be empty; secrets.b: it must not be empty";
        assert_eq!(trouble.reason.to_string(), reason);
        let field = "secrets.a".into();
        assert_eq!(trouble.advice, Advice::Correct { field });
    }
}
