//! The time a simulated upstream lives in: real until somebody moves it.

use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};

/// A clock that runs with real time plus an offset; [`Clock::freeze`] stops it so that tests decide every second.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    hand: Arc<Mutex<Hand>>,
}

#[derive(Clone, Copy, Debug)]
enum Hand {
    Running { ahead: SignedDuration },
    Frozen { at: Timestamp },
}

impl Default for Hand {
    fn default() -> Self {
        Hand::Running {
            ahead: SignedDuration::ZERO,
        }
    }
}

impl Clock {
    /// A clock that stands still at `at` until it is advanced.
    #[must_use]
    pub fn frozen(at: Timestamp) -> Self {
        Self {
            hand: Arc::new(Mutex::new(Hand::Frozen { at })),
        }
    }

    /// The time now, as this upstream sees it.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match *self.hand.lock().expect("no holder of the clock panics") {
            Hand::Running { ahead } => Timestamp::now() + ahead,
            Hand::Frozen { at } => at,
        }
    }

    /// Stops the clock where it is.
    pub fn freeze(&self) {
        let at = self.now();
        *self.hand.lock().expect("no holder of the clock panics") = Hand::Frozen { at };
    }

    /// Moves the clock; a negative duration moves it back.
    pub fn advance(&self, by: SignedDuration) {
        match &mut *self.hand.lock().expect("no holder of the clock panics") {
            Hand::Running { ahead } => *ahead += by,
            Hand::Frozen { at } => *at += by,
        }
    }
}
