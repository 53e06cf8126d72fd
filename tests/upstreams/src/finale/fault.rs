//! What can be made to go wrong, for how many requests, and on which resource.

use axum::http::Method;
use serde::{Deserialize, Serialize};

use super::resource::Resource;

/// Something that goes wrong with an answer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum Fault {
    /// 401, whatever the credentials.
    Unauthorized,
    /// 429 whose `X-RateLimit-Reset` lies this far ahead.
    RateLimited {
        /// Seconds until the reset.
        retry_after_secs: u32,
    },
    /// A bare error status such as 500 or 503.
    Status {
        /// The status.
        code: u16,
    },
    /// 200 with an error in the body.
    ErrorBody,
    /// 200 with the HTML of the login page.
    LoginPage,
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
    /// A collection that lists every row twice.
    DuplicatedRows,
    /// A write that is done, and a connection that is dropped before the answer.
    DroppedAfterCommit,
    /// A small gzip body that inflates to this much.
    GzipBomb {
        /// Mebibytes of JSON whitespace.
        inflated_mib: usize,
    },
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
    /// Only on this resource, such as `inventoryitem` or `graphql`.
    #[serde(default)]
    pub on: Option<String>,
}

/// The faults that are switched on, in the order they were.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    rules: Vec<FaultRule>,
}

impl Fault {
    /// The fault for so many requests.
    #[must_use]
    pub fn times(self, times: u32) -> FaultRule {
        FaultRule {
            times: Some(times),
            ..self.into()
        }
    }

    /// The fault on one resource only.
    pub fn on(self, resource: impl Into<String>) -> FaultRule {
        FaultRule::from(self).on(resource)
    }

    fn can_hit(&self, method: &Method, resource: &Resource) -> bool {
        match self {
            Fault::DuplicatedRows => method == Method::GET && resource.is_collection(),
            Fault::DroppedAfterCommit => {
                method == Method::POST && resource.name() == "inventoryvariance"
            }
            _ => true,
        }
    }
}

impl FaultRule {
    /// The same on one resource only.
    #[must_use]
    pub fn on(self, resource: impl Into<String>) -> Self {
        Self {
            on: Some(resource.into()),
            ..self
        }
    }

    fn hits(&self, method: &Method, resource: &Resource) -> bool {
        let here = self.on.as_deref().is_none_or(|on| on == resource.name());
        here && self.times != Some(0) && self.fault.can_hit(method, resource)
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

impl Faults {
    pub(crate) fn add(&mut self, rule: FaultRule) {
        self.rules.push(rule);
    }

    pub(crate) fn clear(&mut self) {
        self.rules.clear();
    }

    /// The first fault that hits this request; it has then hit once more.
    pub(crate) fn take(&mut self, method: &Method, resource: &Resource) -> Option<Fault> {
        let rule = self
            .rules
            .iter_mut()
            .find(|rule| rule.hits(method, resource))?;
        if let Some(times) = &mut rule.times {
            *times -= 1;
        }
        Some(rule.fault.clone())
    }
}
