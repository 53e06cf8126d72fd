//! How fast a worker is listened to: one that talks without end waits for us, instead of us being busy with it.

use std::time::Duration;

use tokio::time::Instant;

/// Frames that are listened to within one [`WINDOW`]; an adapter that asks for something with every call and is called
/// again at once has a third of it.
const FRAMES_MAX: u32 = 500;
/// Short enough that nobody notices the wait.
const WINDOW: Duration = Duration::from_millis(10);

/// The frames of the window that is open.
#[derive(Debug)]
pub(super) struct Pace {
    began: Instant,
    frames: u32,
}

// === impl Pace ===

impl Pace {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            began: now,
            frames: 0,
        }
    }

    /// One more frame, at `now`. Until when not to listen any further, if that was one too many.
    pub(super) fn heard(&mut self, now: Instant) -> Option<Instant> {
        if now >= self.began + WINDOW {
            *self = Self::new(now);
        }
        self.frames += 1;
        (self.frames >= FRAMES_MAX).then_some(self.began + WINDOW)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_talks_without_end_is_listened_to_again_in_the_next_window() {
        let began = Instant::now();
        let mut pace = Pace::new(began);
        for _ in 1..FRAMES_MAX {
            assert_eq!(pace.heard(began), None);
        }
        assert_eq!(pace.heard(began), Some(began + WINDOW));
        assert_eq!(pace.heard(began + WINDOW), None);
    }
}
