//! A connection at a glance, an adapter that could be connected, and what a removal would lose.

use bestand_plugin_api::Manifest;

use crate::connection::{Connection, Origin};
use crate::daemon::Parts;
use crate::http::console::explain;
use crate::http::console::explain::told::Told;
use crate::http::console::moment::When;
use crate::http::console::tone::Tone;
use crate::http::console::visitor::Visitor;
use crate::http::problem::Problem;
use crate::id::ConnectionId;
use crate::store;

/// A connection.
pub(super) struct Card {
    pub(super) id: ConnectionId,
    pub(super) name: String,
    pub(super) adapter: String,
    pub(super) account_name: String,
    pub(super) state: Tone,
    pub(super) reason: Told,
    pub(super) advice: String,
    pub(super) warnings: Vec<String>,
    pub(super) progress: String,
    pub(super) is_syncing: bool,
    pub(super) last_sync: Option<When>,
    pub(super) next_sync: Option<When>,
    pub(super) is_paused: bool,
    pub(super) is_of_config: bool,
    /// Where its system may send webhooks; empty where it may not.
    pub(super) hook_path: String,
    /// How many webhooks wait to be worked; empty when none do.
    pub(super) hooks_waiting: String,
    /// Each rate limit: its name, what is left, and of how many.
    pub(super) buckets: Vec<(String, usize, usize)>,
    pub(super) version: i64,
}

/// An adapter.
pub(super) struct AdapterCard {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) publisher: String,
    pub(super) description: String,
}

/// What goes with a connection.
pub(super) struct Loss {
    pub(super) sources: String,
    pub(super) levels: String,
    /// The ship-from locations that would be linked to nothing.
    pub(super) locations: String,
}

// === impl Card ===

impl Card {
    pub(super) fn of(parts: &Parts, connection: &Connection, visitor: &Visitor) -> Self {
        let text = visitor.text();
        let status = parts.connections.status(connection.id);
        let trouble = status.as_ref().and_then(|status| status.state.trouble());
        let stopped = || Tone::new(text.say("source-stopped"), "bad", "close");
        let buckets = parts.connections.rate_buckets(connection.id);
        let levels = status.as_ref().and_then(|status| match status.state {
            crate::connection::state::ConnectionState::Syncing { levels, .. } => Some(levels),
            _ => None,
        });
        Self {
            id: connection.id,
            name: connection.name.clone(),
            adapter: heading(parts, &connection.adapter),
            state: status
                .as_ref()
                .map_or_else(stopped, |status| Tone::connection(&status.state, text)),
            reason: trouble
                .as_ref()
                .map(|trouble| explain::connection::reason(&trouble.reason, text))
                .unwrap_or_default(),
            advice: trouble
                .map(|trouble| explain::connection::advice(&trouble.advice, visitor))
                .unwrap_or_default(),
            progress: levels
                .map(|levels| text.count("connection-progress", levels))
                .unwrap_or_default(),
            is_syncing: levels.is_some(),
            last_sync: status
                .as_ref()
                .and_then(|status| status.last_sync_at)
                .map(|at| visitor.when(at.0)),
            next_sync: status
                .as_ref()
                .and_then(|status| status.next_sync_at)
                .map(|at| visitor.when(at.0)),
            hooks_waiting: status
                .as_ref()
                .map(|status| status.hooks_waiting)
                .filter(|waiting| *waiting > 0)
                .map(|waiting| visitor.whole(waiting))
                .unwrap_or_default(),
            account_name: status
                .as_ref()
                .and_then(|status| status.account_name.clone())
                .unwrap_or_default(),
            warnings: status.map(|status| status.warnings).unwrap_or_default(),
            is_paused: connection.paused,
            is_of_config: connection.origin == Origin::Config,
            hook_path: match parts.connections.takes_requests(connection.id) {
                true => format!("/hooks/{}", connection.id),
                false => String::new(),
            },
            buckets: buckets
                .iter()
                .map(|bucket| (bucket.name().to_owned(), bucket.left(), bucket.capacity()))
                .collect(),
            version: connection.version,
        }
    }
}

/// What people call an adapter; its id where it does not run.
fn heading(parts: &Parts, id: &str) -> String {
    let directory = parts.connections.directory();
    let adapter = directory.adapter(id);
    adapter.map_or_else(|| id.to_owned(), |adapter| adapter.manifest().name.clone())
}

// === impl AdapterCard ===

impl AdapterCard {
    pub(super) fn of(manifest: &Manifest) -> Self {
        Self {
            id: manifest.id.clone(),
            name: manifest.name.clone(),
            publisher: manifest.publisher.clone(),
            description: manifest.description.clone(),
        }
    }
}

// === impl Loss ===

impl Loss {
    pub(super) async fn of(
        parts: &Parts,
        connection: &Connection,
        visitor: &Visitor,
    ) -> Result<Self, Problem> {
        let account = visitor.account();
        let sources = store::source::list_of_connection(&parts.db, account, connection.id).await?;
        let locations = store::ship_from::list(&parts.db, account).await?;
        let linked = locations.into_iter().filter(|location| {
            sources
                .iter()
                .any(|source| Some(source.id) == location.source_id)
        });
        Ok(Self {
            locations: linked
                .map(|location| location.name)
                .collect::<Vec<_>>()
                .join(", "),
            sources: visitor.whole(sources.len() as u64),
            levels: visitor.whole(sources.iter().map(|source| source.levels).sum()),
        })
    }
}
