//! Why a level changed: what is answered to "why is this suddenly five?".

use std::str::FromStr;

use crate::id::SyncId;

/// Why a level changed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cause {
    /// What brought it.
    pub kind: CauseKind,
    /// The run that brought it.
    pub run: Option<SyncId>,
    /// Who: the name of a key or user, or what an adapter says.
    pub actor: Option<String>,
}

/// What brought a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CauseKind {
    /// A full listing; its run is kept with each level that it names.
    Sync,
    /// What the system reported as changed.
    Change,
    /// A query for an order that was being looked at.
    Live,
    /// The system or a partner sent it.
    Push,
    /// Somebody wrote it through Bestand.
    Write,
    /// A look after the system hinted at a change.
    Hint,
}

// === impl Cause ===

impl Cause {
    /// A page of the listing `run`.
    #[must_use]
    pub fn listing(run: SyncId) -> Self {
        Self {
            run: Some(run),
            ..Self::of(CauseKind::Sync)
        }
    }

    /// A cause without run or actor.
    #[must_use]
    pub fn of(kind: CauseKind) -> Self {
        Self {
            kind,
            run: None,
            actor: None,
        }
    }

    /// The listing that this is a page of.
    pub(in crate::stock) fn listed_by(&self) -> Option<SyncId> {
        self.run.filter(|_| self.kind == CauseKind::Sync)
    }
}

// === impl CauseKind ===

impl CauseKind {
    /// All there are.
    pub const ALL: [Self; 6] = [
        Self::Sync,
        Self::Change,
        Self::Live,
        Self::Push,
        Self::Write,
        Self::Hint,
    ];

    /// As it is stored and shown.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sync => "sync",
            Self::Change => "change",
            Self::Live => "live",
            Self::Push => "push",
            Self::Write => "write",
            Self::Hint => "hint",
        }
    }
}

impl FromStr for CauseKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "sync" => Ok(Self::Sync),
            "change" => Ok(Self::Change),
            "live" => Ok(Self::Live),
            "push" => Ok(Self::Push),
            "write" => Ok(Self::Write),
            "hint" => Ok(Self::Hint),
            other => {
                let known = Self::ALL.map(Self::as_str).join(", ");
                Err(format!("`{other}` is no cause; they are {known}"))
            }
        }
    }
}
