//! Our end of the way into one worker: the calls that are under way there.
//!
//! A [`Link`] is what callers hold; the [`Conversation`] behind it moves the frames.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use bestand_plugin_api::call::PortFuture;
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::time::Instant;

use super::frame::{Frame, Kind};
use super::{CALLS_MAX, failed, refused};

mod attention;
mod conversation;

pub(super) use conversation::Conversation;

/// Calls under way in one worker.
pub(super) struct Link {
    frames: mpsc::UnboundedSender<Frame>,
    unread_bytes: AtomicUsize,
    /// When the worker last said anything, and since when it owes us an answer. Locked only to look or note.
    heard: Mutex<Heard>,
    /// Something was, just now.
    sent: Notify,
    last: AtomicU64,
    /// Locked only to add or remove; `None` when the worker is gone.
    waiting: Mutex<Option<HashMap<u64, oneshot::Sender<Vec<u8>>>>>,
}

/// A call that is cancelled when dropped.
struct Waiting {
    link: Weak<Link>,
    number: u64,
}

#[derive(Clone, Copy)]
struct Heard {
    at: Instant,
    pinged: bool,
    /// Whether it was told anything since: it may be at that still, also when nobody waits for the answer any more.
    told: bool,
}

// === impl Link ===

impl Link {
    /// One that hands its frames to whoever takes them from the other end.
    fn new(frames: mpsc::UnboundedSender<Frame>) -> Self {
        Self {
            frames,
            unread_bytes: AtomicUsize::new(0),
            heard: Mutex::new(Heard::now()),
            sent: Notify::new(),
            last: AtomicU64::new(0),
            waiting: Mutex::new(Some(HashMap::new())),
        }
    }

    pub(super) fn call(this: &Arc<Self>, request: Vec<u8>) -> PortFuture {
        let (answer, answered) = oneshot::channel();
        let number = this.last.fetch_add(1, Ordering::Relaxed) + 1;
        match &mut *this.lock() {
            None => return refused("the adapter's process has ended"),
            Some(waiting) if waiting.len() >= CALLS_MAX => {
                return refused("the adapter has too much to do; try again later");
            }
            Some(waiting) => waiting.insert(number, answer),
        };
        this.send(Frame::new(Kind::Call, number, request));
        let waiting = Waiting {
            link: Arc::downgrade(this),
            number,
        };
        Box::pin(async move {
            let answer = answered.await;
            drop(waiting);
            answer.unwrap_or_else(|_| {
                failed("the adapter's process ended during the call; it is started anew")
            })
        })
    }

    /// Whether anybody waited for it.
    fn answer(&self, number: u64, body: Vec<u8>) -> bool {
        let waiting = self.lock().as_mut().and_then(|all| all.remove(&number));
        // A call that was given up, or that never was.
        waiting.is_some_and(|waiting| waiting.send(body).is_ok())
    }

    fn send(&self, frame: Frame) {
        self.unread_bytes
            .fetch_add(frame.body.len(), Ordering::Relaxed);
        self.heard().told = true;
        let _ = self.frames.send(frame);
        self.sent.notify_one();
    }

    fn has_work(&self) -> bool {
        self.heard().told || self.has_calls()
    }

    fn has_calls(&self) -> bool {
        self.lock().as_ref().is_some_and(|all| !all.is_empty())
    }

    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self) -> MutexGuard<'_, Option<HashMap<u64, oneshot::Sender<Vec<u8>>>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

// === impl Heard ===

impl Heard {
    fn now() -> Self {
        Self {
            at: Instant::now(),
            pinged: false,
            told: false,
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let Some(link) = self.link.upgrade() else {
            return;
        };
        let given_up = link
            .lock()
            .as_mut()
            .and_then(|all| all.remove(&self.number));
        if given_up.is_some() {
            link.send(Frame::bare(Kind::Cancel, self.number));
        }
    }
}
