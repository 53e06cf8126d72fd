//! The module's own cursors: opaque to clients, and checked when they come back.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Where a fetch or a push goes on.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Cursor {
    /// Once the report is prepared.
    Report {
        /// When that is.
        ready_at: Timestamp,
    },
    /// Behind the item with this id.
    After {
        /// The id.
        id: String,
    },
}

// === impl Cursor ===

impl Cursor {
    pub(crate) fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).expect("a cursor is plain data"))
    }

    /// What a client gave back; none when it is not ours.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        serde_json::from_slice(&bytes).ok()
    }
}
