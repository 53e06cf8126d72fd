//! A connection's trouble: why its numbers cannot be refreshed now, and what to do.

use serde::{Deserialize, Serialize};

use super::advice::Advice;
use super::reason::Reason;

/// Why a connection's numbers cannot be refreshed now, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// Why.
    pub reason: Reason,
    /// What to do.
    pub advice: Advice,
}
