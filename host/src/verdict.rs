//! The verdict on an order, as a pure function.
