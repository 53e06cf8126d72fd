//! Faults that can be switched on, each for some requests, after some requests, for one operation or for all.

use serde::{Deserialize, Serialize};

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Fault {
    /// Status 200 with the error code `THROTTLED` and no data.
    Throttled,
    /// A status with the body the real service sends: 401, 402, 403, 404, 423, 429, 430, 500, 502, 503, 504.
    Status {
        /// The HTTP status.
        code: u16,
        /// Sent as `Retry-After`.
        #[serde(default)]
        retry_after_secs: Option<u32>,
    },
    /// The answer comes late.
    Slow {
        /// How late.
        millis: u64,
    },
    /// Status 200 with a web page.
    HtmlBody,
    /// The connection breaks before the request is worked.
    Reset,
    /// The request is worked, then the connection breaks: the caller cannot know.
    AnswerLost,
    /// Status 200 with a top-level `INTERNAL_SERVER_ERROR`.
    InternalError,
    /// The header says another API version served the request.
    FallForward {
        /// That version.
        version: String,
    },
    /// `extensions.search` warns although the query was fine.
    SearchWarning,
    /// `nodes(ids:)` answers null for every id.
    NullNodes,
    /// A write says another request with its key is still running.
    IdempotencyConcurrent,
    /// The next bulk operation ends FAILED with a `partialDataUrl`.
    BulkFailed,
    /// The next bulk operation is CANCELED by the service.
    BulkCanceled,
    /// The next bulk operation runs for ever.
    BulkStuck,
    /// The next bulk operation claims one object more than its file has.
    WrongObjectCount,
    /// The file of a bulk operation ends in the middle of a line.
    TruncatedJsonl,
    /// The file's address answers as expired.
    ExpiredUrl,
}

/// When it goes wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultRule {
    /// What happens.
    #[serde(flatten)]
    pub fault: Fault,
    /// Only in the operation of this name; any when absent.
    #[serde(default)]
    pub operation: Option<String>,
    /// How many matching requests pass first.
    #[serde(default)]
    pub after: u32,
    /// How many requests it hits; every one when absent.
    #[serde(default)]
    pub times: Option<u32>,
}

/// Where in the work on a request a fault strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Before anything is looked at.
    Arrival,
    /// While a GraphQL operation is answered.
    Answer,
    /// When a bulk operation is accepted.
    Bulk,
    /// When the file of a bulk operation is fetched.
    Download,
}

/// The faults switched on, first rule first.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    rules: Vec<FaultRule>,
}

impl From<Fault> for FaultRule {
    /// Once, on the next request it can hit.
    fn from(fault: Fault) -> Self {
        Self {
            fault,
            operation: None,
            after: 0,
            times: Some(1),
        }
    }
}

impl FaultRule {
    /// Every time until the faults are cleared.
    #[must_use]
    pub fn always(fault: Fault) -> Self {
        Self {
            times: None,
            ..Self::from(fault)
        }
    }

    /// The same rule for `times` requests.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        Self {
            times: Some(times),
            ..self
        }
    }

    /// The same rule once `after` matching requests have passed.
    #[must_use]
    pub fn after(self, after: u32) -> Self {
        Self { after, ..self }
    }

    /// The same rule for the operation of that name only.
    #[must_use]
    pub fn on(self, operation: impl Into<String>) -> Self {
        Self {
            operation: Some(operation.into()),
            ..self
        }
    }
}

impl Fault {
    pub(crate) fn stage(&self) -> Stage {
        match self {
            Fault::Throttled
            | Fault::Status { .. }
            | Fault::Slow { .. }
            | Fault::HtmlBody
            | Fault::Reset
            | Fault::InternalError => Stage::Arrival,
            Fault::AnswerLost
            | Fault::FallForward { .. }
            | Fault::SearchWarning
            | Fault::NullNodes
            | Fault::IdempotencyConcurrent => Stage::Answer,
            Fault::BulkFailed
            | Fault::BulkCanceled
            | Fault::BulkStuck
            | Fault::WrongObjectCount => Stage::Bulk,
            Fault::TruncatedJsonl | Fault::ExpiredUrl => Stage::Download,
        }
    }
}

impl Faults {
    pub(crate) fn add(&mut self, rule: FaultRule) {
        self.rules.push(rule);
    }

    pub(crate) fn clear(&mut self) {
        self.rules.clear();
    }

    /// The faults that strike this request at this stage, each counted down.
    pub(crate) fn take(&mut self, stage: Stage, operation: Option<&str>) -> Vec<Fault> {
        let mut struck = Vec::new();
        for rule in &mut self.rules {
            let named = rule
                .operation
                .as_deref()
                .is_none_or(|name| operation == Some(name));
            if rule.fault.stage() != stage || !named {
                continue;
            }
            if rule.after > 0 {
                rule.after -= 1;
                continue;
            }
            if let Some(times) = &mut rule.times {
                *times = times.saturating_sub(1);
            }
            struck.push(rule.fault.clone());
        }
        self.rules.retain(|rule| rule.times != Some(0));
        struck
    }
}
