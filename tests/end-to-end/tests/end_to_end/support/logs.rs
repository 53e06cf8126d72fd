//! Everything that is logged in this process, kept for a look: at what went wrong, and for secrets.

use std::io::Write;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tracing_subscriber::EnvFilter;

/// More than an operator would ever switch on.
const FILTER: &str = "debug,bestand=trace,hyper_util=trace,reqwest=trace";
/// Lines shown when a test fails.
const TAIL_LINES: usize = 40;

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

static LINES: OnceLock<Lines> = OnceLock::new();

/// Begins to keep what is logged; once per process.
pub(crate) fn keep() {
    LINES.get_or_init(|| {
        let lines = Lines::default();
        let writer = lines.clone();
        tracing_subscriber::fmt()
            .with_env_filter(EnvFilter::new(FILTER))
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .init();
        lines
    });
}

/// All of it so far.
pub(crate) fn all() -> String {
    let kept = LINES.get().map(Lines::copy).unwrap_or_default();
    String::from_utf8_lossy(&kept).into_owned()
}

/// The last lines of the project itself.
pub(crate) fn tail() -> String {
    let all = all();
    let ours: Vec<&str> = all
        .lines()
        .filter(|line| line.contains("bestand"))
        .collect();
    ours[ours.len().saturating_sub(TAIL_LINES)..].join("\n")
}

// === impl Lines ===

impl Lines {
    fn copy(&self) -> Vec<u8> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
