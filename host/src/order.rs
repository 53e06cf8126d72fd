//! Orders: what is to ship, from where.
