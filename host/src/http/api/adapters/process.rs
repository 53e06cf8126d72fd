//! The process of a sandboxed adapter.

use serde::Serialize;
use utoipa::ToSchema;

use crate::connection::state::Moment;
use crate::plugin::sandbox::health::{End, Health};

/// The process of a sandboxed adapter.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Process {
    /// Its number, while there is one.
    pid: Option<u32>,
    /// Memory that it has for itself, in bytes.
    memory_bytes: Option<u64>,
    /// How often it was started anew.
    restarts: u64,
    /// Whether all that keeps it in bounds is in force.
    confined: bool,
    /// What is not, and why.
    missing: Vec<String>,
    /// How the last one ended.
    last_end: Option<LastEnd>,
}

/// How a process ended.
#[derive(Debug, Serialize, ToSchema)]
struct LastEnd {
    /// When.
    #[schema(value_type = String)]
    at: Moment,
    /// In words: the signal, or why it was ended.
    why: String,
    /// The last it wrote to stderr, oldest first.
    stderr: Vec<String>,
}

// === impl Process ===

impl Process {
    pub(super) fn of(health: Health) -> Self {
        Self {
            pid: health.pid,
            memory_bytes: health.memory_bytes(),
            restarts: health.restarts,
            confined: health.confinement.is_complete(),
            missing: health.confinement.missing,
            last_end: health.last_end.map(LastEnd::of),
        }
    }
}

// === impl LastEnd ===

impl LastEnd {
    fn of(End { at, why, stderr }: End) -> Self {
        Self {
            at: Moment(at),
            why,
            stderr,
        }
    }
}
