//! What to do about a connection that does not work: a closed set, as its [`Reason`] is.

use std::fmt;

use bestand_plugin_api::{AdapterError, ErrorKind, Support, Timestamp};
use serde::{Deserialize, Serialize};

use super::fault::Fault;
use super::reason::Reason;

/// What to do about a connection that does not work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Advice {
    /// Find out the credentials, and enter them anew.
    EnterCredentials,
    /// Do what the reason says, then have the config file read again.
    Reload,
    /// Correct a setting or a secret.
    Correct {
        /// Which one.
        field: String,
    },
    /// Report a fault of the adapter.
    Report {
        /// To whom; empty for its publisher, whoever that is.
        whom: String,
    },
    /// Ask for an adapter that can do more.
    AskForNewer {
        /// Whom; empty for its publisher, whoever that is.
        whom: String,
    },
    /// Look into the account in the other system.
    LookThere {
        /// Whom to ask when all is well there; empty for the publisher, whoever that is.
        whom: String,
    },
    /// Ask the partner why its system is silent.
    AskPartner {
        /// What people call it.
        partner: String,
    },
    /// Look into the daemon's log.
    ReadLog,
    /// Let the adapter out of quarantine.
    Release,
    /// Let the connection go on.
    Resume,
    /// Nothing yet.
    Wait {
        /// When it is tried again.
        until: Timestamp,
    },
}

// === impl Advice ===

impl Advice {
    /// What helps against a reason that does not pass by itself, with whom to ask.
    #[must_use]
    pub fn against(reason: &Reason, support: &Support) -> Self {
        match reason {
            Reason::Failed { error, .. } => Self::against_failure(error, support),
            Reason::NoAdapter { .. } => Self::Reload,
            Reason::Misfit { faults } => match faults.first() {
                Some(first) if !matches!(first.fault, Fault::BrokenSchema { .. }) => {
                    let field = first.field.clone();
                    Self::Correct { field }
                }
                _ => Self::Report {
                    whom: whom(support),
                },
            },
            Reason::Quarantined { .. } => Self::Release,
            Reason::Silent { partner, .. } => Self::AskPartner {
                partner: partner.clone(),
            },
            Reason::Store { .. } => Self::ReadLog,
            Reason::Paused | Reason::Stopped => Self::Resume,
        }
    }

    fn against_failure(error: &AdapterError, support: &Support) -> Self {
        let whom = whom(support);
        match &error.kind {
            ErrorKind::Auth => Self::EnterCredentials,
            ErrorKind::Config { field } => Self::Correct {
                field: field.clone(),
            },
            ErrorKind::Bug => Self::Report { whom },
            ErrorKind::Unsupported => Self::AskForNewer { whom },
            _ => Self::LookThere { whom },
        }
    }
}

impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ask = |f: &mut fmt::Formatter<'_>, what: &str, whom: &str| match whom {
            "" => write!(f, "{what} the adapter's publisher"),
            whom => write!(f, "{what} {whom}"),
        };
        match self {
            Self::EnterCredentials => f.write_str(
                "check the credentials in the other system, then enter them anew in this connection",
            ),
            Self::Reload => f.write_str(
                "once that is done, run `bestand reload`; nothing else has to be done here",
            ),
            Self::Correct { field } => write!(f, "correct `{field}` in this connection's settings"),
            Self::Report { whom } => {
                ask(f, "this is a fault of the adapter; report it to", whom)
            }
            Self::AskForNewer { whom } => {
                let what = "the adapter cannot do this; ask for a newer version from";
                ask(f, what, whom)
            }
            Self::LookThere { whom } => {
                let what = "check the account in the other system; if all is well there, ask";
                ask(f, what, whom)
            }
            Self::AskPartner { partner } => write!(
                f,
                "ask `{partner}` whether its system still pushes, and whether it uses the key that was made for it"
            ),
            Self::ReadLog => f.write_str("look at the daemon's log: its database does not answer"),
            Self::Release => f.write_str(
                "release the adapter once its publisher has mended it, or to try it once more",
            ),
            Self::Resume => f.write_str("resume it under Connections"),
            Self::Wait { until } => {
                write!(f, "nothing to do yet; it is tried again at {until}")
            }
        }
    }
}

/// Everybody who is known to help, in one phrase.
fn whom(support: &Support) -> String {
    let contacts = [&support.name, &support.email, &support.url].into_iter();
    let known: Vec<&str> = contacts
        .map(String::as_str)
        .filter(|text| !text.is_empty())
        .collect();
    known.join(", ")
}
