//! Where tests run: the adapter, what is known of it, and what stands behind it.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use super::finding::{Finding, Stop};
use super::memory::{Nobody, Rehearsed};
use super::rig::Rig;
use super::{Outcome, Profile, Subject, TestReport, tests};
use crate::testing::{Cassette, CassetteError, Player, Upstream};
use crate::{AdapterError, Timestamp};

/// What stands behind the adapter.
#[derive(Clone)]
#[non_exhaustive]
pub enum Behind {
    /// Nothing: it speaks to nobody.
    Nothing,
    /// A cassette, played anew for each connection.
    Cassette(Arc<Cassette>),
    /// A live system. What is read of it again and again comes from what was recorded, where there is a recording.
    Live {
        /// The system.
        system: Arc<dyn Upstream>,
        /// What it answered in a [rehearsal](super::rehearse).
        rehearsal: Arc<Cassette>,
        /// Whether this is the rehearsal.
        is_rehearsal: bool,
    },
}

/// A place to try an adapter.
pub struct Bench {
    pub(super) subject: Arc<dyn Subject>,
    pub(super) profile: Profile,
    pub(super) behind: Behind,
    pub(super) now: Timestamp,
    findings: Mutex<Vec<Finding>>,
}

// === impl Behind ===

impl Behind {
    /// The cassette of this name beside `folder`, or nothing.
    ///
    /// # Errors
    /// When it is none.
    pub fn of(cassette: Option<&str>, folder: &Path) -> Result<Self, CassetteError> {
        match cassette {
            None => Ok(Self::Nothing),
            Some(path) => {
                Cassette::load(folder.join(path)).map(|cassette| Self::Cassette(Arc::new(cassette)))
            }
        }
    }

    /// When the recording was made, so that what is relative to the time plays as it was.
    fn recorded_at(&self) -> Option<Timestamp> {
        match self {
            Self::Nothing => None,
            Self::Cassette(cassette) => cassette.recorded_at,
            Self::Live { rehearsal, .. } => rehearsal.recorded_at,
        }
    }
}

// === impl Bench ===

impl Bench {
    /// A place to try `subject`.
    #[must_use]
    pub fn new(subject: Arc<dyn Subject>, profile: Profile, behind: Behind) -> Self {
        let noon = Timestamp::from_secs(1_790_000_000);
        Self {
            subject,
            profile,
            now: behind.recorded_at().unwrap_or(noon),
            behind,
            findings: Mutex::default(),
        }
    }

    /// Runs one test, unless the profile skips it.
    pub async fn run(self, name: &str) -> TestReport {
        let Some(test) = tests().iter().find(|test| test.name == name) else {
            let unknown = Finding::must_fix(format!("looked for the test `{name}`"));
            return TestReport::ended(
                name,
                "kit",
                vec![unknown.seen("there is none of this name")],
            );
        };
        if let Some(reason) = self.profile.reason_to_skip(name) {
            let reason = reason.into();
            return TestReport::new(name, test.area, Outcome::Skipped { reason }, Vec::new());
        }
        let ended = (test.run)(&self).await;
        let mut findings =
            std::mem::take(&mut *self.findings.lock().unwrap_or_else(PoisonError::into_inner));
        match ended {
            Ok(()) => {}
            Err(Stop::Found(finding)) => findings.push(*finding),
            Err(Stop::NotApplicable(reason)) if findings.is_empty() => {
                let outcome = Outcome::NotApplicable { reason };
                return TestReport::new(name, test.area, outcome, findings);
            }
            Err(Stop::NotApplicable(_)) => {}
        }
        TestReport::ended(name, test.area, told_once(findings))
    }

    /// Notes a finding and goes on.
    pub(super) fn found(&self, finding: Finding) {
        self.findings
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(finding);
    }

    /// Whether anything was found so far.
    pub(super) fn has_found(&self) -> bool {
        !self
            .findings
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_empty()
    }

    /// The adapter, started.
    pub(super) async fn start(&self) -> Result<Rig<'_>, Stop> {
        Rig::start(self).await
    }

    /// Whether writes and pushes reach a system that remembers them.
    pub(super) fn remembers(&self) -> bool {
        !matches!(self.behind, Behind::Cassette(_)) && !self.is_rehearsal()
    }

    /// Whether what is done now will be played again.
    pub(super) fn is_rehearsal(&self) -> bool {
        matches!(
            self.behind,
            Behind::Live {
                is_rehearsal: true,
                ..
            }
        )
    }

    /// The system to be read, from its beginning.
    pub(super) fn system(&self) -> Arc<dyn Upstream> {
        match &self.behind {
            Behind::Nothing => Arc::new(Nobody),
            Behind::Cassette(cassette) => Arc::new(Player::sharing(Arc::clone(cassette))),
            Behind::Live {
                system, rehearsal, ..
            } => {
                let rehearsal = Arc::clone(rehearsal);
                Arc::new(Rehearsed::new(rehearsal, Arc::clone(system)))
            }
        }
    }

    /// The system itself, for what changes it.
    pub(super) fn live_system(&self) -> Arc<dyn Upstream> {
        match &self.behind {
            Behind::Live { system, .. } => Arc::clone(system),
            _ => self.system(),
        }
    }
}

/// Of findings that differ only in where they were made, the first; it says how many there are.
fn told_once(findings: Vec<Finding>) -> Vec<Finding> {
    let mut told: Vec<(Finding, usize)> = Vec::new();
    for finding in findings {
        let is_like = |known: &Finding| {
            known.gravity == finding.gravity
                && known.expected == finding.expected
                && known.way_out == finding.way_out
        };
        match told.iter_mut().find(|(known, _)| is_like(known)) {
            Some((_, more)) => *more += 1,
            None => told.push((finding, 0)),
        }
    }
    let counted = told.into_iter().map(|(finding, more)| match more {
        0 => finding,
        more => {
            let seen = format!("{}; and {more} more like it", finding.seen);
            finding.seen(seen)
        }
    });
    counted.collect()
}

/// A fault of the profile, told as an error.
pub(super) fn misconfigured(error: impl std::fmt::Display) -> AdapterError {
    AdapterError::config("profile", error.to_string())
}
