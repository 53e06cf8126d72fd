//! The throttle bucket as far as answers have told: how long to wait before a query, so that it is not refused.
//!
//! Shopify charges a query its requested cost before it runs, and refills the bucket at a rate that depends on the
//! shop's plan; both are read from answers, never assumed. Reservations count at once, so queries wait in turn, and
//! background work leaves a part of the bucket to orders' queries.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use bestand_plugin_api::Timestamp;

use crate::graph::Cost;

/// The part of the bucket that background work leaves alone.
const RESERVED_FOR_ORDERS: f64 = 0.1;

/// No wait is longer, whatever the numbers in an answer make of it.
const WAIT_MAX: Duration = Duration::from_secs(3_600);

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Urgency {
    /// Somebody looks at an order and waits.
    Order,
    /// A sync, which has time.
    Background,
}

/// Points put aside for a query under way; given back when it ends, also when its call is dropped.
#[derive(Debug)]
pub(crate) struct Reservation<'a> {
    throttle: &'a Throttle,
    operation: &'static str,
    points: f64,
    pub(crate) wait: Duration,
}

/// The throttle of one connection; its lock is held for arithmetic only.
#[derive(Debug, Default)]
pub(crate) struct Throttle(Mutex<Bucket>);

#[derive(Debug, Default)]
struct Bucket {
    /// Nothing before the first answer.
    known: Option<Known>,
    in_flight: f64,
    /// What each operation was charged last.
    costs: HashMap<&'static str, f64>,
}

#[derive(Clone, Copy, Debug)]
struct Known {
    maximum: f64,
    restore_per_sec: f64,
    available: f64,
    as_of: Timestamp,
}

// === impl Throttle ===

impl Throttle {
    /// Puts the points of the operation aside and says how long to wait before it is sent.
    pub(crate) fn reserve(
        &self,
        operation: &'static str,
        urgency: Urgency,
        now: Timestamp,
    ) -> Reservation<'_> {
        let mut bucket = self.lock();
        let points = bucket.costs.get(operation).copied().unwrap_or_default();
        let wait = bucket.wait(points, urgency, now);
        bucket.in_flight += points;
        Reservation {
            throttle: self,
            operation,
            points,
            wait,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Bucket> {
        self.0.lock().expect("no holder of the throttle panics")
    }
}

// === impl Reservation ===

impl Reservation<'_> {
    /// Notes what the answer said of the bucket.
    pub(crate) fn learn(&self, cost: &Cost, now: Timestamp) {
        let mut bucket = self.throttle.lock();
        bucket
            .costs
            .insert(self.operation, cost.requested_query_cost);
        let status = &cost.throttle_status;
        bucket.known = Some(Known {
            maximum: status.maximum_available,
            restore_per_sec: status.restore_rate,
            available: status.currently_available,
            as_of: now,
        });
    }
}

impl Drop for Reservation<'_> {
    fn drop(&mut self) {
        let mut bucket = self.throttle.lock();
        bucket.in_flight = (bucket.in_flight - self.points).max(0.0);
    }
}

// === impl Bucket ===

impl Bucket {
    fn wait(&self, points: f64, urgency: Urgency, now: Timestamp) -> Duration {
        let Some(known) = &self.known else {
            return Duration::ZERO;
        };
        let restored = now.since(known.as_of).as_secs_f64() * known.restore_per_sec;
        let available = (known.available + restored).min(known.maximum) - self.in_flight;
        let left_alone = match urgency {
            Urgency::Order => 0.0,
            Urgency::Background => known.maximum * RESERVED_FOR_ORDERS,
        };
        let missing = points + left_alone.min(known.maximum - points) - available;
        if missing <= 0.0 || known.restore_per_sec <= 0.0 {
            return Duration::ZERO;
        }
        wait_of(missing / known.restore_per_sec)
    }
}

/// How long to wait after a refusal: until the points are there, and a second at least.
pub(crate) fn wait_after_refusal(cost: Option<&Cost>) -> Duration {
    let missing_secs = cost.map_or(1.0, |cost| {
        let status = &cost.throttle_status;
        (cost.requested_query_cost - status.currently_available) / status.restore_rate.max(1.0)
    });
    wait_of(missing_secs.max(1.0))
}

fn wait_of(secs: f64) -> Duration {
    Duration::try_from_secs_f64(secs).map_or(WAIT_MAX, |wait| wait.min(WAIT_MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::ThrottleStatus;

    fn cost(requested: f64, available: f64) -> Cost {
        let throttle_status = ThrottleStatus {
            maximum_available: 2_000.0,
            currently_available: available,
            restore_rate: 100.0,
        };
        Cost {
            requested_query_cost: requested,
            throttle_status,
        }
    }

    fn told(available: f64) -> (Throttle, Timestamp) {
        let (throttle, now) = (Throttle::default(), Timestamp::from_secs(1_000));
        let first = throttle.reserve("Page", Urgency::Background, now);
        assert_eq!(first.wait, Duration::ZERO);
        first.learn(&cost(300.0, available), now);
        drop(first);
        (throttle, now)
    }

    #[test]
    fn a_query_waits_until_its_points_are_back_and_the_next_one_behind_it() {
        let (throttle, now) = told(400.0);
        let first = throttle.reserve("Page", Urgency::Background, now);
        let second = throttle.reserve("Page", Urgency::Background, now);
        assert_eq!(first.wait, Duration::from_secs(1));
        assert_eq!(second.wait, Duration::from_secs(4));
        let later = now.after(Duration::from_secs(60));
        assert_eq!(
            throttle.reserve("Page", Urgency::Background, later).wait,
            Duration::ZERO
        );
    }

    #[test]
    fn a_query_that_was_dropped_holds_nobody_up() {
        let (throttle, now) = told(400.0);
        drop(throttle.reserve("Page", Urgency::Background, now));
        assert_eq!(
            throttle.reserve("Page", Urgency::Background, now).wait,
            Duration::from_secs(1)
        );
    }

    #[test]
    fn a_rate_that_would_take_for_ever_is_waited_for_an_hour_at_most() {
        let (throttle, now) = (Throttle::default(), Timestamp::from_secs(1_000));
        let first = throttle.reserve("Page", Urgency::Background, now);
        let mut starved = cost(300.0, 0.0);
        starved.throttle_status.restore_rate = f64::MIN_POSITIVE;
        first.learn(&starved, now);
        drop(first);
        let second = throttle.reserve("Page", Urgency::Background, now);
        assert_eq!(second.wait, WAIT_MAX);
    }

    #[test]
    fn an_order_may_use_what_background_work_leaves() {
        let (throttle, now) = told(400.0);
        assert_eq!(
            throttle.reserve("Page", Urgency::Order, now).wait,
            Duration::ZERO
        );
    }

    #[test]
    fn after_a_refusal_the_wait_is_what_is_missing_and_at_least_a_second() {
        assert_eq!(
            wait_after_refusal(Some(&cost(500.0, 100.0))),
            Duration::from_secs(4)
        );
        assert_eq!(
            wait_after_refusal(Some(&cost(500.0, 490.0))),
            Duration::from_secs(1)
        );
        assert_eq!(wait_after_refusal(None), Duration::from_secs(1));
    }
}
