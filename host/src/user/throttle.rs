//! How often somebody may guess: the first few tries are free, then each costs a wait twice as long as the one before.
//!
//! Three counts go side by side, so that no guesser gets far and none keeps the right person out: a name from one
//! network, a network, and a name from networks that have never signed in to it. No wait is longer than a quarter of an
//! hour, and an hour without a failure is forgiven. **Invariant:** this module does no I/O.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bestand_plugin_api::Timestamp;

/// The wait after the first failure that is not free; each further one doubles it.
const WAIT_FIRST: Duration = Duration::from_secs(1);
/// The longest wait: at four guesses an hour nothing is found, and a person who forgot a password has a coffee.
const WAIT_MAX: Duration = Duration::from_secs(15 * 60);
/// After so long without a failure, all is forgiven; longer than the longest wait.
const FORGIVEN_AFTER: Duration = Duration::from_secs(3600);
/// Counts kept at once: some two megabytes. Beyond it the one that failed longest ago is given up.
const COUNTS_MAX: usize = 10_000;

/// Counts failures, and says who has to wait. Held in memory: a restart forgives.
#[derive(Debug, Default)]
pub(super) struct Throttle {
    /// Locked only to count, never across a hash or a query.
    counts: Mutex<HashMap<Counted, Failures>>,
}

/// Who tries, as far as it is known.
#[derive(Clone, Debug)]
pub(super) struct Guesser {
    /// The key of the name that was typed.
    pub(super) name: Arc<str>,
    /// The network it was typed in; `None` where a proxy hides it.
    pub(super) network: Option<IpAddr>,
    /// Whether this name has signed in from there before.
    pub(super) is_familiar: bool,
}

/// A try under way. It counts as failed until it is said to be otherwise, so that a hundred at once are a hundred.
#[derive(Debug)]
#[must_use]
pub(super) struct Attempt(Vec<Counted>);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Counted {
    NameFromNetwork(Arc<str>, Option<IpAddr>),
    Network(IpAddr),
    NameFromStrangers(Arc<str>),
}

#[derive(Clone, Copy, Debug)]
struct Failures {
    count: u32,
    last_at: Timestamp,
}

// === impl Throttle ===

impl Throttle {
    /// Begins a try.
    ///
    /// # Errors
    /// How long to wait before the next.
    pub(super) fn begin(&self, guesser: &Guesser, now: Timestamp) -> Result<Attempt, Duration> {
        let counted = guesser.counted();
        let mut counts = self.lock();
        let wait = |counted: &Counted| {
            let failures = counts.get(counted).copied();
            failures.map_or(Duration::ZERO, |failures| failures.wait_left(counted, now))
        };
        match counted.iter().map(wait).max() {
            Some(wait) if !wait.is_zero() => return Err(wait),
            _ => {}
        }
        for counted in &counted {
            make_room(&mut counts, counted, now);
            let none = Failures {
                count: 0,
                last_at: now,
            };
            let failures = counts.entry(counted.clone()).or_insert(none);
            *failures = failures.and_one_more(now);
        }
        Ok(Attempt(counted))
    }

    /// The try was right: this name from this network begins anew, the other counts only lose this try. Otherwise who
    /// has one account could guess at others for ever.
    pub(super) fn succeeded(&self, attempt: Attempt) {
        let mut counts = self.lock();
        counts.retain(|counted, _| {
            !(matches!(counted, Counted::NameFromNetwork(..)) && attempt.0.contains(counted))
        });
        drop(counts);
        self.take_back(attempt);
    }

    /// The try was none, for reasons of our own.
    pub(super) fn take_back(&self, attempt: Attempt) {
        let mut counts = self.lock();
        for counted in &attempt.0 {
            if let Some(failures) = counts.get_mut(counted) {
                failures.count = failures.count.saturating_sub(1);
            }
        }
        counts.retain(|_, failures| failures.count > 0);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Counted, Failures>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn make_room(counts: &mut HashMap<Counted, Failures>, wanted: &Counted, now: Timestamp) {
    if counts.len() < COUNTS_MAX || counts.contains_key(wanted) {
        return;
    }
    counts.retain(|_, failures| !failures.are_forgiven(now));
    if counts.len() < COUNTS_MAX {
        return;
    }
    let oldest = counts.iter().min_by_key(|(_, failures)| failures.last_at);
    if let Some(oldest) = oldest.map(|(counted, _)| counted.clone()) {
        counts.remove(&oldest);
    }
}

// === impl Guesser ===

impl Guesser {
    fn counted(&self) -> Vec<Counted> {
        let name = || Arc::clone(&self.name);
        let mut counted = vec![Counted::NameFromNetwork(name(), self.network)];
        counted.extend(self.network.map(Counted::Network));
        // Who has been there before is not kept out by others who guess at the name.
        if self.network.is_some() && !self.is_familiar {
            counted.push(Counted::NameFromStrangers(name()));
        }
        counted
    }
}

// === impl Counted ===

impl Counted {
    /// Failures without a wait: slips of one person, of all in one building, and of whoever has the same name in mind.
    const fn free(&self) -> u32 {
        match self {
            Self::NameFromNetwork(..) => 10,
            Self::Network(_) => 30,
            Self::NameFromStrangers(_) => 100,
        }
    }
}

// === impl Failures ===

impl Failures {
    fn wait_left(self, counted: &Counted, now: Timestamp) -> Duration {
        let Some(beyond) = self.count.checked_sub(counted.free()) else {
            return Duration::ZERO;
        };
        let wait = WAIT_FIRST
            .saturating_mul(2u32.saturating_pow(beyond))
            .min(WAIT_MAX);
        // A clock that was set back must not make a wait of hours.
        self.last_at.min(now).after(wait).since(now)
    }

    fn and_one_more(self, now: Timestamp) -> Self {
        let before = match self.are_forgiven(now) {
            true => 0,
            false => self.count,
        };
        Self {
            count: before.saturating_add(1),
            last_at: now,
        }
    }

    fn are_forgiven(self, now: Timestamp) -> bool {
        now.since(self.last_at) >= FORGIVEN_AFTER
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);
    const SECOND: Duration = Duration::from_secs(1);

    fn guesser(name: &str, network: &str) -> Guesser {
        Guesser {
            name: name.into(),
            network: network.parse().ok(),
            is_familiar: false,
        }
    }

    /// Fails as often as it can without waiting; answers how often that was, and the wait then.
    fn fail_until_told(throttle: &Throttle, guesser: &Guesser, now: Timestamp) -> (u32, Duration) {
        let mut failures = 0;
        loop {
            match throttle.begin(guesser, now) {
                Ok(_failed) => failures += 1,
                Err(wait) => return (failures, wait),
            }
        }
    }

    #[test]
    fn waits_double_up_to_a_quarter_of_an_hour_and_never_grow_beyond() {
        let (throttle, anna) = (Throttle::default(), guesser("anna", "192.0.2.1"));
        let (mut now, mut waits_secs) = (NOW, Vec::new());
        assert_eq!(fail_until_told(&throttle, &anna, now), (10, SECOND));
        for _ in 0..12 {
            let (failures, wait) = fail_until_told(&throttle, &anna, now);
            waits_secs.push(wait.as_secs());
            assert!(failures <= 1);
            now = now.after(wait);
        }
        assert_eq!(
            waits_secs,
            [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]
        );
    }

    #[test]
    fn a_right_password_forgives_the_name_and_not_the_network() {
        let (throttle, anna) = (Throttle::default(), guesser("anna", "192.0.2.1"));
        for _ in 0..2 {
            for _ in 0..9 {
                let _failed = throttle.begin(&anna, NOW).unwrap();
            }
            let right = throttle.begin(&anna, NOW).unwrap();
            throttle.succeeded(right);
        }
        // Of thirty that the network has, eighteen are gone.
        let others = (0..12).map(|other| guesser(&other.to_string(), "192.0.2.1"));
        for other in others {
            let _failed = throttle.begin(&other, NOW).unwrap();
        }
        assert_eq!(
            throttle
                .begin(&guesser("berta", "192.0.2.1"), NOW)
                .unwrap_err(),
            SECOND
        );
        let _elsewhere = throttle.begin(&guesser("berta", "192.0.2.2"), NOW).unwrap();
    }

    #[test]
    fn who_guesses_elsewhere_does_not_keep_out_who_has_been_there_before() {
        let throttle = Throttle::default();
        for network in 0..10 {
            let stranger = guesser("anna", &format!("198.51.100.{network}"));
            assert_eq!(fail_until_told(&throttle, &stranger, NOW).0, 10);
        }
        let new_place = guesser("anna", "192.0.2.1");
        assert_eq!(throttle.begin(&new_place, NOW).unwrap_err(), SECOND);
        let known_place = Guesser {
            is_familiar: true,
            ..new_place
        };
        let _right = throttle.begin(&known_place, NOW).unwrap();
    }

    #[test]
    fn an_hour_without_a_failure_is_forgiven() {
        let (throttle, anna) = (Throttle::default(), guesser("anna", ""));
        assert_eq!(fail_until_told(&throttle, &anna, NOW), (10, SECOND));
        let later = NOW.after(FORGIVEN_AFTER);
        assert_eq!(fail_until_told(&throttle, &anna, later), (10, SECOND));
    }

    #[test]
    fn a_clock_that_is_set_back_locks_nobody_out() {
        let (throttle, anna) = (Throttle::default(), guesser("anna", ""));
        fail_until_told(&throttle, &anna, NOW);
        let before = NOW.before(Duration::from_secs(86_400));
        assert_eq!(throttle.begin(&anna, before).unwrap_err(), SECOND);
    }

    #[test]
    fn what_is_counted_does_not_grow_without_end() {
        let throttle = Throttle::default();
        for guess in 0..COUNTS_MAX + 10 {
            let now = NOW.after(Duration::from_millis(guess as u64));
            let _failed = throttle
                .begin(&guesser(&guess.to_string(), ""), now)
                .unwrap();
        }
        let counts = throttle.lock();
        assert_eq!(counts.len(), COUNTS_MAX);
        assert!(!counts.contains_key(&Counted::NameFromNetwork("0".into(), None)));
    }

    #[test]
    fn a_try_that_was_none_is_not_counted() {
        let (throttle, anna) = (Throttle::default(), guesser("anna", "192.0.2.1"));
        for _ in 0..200 {
            let attempt = throttle.begin(&anna, NOW).unwrap();
            throttle.take_back(attempt);
        }
        assert!(throttle.lock().is_empty());
    }
}
