//! What is still there of that which events speak of, and which pages the visitor may see: only that is linked.

use std::collections::HashMap;

use crate::daemon::Parts;
use crate::http::console::page::Page;
use crate::id::AccountId;
use crate::store::{self, Error};

/// What can be linked.
pub(super) struct Known {
    /// Names by ids of an account's connections, inventory sources, ship-from locations and adapters.
    names: HashMap<String, String>,
    /// The paths of the visitor's menu.
    pages: Vec<&'static str>,
}

// === impl Known ===

impl Known {
    pub(super) async fn of(parts: &Parts, account: AccountId, page: &Page) -> Result<Self, Error> {
        let mut names = HashMap::new();
        for connection in store::connection::list(&parts.db, account).await? {
            names.insert(connection.id.to_string(), connection.name);
        }
        for source in store::source::list(&parts.db, account).await? {
            names.insert(source.id.to_string(), source.name);
        }
        for location in store::ship_from::list(&parts.db, account).await? {
            names.insert(location.id.to_string(), location.name);
        }
        for plugin in parts.connections.directory().plugins() {
            if let (Some(id), Some(manifest)) = (plugin.id(), &plugin.manifest) {
                names.insert(id.to_owned(), manifest.name.clone());
            }
        }
        let pages = page.menu().into_iter().map(|entry| entry.path).collect();
        Ok(Self { names, pages })
    }

    /// What people call it today; nothing for what is gone.
    pub(super) fn name(&self, id: &str) -> Option<&str> {
        self.names.get(id).map(String::as_str)
    }

    /// The page of all things of a sort, when the visitor's menu leads to it.
    pub(super) fn page(&self, path: &str) -> Option<String> {
        self.pages.contains(&path).then(|| path.to_owned())
    }
}
