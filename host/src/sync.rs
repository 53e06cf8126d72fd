//! Syncs: the runs that bring a connection's levels in.
