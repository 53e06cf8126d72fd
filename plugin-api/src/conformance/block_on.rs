//! The kit under `cargo test`: no runtime is needed, because nothing but the adapter waits.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake};
use std::thread::{Thread, current, park_timeout};
use std::time::{Duration, Instant};

use super::{Behind, Bench, Native, Outcome, Profile, Subject};
use crate::export::Exported;

/// With a cassette behind it, nothing takes longer: an adapter that does not go on by then never will.
const SILENCE_MAX: Duration = Duration::from_secs(30);

/// Wakes the thread that waits.
struct Unpark {
    thread: Thread,
    is_awake: AtomicBool,
}

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.is_awake.store(true, Ordering::Release);
        self.thread.unpark();
    }
}

/// Runs one test of the kit on an adapter of this program; used by [`suite!`](crate::suite).
///
/// # Panics
/// With all that must be fixed, or when the profile cannot be read.
#[expect(clippy::print_stdout, reason = "a test prints what is worth knowing")]
pub fn run_native<A: Exported>(test: &str, profile: &str) {
    let path = std::path::Path::new(profile);
    let profile = Profile::load(path).unwrap_or_else(|error| panic!("{error}"));
    let folder = path.parent().unwrap_or(path);
    let behind =
        Behind::of(profile.upstream.as_deref(), folder).unwrap_or_else(|error| panic!("{error}"));
    let subject: Arc<dyn Subject> = Arc::new(Native::<A>::default());
    let report = block_on(Bench::new(subject, profile, behind).run(test));
    if let Outcome::NotApplicable { reason } | Outcome::Skipped { reason } = &report.outcome {
        println!("not tried: {reason}");
    }
    let found: String = report.findings.iter().map(ToString::to_string).collect();
    assert!(report.outcome != Outcome::Failed, "\n{found}");
    print!("{found}");
}

/// Runs `work` on this thread.
///
/// # Panics
/// When nobody wakes it for half a minute: a call hangs.
pub fn block_on<T>(work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    let unpark = Arc::new(Unpark {
        thread: current(),
        is_awake: AtomicBool::new(true),
    });
    let waker = Arc::clone(&unpark).into();
    let mut woken_at = Instant::now();
    loop {
        if unpark.is_awake.swap(false, Ordering::AcqRel) {
            woken_at = Instant::now();
            if let Poll::Ready(done) = work.as_mut().poll(&mut Context::from_waker(&waker)) {
                return done;
            }
        }
        assert!(
            woken_at.elapsed() < SILENCE_MAX,
            "the adapter does not answer: a call was neither ended nor woken for {SILENCE_MAX:?}"
        );
        if !unpark.is_awake.load(Ordering::Acquire) {
            park_timeout(Duration::from_millis(100));
        }
    }
}
