//! How a sandboxed adapter is, for people and meters.

use bestand_plugin_api::Timestamp;

use super::confine::Confinement;

/// How it is.
#[derive(Clone, Debug)]
pub struct Health {
    /// Whether it can be called.
    pub phase: Phase,
    /// Why it cannot be called, with the way out.
    pub trouble: Option<String>,
    /// The worker's process, while there is one.
    pub pid: Option<u32>,
    /// How often it was started anew.
    pub restarts: u64,
    /// How the last worker ended, if one did.
    pub last_end: Option<End>,
    /// How it is confined.
    pub confinement: Confinement,
}

/// Whether a sandboxed adapter can be called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// It can.
    Running,
    /// Its worker has ended and will be started anew.
    Restarting,
    /// Its worker ended too often; it waits to be released.
    Quarantined,
}

/// How a worker ended.
#[derive(Clone, Debug)]
pub struct End {
    /// When.
    pub at: Timestamp,
    /// In words: the signal, or why it was ended.
    pub why: String,
    /// The last it wrote to stderr, oldest first.
    pub stderr: Vec<String>,
}

// === impl Health ===

impl Health {
    /// Memory of its process that is in use, in bytes. Reads it from the system.
    #[must_use]
    pub fn memory_bytes(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid?)).ok()?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))?;
        let kib: u64 = line.split_whitespace().next()?.parse().ok()?;
        Some(kib * 1024)
    }
}

// === impl Phase ===

impl Phase {
    /// The word for it, as lists show it.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Restarting => "restarting",
            Self::Quarantined => "quarantined",
        }
    }
}
