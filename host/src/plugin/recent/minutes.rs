//! Calls by the minute, for the last sixty: counted in buckets, so that a median costs no list of calls.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use bestand_plugin_api::Timestamp;

/// How many minutes are kept.
const MINUTES: usize = 60;
const MINUTE_MILLIS: i64 = 60_000;
/// Buckets of one doubling of time: what is read from a bucket is off by an eighth at most.
const PER_DOUBLING: usize = 4;
/// From a microsecond to a minute and more: the longest deadline of a call is five minutes, which is in the last one.
const BUCKETS: usize = 26 * PER_DOUBLING;

/// What an adapter was asked in one minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Minute {
    /// When it began.
    pub at: Timestamp,
    /// Calls that ended in it.
    pub calls: u64,
    /// Those of them that failed.
    pub errors: u64,
    /// How long a call took: half of them took longer. To an eighth; nothing when there was none.
    pub median: Option<Duration>,
    /// How long the longest took.
    pub worst: Option<Duration>,
    /// The most memory that its process was seen to use, in bytes; nothing where it has none of its own.
    pub memory_bytes: Option<u64>,
}

/// The calls of the last sixty minutes.
#[derive(Debug)]
pub(in crate::plugin) struct Minutes {
    /// By the minute's number modulo their count; locked only to count or read.
    ring: Mutex<Box<[Counted]>>,
}

#[derive(Clone, Debug)]
struct Counted {
    /// Minutes since the epoch.
    number: i64,
    calls: u64,
    errors: u64,
    worst: Duration,
    memory_bytes: Option<u64>,
    buckets: [u32; BUCKETS],
}

// === impl Minutes ===

impl Minutes {
    /// Notes a call that ended `now`.
    pub(in crate::plugin) fn note(&self, now: Timestamp, took: Duration, failed: Failed) {
        self.change(now, |counted| {
            counted.calls += 1;
            counted.errors += u64::from(failed == Failed::Yes);
            counted.worst = counted.worst.max(took);
            let bucket = &mut counted.buckets[bucket_of(took)];
            *bucket = bucket.saturating_add(1);
        });
    }

    /// Notes how much memory its process uses `now`.
    pub(in crate::plugin) fn note_memory(&self, now: Timestamp, bytes: u64) {
        self.change(now, |counted| {
            counted.memory_bytes = counted.memory_bytes.max(Some(bytes));
        });
    }

    fn change(&self, now: Timestamp, change: impl FnOnce(&mut Counted)) {
        let number = number_of(now);
        let mut ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        let counted = &mut ring[place_of(number)];
        if counted.number != number {
            *counted = Counted::of(number);
        }
        change(counted);
    }

    /// The last sixty minutes before and with `now`, oldest first.
    pub(in crate::plugin) fn last(&self, now: Timestamp) -> Vec<Minute> {
        let newest = number_of(now);
        let span = i64::try_from(MINUTES).unwrap_or(i64::MAX);
        let ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        let minute = |number: i64| {
            let counted = &ring[place_of(number)];
            match counted.number == number {
                true => counted.shown(),
                false => Counted::of(number).shown(),
            }
        };
        (newest - span + 1..=newest).map(minute).collect()
    }
}

impl Default for Minutes {
    fn default() -> Self {
        let empty = vec![Counted::of(i64::MIN); MINUTES];
        Self {
            ring: Mutex::new(empty.into()),
        }
    }
}

/// Whether a call failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::plugin) enum Failed {
    /// It did.
    Yes,
    /// It did not.
    No,
}

// === impl Counted ===

impl Counted {
    fn of(number: i64) -> Self {
        Self {
            number,
            calls: 0,
            errors: 0,
            worst: Duration::ZERO,
            memory_bytes: None,
            buckets: [0; BUCKETS],
        }
    }

    fn shown(&self) -> Minute {
        let any = self.calls > 0;
        Minute {
            at: Timestamp::from_millis(self.number.saturating_mul(MINUTE_MILLIS)),
            calls: self.calls,
            errors: self.errors,
            median: self.median().filter(|_| any),
            worst: any.then_some(self.worst),
            memory_bytes: self.memory_bytes,
        }
    }

    /// The middle of the bucket in which the middle call lies; never more than the longest took.
    fn median(&self) -> Option<Duration> {
        let mut left = self.calls.div_ceil(2);
        for (bucket, calls) in self.buckets.iter().enumerate() {
            left = left.saturating_sub(u64::from(*calls));
            if left == 0 {
                return Some(middle_of(bucket).min(self.worst));
            }
        }
        None
    }
}

fn number_of(at: Timestamp) -> i64 {
    at.millis().div_euclid(MINUTE_MILLIS)
}

fn place_of(number: i64) -> usize {
    let span = i64::try_from(MINUTES).unwrap_or(i64::MAX);
    usize::try_from(number.rem_euclid(span)).unwrap_or_default()
}

/// The bucket of a duration: its highest bit, and within that its quarter.
fn bucket_of(took: Duration) -> usize {
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX).max(1);
    let doublings = micros.ilog2() as usize;
    let quarter = match doublings {
        0 => 0,
        1 => (micros as usize & 1) * 2,
        more => (micros >> (more - 2)) as usize & 3,
    };
    (doublings * PER_DOUBLING + quarter).min(BUCKETS - 1)
}

fn middle_of(bucket: usize) -> Duration {
    let (doublings, quarter) = (bucket / PER_DOUBLING, bucket % PER_DOUBLING);
    // Eighths of the doubling: the quarter's beginning and half of it.
    let eighths = 8 + 2 * quarter as u64 + 1;
    Duration::from_nanos((1_000 << doublings) * eighths / 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp::from_secs(1_700_000_040);
    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn the_middle_of_a_duration_s_bucket_is_near_it() {
        for micros in [1, 2, 3, 5, 7, 40, 999, 12_345, 2_000_000, 59_000_000] {
            let took = Duration::from_micros(micros);
            let shown = middle_of(bucket_of(took)).as_secs_f64() / took.as_secs_f64();
            let near = if micros < 4 { 0.6..1.5 } else { 0.88..1.13 };
            assert!(near.contains(&shown), "{took:?} is shown as {shown} of it");
        }
        assert_eq!(bucket_of(Duration::ZERO), 0);
        assert_eq!(bucket_of(Duration::from_secs(86_400)), BUCKETS - 1);
    }

    #[test]
    fn each_minute_has_its_calls_errors_median_and_worst() {
        let minutes = Minutes::default();
        for millis in [1, 2, 3, 4, 500] {
            minutes.note(NOON, Duration::from_millis(millis), Failed::No);
        }
        minutes.note(NOON.after(MINUTE), Duration::from_millis(9), Failed::Yes);
        let last = minutes.last(NOON.after(2 * MINUTE));
        assert_eq!(last.len(), MINUTES);
        let [.., first, second, third] = last.as_slice() else {
            panic!("{last:?}")
        };
        assert_eq!((first.calls, first.errors), (5, 0));
        let median = first.median.unwrap().as_secs_f64() * 1_000.0;
        assert!((2.6..3.4).contains(&median), "{median}");
        assert_eq!(first.worst, Some(Duration::from_millis(500)));
        assert_eq!((second.calls, second.errors), (1, 1));
        assert_eq!((third.calls, third.median, third.worst), (0, None, None));
        assert_eq!(third.at.since(first.at), 2 * MINUTE);
    }

    #[test]
    fn of_a_minute_the_most_memory_counts_and_without_calls_too() {
        let minutes = Minutes::default();
        for mebibytes in [9, 12, 10] {
            minutes.note_memory(NOON, mebibytes << 20);
        }
        let last = minutes.last(NOON.after(MINUTE));
        let [.., first, second] = last.as_slice() else {
            panic!("{last:?}")
        };
        assert_eq!((first.memory_bytes, first.calls), (Some(12 << 20), 0));
        assert_eq!(second.memory_bytes, None, "it was not looked yet");
    }

    #[test]
    fn what_is_older_than_an_hour_is_gone() {
        let minutes = Minutes::default();
        minutes.note(NOON, MINUTE, Failed::No);
        let calls = |at| {
            minutes
                .last(at)
                .iter()
                .map(|minute| minute.calls)
                .sum::<u64>()
        };
        assert_eq!(calls(NOON.after(59 * MINUTE)), 1);
        assert_eq!(calls(NOON.after(60 * MINUTE)), 0);
        minutes.note(NOON.after(60 * MINUTE), MINUTE, Failed::No);
        assert_eq!(calls(NOON.after(60 * MINUTE)), 1);
    }
}
