//! What every adapter must do, tried on this one.

bestand_plugin_api::suite!(bestand_plugin_combined::Combined);
