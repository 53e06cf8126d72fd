//! The Chromium process, which reads orders from one pipe and answers on another.
//!
//! Pipes need no port that somebody else could find or take, and Chromium ends when they are closed, however the test
//! ended.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use super::wire::Wire;

/// The programs it may be called.
const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];
/// Names another program to be used.
const GIVEN: &str = "BESTAND_CHROMIUM";
/// Its pipes are its third and fourth file; a shell moves ours there and then becomes it.
const BECOME_IT: &str = "exec \"$0\" \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>&1";
/// How long it may take to end by itself.
const FAREWELL: Duration = Duration::from_secs(10);
/// Nothing that it does of its own accord: no updates, no lists fetched, no sleeping tabs.
const FLAGS: [&str; 17] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-default-apps",
    "--disable-renderer-backgrounding",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-features=Translate,OptimizationHints,MediaRouter,PaintHolding",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
    "--remote-debugging-pipe",
];

/// One process for all browsers of a test program that are open at once.
pub(super) struct Chromium {
    wire: Option<Arc<Wire>>,
    child: Child,
    /// Last, when nobody writes into it any more.
    _profile: TempDir,
}

// === impl Chromium ===

impl Chromium {
    /// The one that runs, or a new one.
    pub(super) fn shared() -> Arc<Self> {
        static RUNNING: Mutex<Weak<Chromium>> = Mutex::new(Weak::new());
        let mut running = RUNNING.lock().expect("starting it does not panic often");
        running.upgrade().unwrap_or_else(|| {
            let started = Arc::new(Self::start());
            *running = Arc::downgrade(&started);
            started
        })
    }

    fn start() -> Self {
        let program = find().expect("Chromium is installed; on Debian: apt-get install chromium");
        let profile = tempfile::tempdir().expect("a temporary folder");
        let mut child = Command::new("sh")
            .args(["-c", BECOME_IT])
            .arg(program)
            .args(FLAGS)
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .env("HOME", profile.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell runs");
        let (orders, answers) = (child.stdin.take(), child.stdout.take());
        let wire = Wire::new(orders.expect("it is piped"), answers.expect("it is piped"));
        Self {
            wire: Some(wire),
            child,
            _profile: profile,
        }
    }

    pub(super) fn wire(&self) -> &Arc<Wire> {
        self.wire.as_ref().expect("it is taken when dropped")
    }

    /// Asks the browser itself, not one of its pages.
    pub(super) async fn ask(&self, method: &str, parameters: Value) -> Value {
        let answer = self.wire().ask(None, method, parameters).await;
        answer.unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// The same without waiting.
    pub(super) fn tell(&self, method: &str, parameters: Value) {
        self.wire().tell(None, method, parameters);
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        drop(self.wire.take());
        let until = Instant::now() + FAREWELL;
        while Instant::now() < until && matches!(self.child.try_wait(), Ok(None)) {
            std::thread::sleep(Duration::from_millis(10));
        }
        // Neither does anything when it has ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Where Chromium is.
pub(super) fn find() -> Option<PathBuf> {
    if let Some(given) = std::env::var_os(GIVEN) {
        return Some(PathBuf::from(given));
    }
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let in_folder = |folder: &PathBuf| {
        let programs = NAMES.iter().map(|name| Path::new(folder).join(name));
        programs.into_iter().find(|program| program.is_file())
    };
    folders.iter().find_map(in_folder)
}
