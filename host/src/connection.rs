//! Connections: an account's configured instance of an adapter, and the state it is in.
//!
//! A connection is stored as a [`record`], runs as a [`worker`] of its own, and is reached through [`Connections`].

pub mod advice;
pub mod edit;
pub mod fault;
pub mod reason;
pub mod record;
pub mod setting_fault;
pub mod state;
pub mod trouble;

mod connections;
mod declared;
mod desk;
mod failure;
mod generation;
mod heard;
mod hints;
mod inbound;
pub(crate) mod ledger;
mod look_up;
mod made_of;
mod moved;
mod news;
mod observe;
mod opening;
mod outage;
mod partner;
mod places;
mod register;
mod reread;
mod wanted;
mod worker;
mod write;

pub use connections::{Connections, Surroundings};
pub use edit::{ConnectionPatch, EditError, NewConnection};
pub use fault::{Fault, FieldFault};
pub use generation::Tried;
pub use inbound::Received;
pub use made_of::ChangedSkus;
pub use partner::Door;
pub use record::{Connection, Origin};
pub use register::{Credentials, RegisterError, Registered};
pub use reread::{ITEMS_MAX, Reread, RereadError, Scope};
