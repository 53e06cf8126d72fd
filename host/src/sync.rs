//! Syncs: the runs that bring a connection's levels in.

pub mod backoff;
pub mod plan;
