//! What simulated systems with a plain JSON API share: faults, answers and the log of requests.

mod fault;
mod reply;
mod request;

pub use fault::{Fault, FaultRule};
pub use request::Request;

pub(crate) use fault::Faults;
pub(crate) use reply::Reply;
