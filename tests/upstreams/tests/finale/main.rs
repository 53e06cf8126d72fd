//! The simulated Finale behaves, and above all refuses, like the real one.

mod access;
mod collections;
mod control;
mod faults;
mod graphql;
mod support;
mod writes;
