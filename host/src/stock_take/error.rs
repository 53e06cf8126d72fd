//! Why something cannot be done with a stock take.

use bestand_plugin_api::AdapterError;

use super::{COUNTS_MAX, COUNTS_PER_REQUEST_MAX, NOTE_CHARS_MAX, TakeState};
use crate::store;

/// Why something cannot be done with a stock take.
#[derive(Debug, thiserror::Error)]
pub enum StockTakeError {
    /// What the source's system says.
    #[error(transparent)]
    Adapter(#[from] AdapterError),
    /// The store is out of reach.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The source has one already.
    #[error("a stock take of this source is under way; commit or cancel it first")]
    UnderWay,
    /// It is not open any more.
    #[error("this stock take is {0}")]
    Closed(TakeState),
    /// There would be too many counts.
    #[error("a stock take has at most {COUNTS_MAX} counts; commit this one and begin another")]
    TooMany,
    /// None, or too many at once.
    #[error("there must be from 1 to {COUNTS_PER_REQUEST_MAX} counts at once")]
    Number,
    /// The note is too long.
    #[error("a note has at most {NOTE_CHARS_MAX} characters")]
    LongNote,
}
