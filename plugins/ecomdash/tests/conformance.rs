//! What every adapter must do, tried on this one with a recording of the simulated system.

bestand_plugin_api::suite!(bestand_plugin_ecomdash::Ecomdash);
