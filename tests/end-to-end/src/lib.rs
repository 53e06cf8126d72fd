//! Nothing: this package is its tests, which try the real thing from end to end.
