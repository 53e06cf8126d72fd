//! Whom a partner's key can be for besides a partner that pushes: an adapter, whose sources it then sees.

use crate::daemon::Parts;

/// An adapter by its id and by what people call it.
pub(super) struct Partner {
    pub(super) id: String,
    pub(super) name: String,
}

// === impl Partner ===

impl Partner {
    /// Every adapter there is, by name.
    pub(super) fn all(parts: &Parts) -> Vec<Self> {
        let directory = parts.connections.directory();
        let partner = |manifest: &bestand_plugin_api::Manifest| Self {
            id: manifest.id.clone(),
            name: manifest.name.clone(),
        };
        let mut all: Vec<_> = directory
            .adapters()
            .map(|adapter| partner(adapter.manifest()))
            .collect();
        all.sort_by_cached_key(|partner| partner.name.to_lowercase());
        all
    }

    /// What people call the adapter of this id; its id while it is not there.
    pub(super) fn name_of(all: &[Self], id: &str) -> String {
        let found = all.iter().find(|partner| partner.id == id);
        found.map_or(id, |partner| &partner.name).to_owned()
    }
}
