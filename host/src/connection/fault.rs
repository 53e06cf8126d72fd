//! What can be wrong with a field of a connection: a closed set, so that a form can say it in its visitor's language. As
//! text it is English, as the API says it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::edit::{RECONCILE_SECS, SYNC_INTERVAL_SECS};
use super::setting_fault::SettingFault;
use crate::plugin::NoAdapter;

/// Something wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldFault {
    /// The field: `settings.account`.
    pub field: String,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What can be wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Fault {
    /// A name is empty or longer than this.
    NameLength {
        /// In characters.
        max: usize,
    },
    /// The pause between syncs is not within these bounds.
    Interval {
        /// In seconds.
        shortest: i64,
        /// In seconds.
        longest: i64,
    },
    /// A setting is not what the adapter's schema asks for.
    Setting {
        /// What the schema asks for.
        wrong: SettingFault,
    },
    /// The adapter's own schema cannot be used.
    BrokenSchema {
        /// The adapter's id.
        adapter: String,
        /// What is wrong with the schema.
        said: String,
    },
    /// The adapter is not there.
    NoAdapter {
        /// Why not.
        why: NoAdapter,
    },
    /// The adapter stands for partners that push, whose connections make themselves.
    MadeByPush,
    /// The account has no such inventory source.
    NoSuchSource,
    /// The inventory source is made of this very connection, maybe through others.
    SourceOfItself,
    /// The inventory source is made of others, these of others, and so on too often.
    SourceTooDeep {
        /// How many may be made of each other in a row.
        max: usize,
    },
    /// The adapter knows no such secret.
    NoSuchSecret {
        /// The adapter's id.
        adapter: String,
    },
    /// A secret that has to be there is not.
    SecretNeeded {
        /// What the adapter calls it.
        label: String,
    },
    /// A secret is given as nothing.
    SecretEmpty,
    /// A secret has to be given again, because something says from now on where else it is sent.
    SecretToRepeat {
        /// The settings that say so.
        settings: Vec<String>,
    },
    /// A secret cannot be read where it is kept.
    SecretUnreadable {
        /// Why, and the way out.
        said: String,
    },
}

// === impl FieldFault ===

impl FieldFault {
    /// `fault` is what is wrong with `field`.
    #[must_use]
    pub fn new(field: impl Into<String>, fault: Fault) -> Self {
        let field = field.into();
        Self { field, fault }
    }
}

impl fmt::Display for FieldFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.fault)
    }
}

// === impl Fault ===

impl Fault {
    /// That the pause between syncs is not one.
    #[must_use]
    pub fn interval() -> Self {
        let (shortest, longest) = SYNC_INTERVAL_SECS.into_inner();
        Self::Interval { shortest, longest }
    }
}

impl Fault {
    /// That the time between full listings is not one.
    #[must_use]
    pub fn reconcile() -> Self {
        let (shortest, longest) = RECONCILE_SECS.into_inner();
        Self::Interval { shortest, longest }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NameLength { max } => write!(f, "a name must have 1 to {max} characters"),
            Self::Interval { shortest, longest } => {
                write!(f, "it must be from {shortest} to {longest} seconds")
            }
            Self::Setting { wrong } => wrong.fmt(f),
            Self::BrokenSchema { adapter, said } => {
                write!(f, "the settings schema of `{adapter}` is broken: {said}")
            }
            Self::NoAdapter { why } => why.fmt(f),
            Self::MadeByPush => f.write_str(
                "a connection of this adapter is made by a partner's first push: make an API key for the partner instead",
            ),
            Self::NoSuchSource => f.write_str("there is no such inventory source; choose one of those listed"),
            Self::SourceOfItself => f.write_str(
                "this inventory source is made of this connection's own, so that none of them would ever have a number; take it out",
            ),
            Self::SourceTooDeep { max } => write!(
                f,
                "this inventory source is made of others in too many steps; at most {max} connections may be made of each other"
            ),
            Self::NoSuchSecret { adapter } => write!(f, "adapter `{adapter}` has no such secret"),
            Self::SecretNeeded { label } => write!(f, "`{label}` is needed"),
            Self::SecretEmpty => f.write_str("it must not be empty"),
            Self::SecretToRepeat { settings } => {
                let settings = settings.join("`, `");
                write!(f, "enter it again: `{settings}` says where it is sent")
            }
            Self::SecretUnreadable { said } => f.write_str(said),
        }
    }
}
