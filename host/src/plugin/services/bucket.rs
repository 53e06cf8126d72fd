//! Rate buckets: how many requests a system takes in a window, and who goes first.
//!
//! A sliding log of send times, because systems count in windows that nobody outside can align with. An order's
//! query goes before a sync, and a part of every bucket is kept for orders.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bestand_plugin_api::RateBucket;
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::plugin::session::Priority;

/// One part in this many of a bucket is kept for orders' queries.
const RESERVED_PART: usize = 5;

/// One bucket of one connection.
#[derive(Debug)]
pub struct Bucket {
    name: String,
    capacity: usize,
    window: Duration,
    /// Locked only for bookkeeping, never while waiting.
    log: Mutex<Log>,
    /// Rung when an order's query no longer waits, so that syncs look again.
    freed: Notify,
}

/// The buckets of one connection, which outlive its sessions: the system counts on, however often it is spoken to anew.
#[derive(Debug, Default)]
pub struct Buckets(Mutex<Vec<Arc<Bucket>>>);

#[derive(Debug, Default)]
struct Log {
    sent: VecDeque<Instant>,
    orders_waiting: usize,
}

/// Counts an order's query as waiting until it has its turn or gives up.
struct Waiting<'a>(&'a Bucket);

// === impl Bucket ===

impl Bucket {
    /// The bucket an adapter declares; a capacity of zero is taken as one.
    #[must_use]
    pub fn new(declared: &RateBucket) -> Arc<Self> {
        Arc::new(Self {
            name: declared.name.clone(),
            capacity: declared.capacity.max(1) as usize,
            window: Duration::from_millis(declared.window_ms),
            log: Mutex::default(),
            freed: Notify::new(),
        })
    }

    fn is(&self, declared: &RateBucket) -> bool {
        self.name == declared.name
            && self.capacity == declared.capacity.max(1) as usize
            && self.window == Duration::from_millis(declared.window_ms)
    }

    /// The name requests use.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Requests that can still be sent in the window that ends now.
    #[must_use]
    pub fn left(&self) -> usize {
        let mut log = self.lock();
        log.forget(self.window);
        self.capacity.saturating_sub(log.sent.len())
    }

    /// Requests that it takes in a window.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// Waits for a turn and takes it.
    pub async fn acquire(&self, priority: Priority) {
        let waiting = (priority == Priority::Order).then(|| Waiting::enter(self));
        loop {
            let freed = self.freed.notified();
            let Some(wait) = self.try_take(priority) else {
                break;
            };
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = freed => {}
            }
        }
        drop(waiting);
    }

    /// Takes a turn, or says how long to wait before it is worth asking again.
    fn try_take(&self, priority: Priority) -> Option<Duration> {
        let mut log = self.lock();
        log.forget(self.window);
        let allowed = match priority {
            Priority::Order => self.capacity,
            Priority::Sync => self.capacity - self.capacity / RESERVED_PART,
        };
        let yields = priority == Priority::Sync && log.orders_waiting > 0;
        if log.sent.len() < allowed && !yields {
            log.sent.push_back(Instant::now());
            return None;
        }
        let over = log.sent.len().saturating_sub(allowed);
        let frees_at = log
            .sent
            .get(over)
            .map_or_else(Instant::now, |sent| *sent + self.window);
        // A sync that yields to an order is woken by `freed`; the floor keeps everyone else from spinning.
        Some(
            frees_at
                .saturating_duration_since(Instant::now())
                .max(Duration::from_millis(5)),
        )
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Log> {
        self.log
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

// === impl Buckets ===

impl Buckets {
    /// The buckets that were declared last.
    #[must_use]
    pub fn all(&self) -> Vec<Arc<Bucket>> {
        let kept = self.0.lock();
        kept.unwrap_or_else(std::sync::PoisonError::into_inner)
            .clone()
    }

    /// The buckets an adapter declares; one that it declared before goes on as it is.
    pub fn declared(&self, declared: &[RateBucket]) -> Vec<Arc<Bucket>> {
        let mut kept = self
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let of = |declared| {
            let before = kept.iter().find(|bucket| bucket.is(declared));
            before.map_or_else(|| Bucket::new(declared), Arc::clone)
        };
        let buckets: Vec<Arc<Bucket>> = declared.iter().map(of).collect();
        kept.clone_from(&buckets);
        buckets
    }
}

// === impl Log, Waiting ===

impl Log {
    fn forget(&mut self, window: Duration) {
        let now = Instant::now();
        while self
            .sent
            .front()
            .is_some_and(|sent| now.duration_since(*sent) >= window)
        {
            self.sent.pop_front();
        }
    }
}

impl<'a> Waiting<'a> {
    fn enter(bucket: &'a Bucket) -> Self {
        bucket.lock().orders_waiting += 1;
        Self(bucket)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.lock().orders_waiting -= 1;
        self.0.freed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket(capacity: u32) -> Arc<Bucket> {
        Bucket::new(&RateBucket::new("get", capacity, Duration::from_secs(60)))
    }

    #[tokio::test(start_paused = true)]
    async fn the_window_is_never_overrun() {
        let bucket = bucket(10);
        let began = Instant::now();
        for _ in 0..25 {
            bucket.acquire(Priority::Order).await;
        }
        assert!(
            began.elapsed() >= Duration::from_secs(120),
            "{:?}",
            began.elapsed()
        );
        assert!(
            began.elapsed() < Duration::from_secs(121),
            "{:?}",
            began.elapsed()
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_sync_leaves_a_part_of_the_bucket_to_orders() {
        let bucket = bucket(10);
        for _ in 0..8 {
            bucket.acquire(Priority::Sync).await;
        }
        let began = Instant::now();
        let sync = tokio::spawn({
            let bucket = Arc::clone(&bucket);
            async move {
                bucket.acquire(Priority::Sync).await;
                Instant::now()
            }
        });
        tokio::task::yield_now().await;
        bucket.acquire(Priority::Order).await;
        assert_eq!(began.elapsed(), Duration::ZERO, "the order did not wait");
        assert!(
            sync.await.unwrap() - began >= Duration::from_secs(59),
            "the sync did"
        );
    }

    #[tokio::test]
    async fn what_was_sent_counts_on_when_the_same_bucket_is_declared_again() {
        let declared = |name, capacity| RateBucket::new(name, capacity, Duration::from_secs(60));
        let buckets = Buckets::default();
        let before = buckets.declared(&[declared("get", 10), declared("post", 10)]);
        for bucket in &before {
            bucket.acquire(Priority::Order).await;
        }
        let after = buckets.declared(&[declared("get", 10), declared("post", 20)]);
        let left: Vec<usize> = after.iter().map(|bucket| bucket.left()).collect();
        assert_eq!(left, [9, 20]);
    }

    #[tokio::test(start_paused = true)]
    async fn an_order_that_gives_up_holds_nobody_back() {
        let bucket = bucket(1);
        bucket.acquire(Priority::Order).await;
        let gave_up =
            tokio::time::timeout(Duration::from_secs(1), bucket.acquire(Priority::Order)).await;
        assert!(gave_up.is_err());
        bucket.acquire(Priority::Sync).await;
        assert_eq!(bucket.left(), 0);
    }
}
