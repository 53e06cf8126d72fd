//! A partner's system that pushes its levels: nobody asks it for anything.
//!
//! The partner sends levels and places to the daemon's own API with a key made for it. The daemon checks and stores them
//! at once; this adapter says what such numbers mean, and after how long a silence something must be wrong.

mod adapter;
mod settings;

pub use adapter::Push;
pub use settings::Settings;

use bestand_plugin_api::export_adapter;

export_adapter!(Push: StockPushes);
