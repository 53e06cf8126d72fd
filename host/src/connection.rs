//! Connections: an account's configured instance of an adapter, and the state it is in.
//!
//! A connection is stored as a [`record`], runs as a [`worker`] of its own, and is reached through [`Connections`].

pub mod edit;
pub mod record;
pub mod state;

mod connections;
mod declared;
mod generation;
mod hints;
mod inbound;
mod moved;
mod news;
mod observe;
mod opening;
mod wanted;
mod worker;
mod write;

pub use connections::{Connections, Surroundings};
pub use edit::{ConnectionPatch, EditError, FieldProblem, NewConnection};
pub use generation::Tried;
pub use record::{Connection, Origin};
