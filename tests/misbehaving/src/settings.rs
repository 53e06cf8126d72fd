//! What is to go wrong.

use std::future;

use bestand_plugin_api::call::Method;
use bestand_plugin_api::call::adapter as methods;
use schemars::JsonSchema;
use serde::Deserialize;

/// How many records a flood of the log has, each of [`FLOOD_RECORD_BYTES`].
pub const FLOOD_RECORDS: usize = 20_000;
/// The length of each.
pub const FLOOD_RECORD_BYTES: usize = 4096;

/// The one thing that goes wrong.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// What.
    pub fault: Fault,
    /// In which call; matters to those faults only that can happen in any.
    pub at: Entry,
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// Nothing.
    #[default]
    None,

    /// At [`Settings::at`]: a panic.
    Panic,
    /// At [`Settings::at`]: no answer ever, without using the processor. `open` cannot wait and blocks its thread.
    Hang,
    /// At [`Settings::at`]: a loop that never yields its thread. Only a sandbox can end it.
    BusyLoop,
    /// At [`Settings::at`]: as many records as fast as possible, then the proper answer.
    LogFlood,

    /// At [`Settings::at`]: bytes that are no message.
    Garbage,
    /// At [`Settings::at`]: a message whose answer is of another type.
    OtherType,
    /// At [`Settings::at`]: a message beyond the limit of the contract.
    Oversized,
    /// At [`Settings::at`]: no bytes at all.
    Empty,

    /// When the instance is let go: a panic.
    PanicOnDrop,

    /// In levels: one article twice, with different numbers.
    DuplicateSkus,
    /// In levels: some at a place that was never listed.
    ForeignLocation,
    /// In levels: some that are counts, but carry no number.
    NoNumbers,
    /// In answers by SKU: articles nobody asked for.
    UnaskedSkus,

    /// A listing of stock that always has one more page.
    EndlessListing,
    /// A listing of stock whose cursor leads back to the same page.
    StuckCursor,
    /// A listing of stock whose cursor is far beyond the limit of the contract.
    HugeCursor,
    /// A listing of stock that is always still being worked on.
    EndlessPending,
}

/// A call in which something can go wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    /// The instance is made.
    Open,
    /// Credentials are checked.
    #[default]
    Check,
    /// Places are listed.
    Locations,
    /// Levels are listed.
    ListStock,
    /// Some SKUs are asked for.
    StockBySku,
}

// === impl Settings ===

impl Settings {
    /// Does what an author could do wrong in this call.
    pub(crate) async fn act(&self, entry: Entry) {
        match self.fault {
            Fault::Hang if self.at == entry => future::pending().await,
            _ => self.act_at_once(entry),
        }
    }

    /// The same where nothing can be waited for.
    pub(crate) fn act_at_once(&self, entry: Entry) {
        if self.at != entry {
            return;
        }
        match self.fault {
            Fault::Panic => panic!("told to panic in {entry:?}"),
            Fault::Hang => loop {
                std::thread::park();
            },
            Fault::BusyLoop => loop {
                std::hint::spin_loop();
            },
            Fault::LogFlood => flood(),
            _ => {}
        }
    }
}

fn flood() {
    let text = "flood ".repeat(FLOOD_RECORD_BYTES / 6);
    for number in 0..FLOOD_RECORDS {
        tracing::info!(number, "{text}");
    }
}

// === impl Entry ===

impl Entry {
    /// The name of the call on the wire.
    pub(crate) fn method(self) -> &'static str {
        match self {
            Self::Open => methods::Open::NAME,
            Self::Check => methods::Check::NAME,
            Self::Locations => methods::Locations::NAME,
            Self::ListStock => methods::ListStock::NAME,
            Self::StockBySku => methods::StockBySku::NAME,
        }
    }
}
