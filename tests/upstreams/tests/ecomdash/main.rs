//! The simulated Ecomdash behaves, and above all refuses, as its portal documents it.

mod access;
mod control;
mod lists;
mod lookups;
mod support;
mod updates;
