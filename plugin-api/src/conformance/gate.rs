//! Stops an adapter behind a number of answers, so that its call can be dropped just there.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

use crate::call::PortFuture;

/// Lets so many requests through, and holds the next.
#[derive(Default)]
pub(super) struct Gate(Mutex<State>);

#[derive(Default)]
struct State {
    /// Requests still let through; all, while it is open.
    left: Option<usize>,
    passed: usize,
    is_held: bool,
    waker: Option<Waker>,
}

// === impl Gate ===

impl Gate {
    /// Lets `count` requests through from now on.
    pub(super) fn hold_after(&self, count: usize) {
        let mut state = self.lock();
        state.left = Some(count);
        state.is_held = false;
    }

    /// Lets all through again.
    pub(super) fn open(&self) {
        let mut state = self.lock();
        state.left = None;
        state.is_held = false;
    }

    /// How many requests went through.
    pub(super) fn passed(&self) -> usize {
        self.lock().passed
    }

    /// Does `call`, or never ends.
    pub(super) fn pass(self: Arc<Self>, call: impl FnOnce() -> PortFuture) -> PortFuture {
        if self.lets_through() {
            return call();
        }
        Box::pin(std::future::pending())
    }

    /// Drops `work` where it is held; its result, when it ends before.
    pub(super) async fn until_held<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let mut work = pin!(work);
        poll_fn(|task| {
            if let Poll::Ready(done) = work.as_mut().poll(task) {
                return Poll::Ready(Some(done));
            }
            let mut state = self.lock();
            if state.is_held {
                return Poll::Ready(None);
            }
            state.waker = Some(task.waker().clone());
            Poll::Pending
        })
        .await
    }

    fn lets_through(&self) -> bool {
        let mut state = self.lock();
        match &mut state.left {
            Some(0) => {
                state.is_held = true;
                if let Some(waker) = state.waker.take() {
                    waker.wake();
                }
                return false;
            }
            Some(left) => *left -= 1,
            None => {}
        }
        state.passed += 1;
        true
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Both results, worked on by turns.
pub(super) async fn both<A, B>(
    first: impl Future<Output = A>,
    second: impl Future<Output = B>,
) -> (A, B) {
    let (mut first, mut second) = (pin!(first), pin!(second));
    let (mut one, mut other) = (None, None);
    poll_fn(|task| {
        if one.is_none()
            && let Poll::Ready(done) = first.as_mut().poll(task)
        {
            one = Some(done);
        }
        if other.is_none()
            && let Poll::Ready(done) = second.as_mut().poll(task)
        {
            other = Some(done);
        }
        match (one.take(), other.take()) {
            (Some(one), Some(other)) => Poll::Ready((one, other)),
            (done, also) => {
                (one, other) = (done, also);
                Poll::Pending
            }
        }
    })
    .await
}
