//! Plugins: libraries found, opened, and spoken to in bytes.
//!
//! `directory → library → adapter → session`: a directory is scanned, a library opened, its adapter started on a
//! runtime of its own, and a session speaks to it for one connection. [`services`] is what the adapter may ask of us.
//!
//! **Invariant:** nothing here knows the name of any adapter.

pub mod adapter;
pub mod directory;
pub mod library;
pub mod runtime;
pub mod services;
pub mod session;

mod meters;

pub use adapter::Adapter;
pub use directory::{Directory, Plugin, PluginState};
pub use session::{Priority, Session, SessionContext};
