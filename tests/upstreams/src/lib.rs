//! Simulated inventory systems that refuse what the real ones would refuse.
//!
//! Each one is a real HTTP server on 127.0.0.1 with the authentication, shapes, paging, limits, error bodies and
//! quirks of the system it stands for, faults that can be switched on, and a clock that can be moved. Tests start
//! them in-process; `bestand-upstreams` runs them for anyone who wants to play, and writes the demo's scenario.

pub mod clock;
pub mod json_api;
pub mod server;

pub mod connect;
pub mod ecomdash;
pub mod finale;
pub mod shopify;

pub mod demo;
