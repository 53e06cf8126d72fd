//! The stock book: levels in the store, a bounded index in front.

mod held;

pub use held::Held;
