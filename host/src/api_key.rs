//! API keys: key and secret pairs with a role, kept as hashes.
