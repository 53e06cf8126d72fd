//! The stock book: levels in the store, a bounded index in front.
