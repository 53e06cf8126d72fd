//! A part of a connection is read again from its page: tried first, with what would change as a table, and then stored.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use bestand_plugin_api::{Sku, SkuErrorKind, Timestamp};
use jiff::civil::DateTime;
use serde::Deserialize;

use super::find;
use crate::connection::{Connection, Reread, RereadError, Scope};
use crate::daemon::Parts;
use crate::http::console::address;
use crate::http::console::form::Form;
use crate::http::console::moment::When;
use crate::http::console::page::{Page, Place, show};
use crate::http::console::visitor::Visitor;
use crate::http::path::Named;
use crate::http::problem::{Kind, Problem};
use crate::id::{ConnectionId, SourceId};
use crate::source::InventorySource;
use crate::stock::drift::Difference;
use crate::store;
use crate::sync::SyncError;

/// Most SKUs of one form: what a system answers while somebody waits for the page.
const SKUS_MAX: usize = 500;
/// Differences and errors that are shown; all are counted.
const SHOWN_MAX: usize = 200;

/// What is to be read again, as it is typed.
#[derive(Debug, Deserialize)]
pub(in crate::http::console) struct Draft {
    /// One on each line; empty for all.
    skus: String,
    /// Empty for all.
    source: String,
    /// In the visitor's own time zone; empty for any time.
    changed_since: String,
    /// `store` when it is no trial.
    deed: String,
}

#[derive(Template)]
#[template(path = "connections/reread.html")]
struct RereadPage {
    page: Page,
    connection: String,
    path: String,
    /// Sent again to store it.
    draft: Draft,
    is_stored: bool,
    summary: String,
    rows: Vec<Row>,
    untold: Vec<Untold>,
    /// How many there are beyond those that are shown; empty for none.
    further: String,
}

/// A level that is not as held.
struct Row {
    sku: String,
    path: String,
    source: String,
    held: String,
    found: String,
    difference: String,
    since: When,
}

/// An article of which the system told nothing.
struct Untold {
    sku: String,
    /// In the system's own words; empty when it just does not know it.
    said: String,
}

/// Reads it again. What is stored is stored to its end, also when the page is not waited for.
pub(in crate::http::console) async fn reread(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(id): Named<ConnectionId>,
    Form(draft): Form<Draft>,
) -> Result<Response, Problem> {
    let connection = find(&parts, &visitor, id).await?;
    let scope = draft.scope(&visitor)?;
    let sources = draft.sources(&parts, &visitor, &connection).await?;
    let is_stored = draft.deed == "store";
    let reading = {
        let (parts, sources) = (Arc::clone(&parts), sources.clone());
        let (connection, actor) = (connection.clone(), visitor.name().to_owned());
        async move {
            let connections = &parts.connections;
            match is_stored {
                true => {
                    connections
                        .reread(&connection, &actor, &scope, sources)
                        .await
                }
                false => connections.compare(&connection, &scope, sources).await,
            }
        }
    };
    let read = match is_stored {
        true => tokio::spawn(reading)
            .await
            .map_err(|error| Problem::internal(&error))?,
        false => reading.await,
    };
    let reread = read.map_err(|error| refused(error, &visitor))?;
    let title = visitor.text().name("reread-title", &connection.name);
    show(&RereadPage {
        page: Page::new(&parts, &visitor, Place::Connections, title),
        connection: connection.name,
        path: format!("/connections/{id}"),
        draft,
        is_stored,
        summary: summary(&reread, &visitor),
        further: further(&reread, &visitor),
        rows: rows(&reread, &sources, &visitor),
        untold: untold(reread),
    })
}

fn summary(reread: &Reread, visitor: &Visitor) -> String {
    let [compared, differing] =
        [reread.compared, reread.differing].map(|count| visitor.whole(count));
    let values = [
        ("compared", compared.into()),
        ("differing", differing.into()),
    ];
    visitor.text().with("reread-summary", &values)
}

fn further(reread: &Reread, visitor: &Visitor) -> String {
    let shown = reread.differences.len().min(SHOWN_MAX) as u64;
    match reread.differing - shown {
        0 => String::new(),
        further => visitor.text().count("reread-further", further),
    }
}

fn rows(reread: &Reread, sources: &[InventorySource], visitor: &Visitor) -> Vec<Row> {
    let row = |(id, difference): &(SourceId, Difference)| {
        let source = sources.iter().find(|source| source.id == *id);
        let page = format!("/inventory-sources/{id}");
        Row {
            sku: difference.sku.to_string(),
            path: address::with_query(&page, [("sku", difference.sku.as_str())]),
            source: source.map(|source| source.name.clone()).unwrap_or_default(),
            held: visitor.quantity_or_unknown(difference.held),
            found: visitor.quantity_or_unknown(difference.found),
            difference: visitor.quantity_or_unknown(difference.distance()),
            since: visitor.when(difference.since),
        }
    };
    reread.differences.iter().take(SHOWN_MAX).map(row).collect()
}

fn untold(reread: Reread) -> Vec<Untold> {
    let errors = reread.errors.into_iter().take(SHOWN_MAX);
    let of = |error: bestand_plugin_api::SkuError| Untold {
        sku: error.sku.to_string(),
        said: match error.kind {
            SkuErrorKind::NotFound => String::new(),
            _ => error.message,
        },
    };
    errors.map(of).collect()
}

/// Why it cannot be read again.
fn refused(error: RereadError, visitor: &Visitor) -> Problem {
    let text = visitor.text();
    let word = match &error {
        RereadError::NotRead => "not-read",
        RereadError::NoSkus => "no-skus",
        RereadError::NothingToAsk => "nothing-to-ask",
        RereadError::NoChanges => "no-changes",
        RereadError::NoCheckpoint { since: None } => "never-synced",
        RereadError::NoCheckpoint { since: Some(since) } => {
            let since = visitor.when(*since).exact;
            let sentence = text.name("reread-no-checkpoint", since);
            return Problem::for_visitor(Kind::Conflict, sentence);
        }
        RereadError::TooLongAgo => "too-long-ago",
        RereadError::Busy => "busy",
        RereadError::TookTooLong => "took-too-long",
        RereadError::Sync(_) => "failed",
    };
    match error {
        RereadError::Sync(SyncError::Store(error)) => error.into(),
        _ => Problem::for_visitor(Kind::Conflict, text.say(&format!("reread-{word}"))),
    }
}

// === impl Draft ===

impl Draft {
    fn scope(&self, visitor: &Visitor) -> Result<Scope, Problem> {
        let wrong =
            |field: &str, id: &str| Problem::field_for_visitor(field, visitor.text().say(id));
        let skus = self
            .skus
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty());
        let skus: Result<Vec<Sku>, _> = skus.map(Sku::new).collect();
        let skus = skus.map_err(|_| wrong("skus", "webhook-sku-invalid"))?;
        match (skus.len(), self.changed_since.trim()) {
            (0, "") => Ok(Scope::Everything),
            (0, since) => match local(since, visitor) {
                Some(since) if since <= visitor.now => Ok(Scope::ChangedSince(since)),
                _ => Err(wrong("changed_since", "reread-since-invalid")),
            },
            (1..=SKUS_MAX, "") => Ok(Scope::Skus(skus)),
            (_, "") => Err(wrong("skus", "reread-too-many")),
            _ => Err(wrong("changed_since", "reread-one-of-both")),
        }
    }

    async fn sources(
        &self,
        parts: &Parts,
        visitor: &Visitor,
        connection: &Connection,
    ) -> Result<Vec<InventorySource>, Problem> {
        let (account, id) = (connection.account_id, connection.id);
        let mut all = store::source::list_of_connection(&parts.db, account, id).await?;
        if !self.source.is_empty() {
            all.retain(|source| source.id.to_string() == self.source);
            if all.is_empty() {
                let sentence = visitor.text().say("low-stock-source-invalid");
                return Err(Problem::field_for_visitor("source", sentence));
            }
        }
        Ok(all)
    }
}

/// A time as a browser sends it, in the visitor's own time zone.
fn local(typed: &str, visitor: &Visitor) -> Option<Timestamp> {
    let local: DateTime = typed.parse().ok()?;
    let zoned = local.to_zoned(visitor.reader.zone.clone()).ok()?;
    Some(Timestamp::from_millis(zoned.timestamp().as_millisecond()))
}
