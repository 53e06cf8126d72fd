//! The daemon: every part built in order, run, and drained.
