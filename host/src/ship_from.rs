//! Ship-from locations: where orders ship from, each linked to at most one source.
