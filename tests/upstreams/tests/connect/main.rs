//! The simulated Connect module behaves, and above all refuses, as the contract has it.

mod access;
mod control;
mod faults;
mod fetching;
mod pushing;
mod support;
