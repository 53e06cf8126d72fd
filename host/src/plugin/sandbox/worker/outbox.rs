//! The host's services as the library sees them from inside a worker: what it asks for goes out as a frame.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use bestand_plugin_api::call::host::Log;
use bestand_plugin_api::call::{self, Method, Port, PortFuture};
use tokio::sync::{mpsc, oneshot};

use crate::plugin::sandbox::frame::{Frame, Kind};
use crate::plugin::sandbox::{ASKS_MAX, failed, refused};

/// Frames that may wait to be written before records are lost: a library that logs without end in one go comes so far.
/// What it asks for and waits for is limited by [`ASKS_MAX`].
const FRAMES_MAX: usize = 4096;

/// Frames on their way out, and the requests that wait for an answer.
pub(super) struct Outbox {
    this: Weak<Self>,
    frames: mpsc::UnboundedSender<Frame>,
    unwritten: AtomicUsize,
    last: AtomicU64,
    /// Locked only to add or remove.
    waiting: Mutex<HashMap<u64, oneshot::Sender<Vec<u8>>>>,
}

/// A request that is given up when dropped.
struct Waiting {
    outbox: Weak<Outbox>,
    number: u64,
}

// === impl Outbox ===

impl Outbox {
    /// With the end that the frames come out of.
    pub(super) fn new() -> (Arc<Self>, mpsc::UnboundedReceiver<Frame>) {
        let (frames, out) = mpsc::unbounded_channel();
        let outbox = Arc::new_cyclic(|this| Self {
            this: Weak::clone(this),
            frames,
            unwritten: AtomicUsize::new(0),
            last: AtomicU64::new(0),
            waiting: Mutex::default(),
        });
        (outbox, out)
    }

    pub(super) fn send(&self, frame: Frame) {
        self.unwritten.fetch_add(1, Ordering::Relaxed);
        let _ = self.frames.send(frame);
    }

    /// A frame that came out has been written.
    pub(super) fn written(&self) {
        self.unwritten.fetch_sub(1, Ordering::Relaxed);
    }

    /// The daemon has answered a request.
    pub(super) fn reply(&self, number: u64, body: Vec<u8>) {
        if let Some(waiting) = self.lock().remove(&number) {
            let _ = waiting.send(body);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<u64, oneshot::Sender<Vec<u8>>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Port for Outbox {
    fn call(&self, request: Vec<u8>) -> PortFuture {
        let (answer, answered) = oneshot::channel();
        let number = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        let mut waiting = self.lock();
        let is_full = self.unwritten.load(Ordering::Relaxed) >= FRAMES_MAX;
        if waiting.len() >= ASKS_MAX || is_full && is_record(&request) {
            return refused("too many requests to the host at once; wait for their answers");
        }
        waiting.insert(number, answer);
        drop(waiting);
        self.send(Frame::new(Kind::Ask, number, request));
        let waiting = Waiting {
            outbox: Weak::clone(&self.this),
            number,
        };
        Box::pin(async move {
            let answer = answered.await;
            drop(waiting);
            answer.unwrap_or_else(|_| failed("the daemon is gone"))
        })
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let Some(outbox) = self.outbox.upgrade() else {
            return;
        };
        if outbox.lock().remove(&self.number).is_some() {
            outbox.send(Frame::bare(Kind::Forget, self.number));
        }
    }
}

fn is_record(request: &[u8]) -> bool {
    call::read_request(request).is_ok_and(|request| request.method == Log::NAME)
}
