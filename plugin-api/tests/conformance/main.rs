//! The conformance kit passes a good adapter, and finds what is wrong with a bad one.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod shelf;

mod good {
    //! The shelf as it should be.

    bestand_plugin_api::suite!(crate::shelf::Shelf, "tests/conformance/shelf.toml");
}

mod flaws;
