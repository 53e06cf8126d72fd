//! Connections: an account's configured instance of an adapter, and the state it is in.

pub mod record;
pub mod state;
