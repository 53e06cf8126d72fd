//! The config file: read once, checked whole, turned into types that cannot be wrong.
