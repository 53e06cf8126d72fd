//! `GET /changes`: the account's events as they happen, as server-sent events.

mod reader;
mod room;
mod wanted;

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::{StreamExt, stream};

use crate::daemon::Parts;
use crate::event_log::Event;
use crate::http::auth::Caller;
use crate::http::problem::Problem;
use crate::http::query::Query;
use reader::Reader;
use room::Room;
use wanted::ChangesQuery;

/// Follow what changes
///
/// A stream of server-sent events that does not end by itself: each message has the event's `id`, its type as `event`
/// and the event as `data`. Whoever sends the last id that it has, as `Last-Event-ID` or `after`, gets all that came
/// since, in order and without a gap; without one, the stream begins now. Some messages are about the stream:
/// `stream.ready` names the place at which it begins; `stream.missed` says that what came after the given id is
/// forgotten or was never there, so that levels are to be read anew; `stream.dropped` ends a stream whose reader is too
/// slow, and `stream.ending` one that has lasted its time: both name the id to go on from.
#[utoipa::path(get, path = "/changes", operation_id = "follow_changes", tag = "Events", params(ChangesQuery,
        ("Last-Event-ID" = Option<String>, Header, description = "The id of the last event that the reader has.")),
    responses((status = 200, description = "The stream", body = Event, content_type = "text/event-stream")))]
pub(in crate::http) async fn follow(
    State(parts): State<Arc<Parts>>,
    caller: Caller,
    Query(query): Query<ChangesQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let place = Room::take(caller.0.account_id)?;
    let wanted = query.checked(&headers)?;
    let reader = Reader::begin(&parts, caller.0.account_id, wanted).await?;
    let mut messages = reader.start(place, parts.stopping.clone());
    let stream =
        stream::poll_fn(move |context| messages.poll_recv(context)).map(Ok::<_, Infallible>);
    Ok(Sse::new(stream)
        .keep_alive(KeepAlive::default())
        .into_response())
}
