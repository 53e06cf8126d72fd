//! What every adapter must do, tried on this one; `conformance.toml` says how it is reached.

bestand_plugin_api::suite!(acme_stock::AcmeStock);
