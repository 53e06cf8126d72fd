//! How often a key may ask: a rate limit of its own for each, told with every answer.

use std::num::NonZeroU32;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::problem::{Kind, Problem};
use crate::id::ApiKeyId;

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// Counts the requests of each key. It holds an entry per key that was ever used, and only real keys get here.
pub(super) struct Limiter {
    buckets: DefaultKeyedRateLimiter<ApiKeyId, StateInformationMiddleware>,
    clock: DefaultClock,
    /// What the header says of the limit itself.
    policy: HeaderValue,
    per_minute: u32,
}

/// What a key may still ask for, to be told with the answer.
#[derive(Clone, Debug)]
pub(super) struct Allowance {
    policy: HeaderValue,
    remaining: u32,
    reset_secs: u64,
}

// === impl Limiter ===

impl Limiter {
    /// A limit of so many requests per minute for each key; they may come all at once.
    pub(super) fn per_minute(requests: NonZeroU32) -> Self {
        let policy = format!("\"per-key\";q={requests};w=60");
        Self {
            buckets: RateLimiter::keyed(Quota::per_minute(requests)).with_middleware(),
            clock: DefaultClock::default(),
            policy: HeaderValue::try_from(policy).expect("digits are a header"),
            per_minute: requests.get(),
        }
    }

    /// Counts a request of `key`.
    ///
    /// # Errors
    /// 429 when there were too many.
    pub(super) fn count(&self, key: ApiKeyId) -> Result<Allowance, Problem> {
        match self.buckets.check_key(&key) {
            Ok(state) => Ok(self.allowance(state.remaining_burst_capacity())),
            Err(refused) => {
                let wait = refused.wait_time_from(self.clock.now());
                Err(self.refuse(wait.as_secs() + 1))
            }
        }
    }

    fn allowance(&self, remaining: u32) -> Allowance {
        let used = u64::from(self.per_minute.saturating_sub(remaining));
        Allowance {
            policy: self.policy.clone(),
            remaining,
            reset_secs: (used * 60).div_ceil(u64::from(self.per_minute)),
        }
    }

    fn refuse(&self, wait_secs: u64) -> Problem {
        let detail = format!(
            "this key may make {} requests per minute; try again in {wait_secs} s",
            self.per_minute
        );
        let allowance = Allowance {
            policy: self.policy.clone(),
            remaining: 0,
            reset_secs: wait_secs,
        };
        Problem::new(Kind::TooManyRequests, detail)
            .retry_after_secs(wait_secs)
            .with_header(RATE_LIMIT_POLICY, self.policy.clone())
            .with_header(RATE_LIMIT, allowance.header())
    }
}

// === impl Allowance ===

impl Allowance {
    /// Puts it into the headers of the answer.
    pub(super) fn tell(&self, headers: &mut HeaderMap) {
        headers.insert(RATE_LIMIT_POLICY, self.policy.clone());
        headers.insert(RATE_LIMIT, self.header());
    }

    fn header(&self) -> HeaderValue {
        let text = format!("\"per-key\";r={};t={}", self.remaining, self.reset_secs);
        HeaderValue::try_from(text).expect("digits are a header")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_asks_too_often_waits_and_others_do_not() {
        let limiter = Limiter::per_minute(NonZeroU32::new(2).unwrap());
        let (eager, calm) = (ApiKeyId::new(), ApiKeyId::new());
        assert_eq!(limiter.count(eager).unwrap().remaining, 1);
        assert_eq!(limiter.count(eager).unwrap().remaining, 0);
        let refused = limiter.count(eager).unwrap_err();
        assert_eq!(refused.status().as_u16(), 429);
        assert_eq!(limiter.count(calm).unwrap().remaining, 1);
    }
}
