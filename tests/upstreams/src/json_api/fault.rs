//! What can be made to go wrong, for how many requests, and in which method.

use serde::{Deserialize, Serialize};

/// Something that goes wrong with an answer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum Fault {
    /// What wrong credentials are answered, whatever the credentials.
    Unauthorized,
    /// 429 that names so many seconds.
    RateLimited {
        /// Seconds until it may be asked again.
        retry_after_secs: u32,
    },
    /// An error status such as 500 or 503, with the system's own body for it.
    Status {
        /// The status.
        code: u16,
    },
    /// 200 with an error in the body.
    ErrorBody,
    /// 200 with a page of HTML.
    Page,
    /// The right answer, cut in the middle of its JSON.
    Truncated,
    /// The right answer in small pieces with a pause before each.
    SlowBody {
        /// Milliseconds before each piece.
        pause_ms: u64,
    },
    /// The first half of the right answer, then nothing, with the connection open.
    StalledBody,
    /// The connection is dropped before the request is worked on.
    Reset,
    /// The request is worked on, and the connection is dropped before the answer.
    DroppedAfterCommit,
}

/// A fault with its bounds; made by [`Fault::times`] and [`FaultRule::on`], or from a [`Fault`] alone, which then
/// holds for every request until it is cleared.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct FaultRule {
    /// What goes wrong.
    #[serde(flatten)]
    pub fault: Fault,
    /// For so many requests; without a number until it is cleared.
    #[serde(default)]
    pub times: Option<u32>,
    /// Only in the method of this name: the last part of the path, in lower case.
    #[serde(default)]
    pub on: Option<String>,
}

/// The faults that are switched on, in the order they were.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    rules: Vec<FaultRule>,
}

// === impl Fault ===

impl Fault {
    /// The fault for so many requests.
    #[must_use]
    pub fn times(self, times: u32) -> FaultRule {
        FaultRule {
            times: Some(times),
            ..self.into()
        }
    }

    /// The fault in one method only.
    pub fn on(self, method: impl Into<String>) -> FaultRule {
        FaultRule::from(self).on(method)
    }
}

// === impl FaultRule ===

impl FaultRule {
    /// The same in one method only.
    #[must_use]
    pub fn on(self, method: impl Into<String>) -> Self {
        Self {
            on: Some(method.into()),
            ..self
        }
    }

    fn hits(&self, method: &str) -> bool {
        let here = self
            .on
            .as_deref()
            .is_none_or(|on| on.eq_ignore_ascii_case(method));
        here && self.times != Some(0)
    }
}

impl From<Fault> for FaultRule {
    fn from(fault: Fault) -> Self {
        Self {
            fault,
            times: None,
            on: None,
        }
    }
}

// === impl Faults ===

impl Faults {
    pub(crate) fn add(&mut self, rule: FaultRule) {
        self.rules.push(rule);
    }

    pub(crate) fn clear(&mut self) {
        self.rules.clear();
    }

    /// The first fault that hits a request to this method; it has then hit once more.
    pub(crate) fn take(&mut self, method: &str) -> Option<Fault> {
        let rule = self.rules.iter_mut().find(|rule| rule.hits(method))?;
        if let Some(times) = &mut rule.times {
            *times -= 1;
        }
        Some(rule.fault.clone())
    }
}
