//! Tells an open page that stock has changed, as server-sent events; the page then fetches what it shows anew.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::stream::{self, Stream};
use futures::{StreamExt, future};
use tokio::sync::broadcast::error::RecvError;

use super::visitor::Visitor;
use crate::daemon::Parts;

/// Shortest time between two tellings: a sync changes thousands of levels, and people read more slowly.
const PAUSE: Duration = Duration::from_secs(2);
/// Longest life of a stream, and at most as long as the daemon runs; the browser opens the next one, with its session checked again.
const LIFE: Duration = Duration::from_secs(600);

/// A stream of `changed`, without any data: whatever is shown is fetched with the visitor's own rights.
pub(super) async fn changes(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let account = visitor.account();
    let changes = parts.book.changes();
    let told = stream::unfold(changes, move |mut changes| async move {
        loop {
            match changes.recv().await {
                Ok(changed) if changed.account_id != account => {}
                Err(RecvError::Closed) => return None,
                // Of what was missed, one telling is enough.
                Ok(_) | Err(RecvError::Lagged(_)) => break,
            }
        }
        tokio::time::sleep(PAUSE).await;
        changes = changes.resubscribe();
        Some((Ok(Event::default().event("changed").data("stock")), changes))
    });
    let stopping = parts.stopping.clone().cancelled_owned();
    let ends = future::select(Box::pin(stopping), Box::pin(tokio::time::sleep(LIFE)));
    Sse::new(told.take_until(ends)).keep_alive(KeepAlive::default())
}
