//! The tests, one file per part of the contract. What each proves is its name.

pub(super) mod by_sku;
pub(super) mod changes;
pub(super) mod clock;
pub(super) mod credentials;
pub(super) mod inbound;
pub(super) mod ledger;
pub(super) mod lifecycle;
pub(super) mod limits;
pub(super) mod listing;
pub(super) mod locations;
pub(super) mod manifest;
pub(super) mod settings;
pub(super) mod trial;
pub(super) mod trouble;
pub(super) mod values;
pub(super) mod writes;
