//! Several sources as one, over the contract's own messages.

#![expect(clippy::unwrap_used, reason = "all of this crate is tests")]

mod checks;
mod fallback;
mod sum;
mod support;
