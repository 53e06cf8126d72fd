//! How often a key may ask, counted in minutes as ShipStation does: so many from the first request on, then anew.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bestand_plugin_api::Timestamp;

use crate::clock::Clock;
use crate::http::auth::Caller;
use crate::http::problem::{Kind, Problem};
use crate::id::ApiKeyId;

/// How long a window is.
const WINDOW: Duration = Duration::from_secs(60);

/// Counts the requests of each key.
pub(super) struct Pace {
    clock: Clock,
    per_minute: u32,
    /// Locked only to count. Holds the keys of the last minute and no others.
    windows: Mutex<HashMap<ApiKeyId, Window>>,
}

/// What a key may still ask for; goes with every answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Left {
    pub(super) limit: u32,
    pub(super) remaining: u32,
    pub(super) reset_secs: u64,
}

#[derive(Clone, Copy)]
struct Window {
    began: Timestamp,
    used: u32,
}

/// Lets a request through, or has it come back later.
pub(super) async fn keep(State(pace): State<Arc<Pace>>, request: Request, next: Next) -> Response {
    let Some(Caller(caller)) = request.extensions().get::<Caller>() else {
        return next.run(request).await;
    };
    let (left, mut response) = match pace.count(caller.key_id) {
        Ok(left) => (left, next.run(request).await),
        Err(left) => (left, too_many(left).into_response()),
    };
    response.extensions_mut().insert(left);
    response
}

fn too_many(left: Left) -> Problem {
    // The very words that clients look for.
    Problem::new(Kind::TooManyRequests, "Too Many Requests").retry_after_secs(left.reset_secs)
}

// === impl Pace ===

impl Pace {
    pub(super) fn per_minute(per_minute: u32, clock: Clock) -> Self {
        Self {
            clock,
            per_minute,
            windows: Mutex::default(),
        }
    }

    /// Counts a request of `key`; an error when there were too many.
    fn count(&self, key: ApiKeyId) -> Result<Left, Left> {
        let now = self.clock.now();
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        if !windows.contains_key(&key) {
            windows.retain(|_, window| !window.is_over(now));
        }
        let window = windows.entry(key).or_insert(Window::begun(now));
        if window.is_over(now) {
            *window = Window::begun(now);
        }
        window.used = window.used.saturating_add(1);
        let left = Left {
            limit: self.per_minute,
            remaining: self.per_minute.saturating_sub(window.used),
            reset_secs: window.secs_left(now),
        };
        match window.used > self.per_minute {
            true => Err(left),
            false => Ok(left),
        }
    }
}

// === impl Left ===

impl Left {
    /// For an answer to nobody that is known.
    pub(super) const fn all(limit: u32) -> Self {
        Self {
            limit,
            remaining: limit,
            reset_secs: WINDOW.as_secs(),
        }
    }
}

// === impl Window ===

impl Window {
    const fn begun(now: Timestamp) -> Self {
        Self {
            began: now,
            used: 0,
        }
    }

    fn is_over(self, now: Timestamp) -> bool {
        now.since(self.began) >= WINDOW
    }

    /// Whole seconds, rounded up: who waits that long is let in.
    fn secs_left(self, now: Timestamp) -> u64 {
        let left = WINDOW.saturating_sub(now.since(self.began));
        left.as_secs() + u64::from(left.subsec_nanos() > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_asks_too_often_waits_for_the_next_minute_and_others_do_not() {
        let clock = Clock::set_at(Timestamp::from_secs(1_700_000_000));
        let pace = Pace::per_minute(2, clock.clone());
        let (eager, calm) = (ApiKeyId::new(), ApiKeyId::new());
        assert_eq!(pace.count(eager).unwrap().remaining, 1);
        clock.advance(Duration::from_millis(20_500));
        assert_eq!(pace.count(eager).unwrap().remaining, 0);
        let refused = pace.count(eager).unwrap_err();
        assert_eq!((refused.remaining, refused.reset_secs), (0, 40));
        assert_eq!(pace.count(calm).unwrap().remaining, 1);
        clock.advance(Duration::from_secs(40));
        assert_eq!(pace.count(eager).unwrap().remaining, 1);
    }

    #[test]
    fn keys_that_ask_no_more_are_forgotten() {
        let clock = Clock::set_at(Timestamp::from_secs(1_700_000_000));
        let pace = Pace::per_minute(2, clock.clone());
        for _ in 0..100 {
            pace.count(ApiKeyId::new()).unwrap();
        }
        clock.advance(WINDOW);
        pace.count(ApiKeyId::new()).unwrap();
        assert_eq!(pace.windows.lock().unwrap().len(), 1);
    }
}
