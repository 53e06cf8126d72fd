//! Several sources as one, over the contract's own messages.

mod checks;
mod fallback;
mod sum;
mod support;
