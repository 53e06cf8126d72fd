//! An adapter's last hour: how many calls and how long they took, minute by minute, and the last that it logged.
//!
//! Memory is fixed: thirty kilobytes of meters for each adapter, and the texts of two hundred records.

mod log;
mod minutes;

pub use log::Record;
pub use minutes::Minute;

pub(super) use log::RecentLog;
pub(super) use minutes::{Failed, Minutes};

/// An adapter's last hour.
#[derive(Clone, Debug, Default)]
pub struct Recent {
    /// The last sixty minutes, oldest first, also those in which nothing happened.
    pub minutes: Vec<Minute>,
    /// What it logged last, oldest first.
    pub log: Vec<Record>,
}
