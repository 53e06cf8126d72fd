//! Finale's rate limits: so many GETs and POSTs a minute, and so many reads of whole collections an hour.

use jiff::Timestamp;

const MINUTE_SECS: i64 = 60;
const HOUR_SECS: i64 = 3_600;

/// The windows of one account.
#[derive(Debug)]
pub(crate) struct Limits {
    gets: Window,
    posts: Window,
    collections: Window,
}

/// What a request counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Get,
    Post,
    /// A GET of a collection counts in both windows.
    Collection,
}

/// Where the tightest window stands, as the `X-RateLimit-*` headers tell it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Standing {
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    pub(crate) reset: Timestamp,
}

#[derive(Debug)]
struct Window {
    limit: u32,
    length_secs: i64,
    start_secs: i64,
    used: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            gets: Window::new(120, MINUTE_SECS),
            posts: Window::new(120, MINUTE_SECS),
            collections: Window::new(300, HOUR_SECS),
        }
    }
}

impl Limits {
    /// Counts one request, or says by which window it is refused.
    pub(crate) fn count(&mut self, class: Class, now: Timestamp) -> Result<Standing, Standing> {
        let windows: &mut [&mut Window] = match class {
            Class::Get => &mut [&mut self.gets],
            Class::Post => &mut [&mut self.posts],
            Class::Collection => &mut [&mut self.collections, &mut self.gets],
        };
        for window in windows.iter_mut() {
            window.roll(now);
        }
        if let Some(full) = windows.iter().find(|window| window.used >= window.limit) {
            return Err(full.standing());
        }
        for window in windows.iter_mut() {
            window.used += 1;
        }
        Ok(windows
            .iter()
            .map(|window| window.standing())
            .min_by_key(|standing| standing.remaining)
            .expect("every class has a window"))
    }
}

impl Window {
    fn new(limit: u32, length_secs: i64) -> Self {
        Self {
            limit,
            length_secs,
            start_secs: 0,
            used: 0,
        }
    }

    fn roll(&mut self, now: Timestamp) {
        let start_secs = now.as_second().div_euclid(self.length_secs) * self.length_secs;
        if start_secs != self.start_secs {
            self.start_secs = start_secs;
            self.used = 0;
        }
    }

    fn standing(&self) -> Standing {
        let reset =
            Timestamp::from_second(self.start_secs + self.length_secs).unwrap_or(Timestamp::MAX);
        Standing {
            limit: self.limit,
            remaining: self.limit - self.used,
            reset,
        }
    }
}
