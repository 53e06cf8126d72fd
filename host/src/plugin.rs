//! Plugins: libraries found, opened, and spoken to in bytes.
//!
//! `directory → library → sandbox → adapter → session`: a directory is scanned, a library opened in a process of its
//! own (or, fully trusted, in ours), its adapter spoken to on a thread of its own, and a session speaks to it for one
//! connection. [`services`] is what the adapter may ask of us.
//!
//! **Invariant:** nothing here knows the name of any adapter.

pub mod adapter;
pub mod candidate;
pub mod directory;
pub mod installed;
pub mod library;
pub mod look;
pub mod package;
pub mod refusal;
pub mod runtime;
pub mod sandbox;
pub mod services;
pub mod session;
pub mod trust;

mod meters;
mod quoted;
mod recent;

pub use adapter::Adapter;
pub use directory::{Directory, Host, NoAdapter, Plugin, PluginState};
pub use meters::Usage;
pub use recent::{Minute, Recent, Record};
pub use session::{Priority, Session, SessionContext};
