//! The stock book: levels in the store, a bounded index in front.
//!
//! Whatever a source says of a SKU comes through [`StockBook::apply`], whoever brought it: a listing, a change, a push,
//! a live query. The newer answer wins, and it is durable and readable when the call returns.

mod absence;
mod book;
mod cause;
mod counts;
pub mod drift;
mod held;
mod index;
mod low_stock;
mod newer_wins;
pub mod parts;
mod sellable;

pub use book::{Applied, BookOptions, Changed, Outcome, StockBook, Update};
pub use cause::{Cause, CauseKind};
pub use counts::Counts;
pub use held::Held;
pub use low_stock::{
    InvalidLowPlace, LowPlace, LowStock, THRESHOLDS_MAX, Threshold, ThresholdFor, Thresholds,
};
pub use sellable::sellable;
