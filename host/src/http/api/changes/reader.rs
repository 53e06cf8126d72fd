//! One reader of a stream: it is given what it wants of the log, as fast as it takes it, until it ends.
//!
//! It reads from the durable log and not from memory, so however fast things change, it has no gap and costs a page.

use std::time::Duration;

use axum::response::sse::Event as Message;
use serde_json::json;
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::room::Room;
use super::wanted::Wanted;
use crate::daemon::Parts;
use crate::event_log::{Event, EventId, EventLog, Filter};
use crate::id::AccountId;
use crate::store::Error;

/// Events read at once: with a hundred levels in each, a megabyte.
const EVENTS_PER_READ: u32 = 64;
/// Messages that wait for the reader to take them.
const WAITING_MAX: usize = 16;
/// How long a reader may take none of the waiting messages before it is dropped: shorter than the time after which its
/// connection is cut off, so that one that reads on finds the marker.
const PATIENCE: Duration = Duration::from_secs(15);
/// After news, others often follow: they are read together, so that a thousand commits a second are not as many looks
/// for each reader.
const GATHER: Duration = Duration::from_millis(50);
/// How often it is looked for what another process has appended.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Longest life of a stream: the reader opens the next one with its key checked again, so a revoked key reads no more.
const LIFE: Duration = Duration::from_secs(600);

/// What one reader has and wants.
pub(super) struct Reader {
    log: EventLog,
    wake: watch::Receiver<u64>,
    account: AccountId,
    filter: Filter,
    /// The last event that was looked at.
    seen: EventId,
}

/// Why a stream ends.
enum End {
    /// Its reader went away.
    Gone,
    /// Its reader is too slow.
    Slow,
    /// It has lasted its time, the daemon stops, or the log is out of reach: the reader is to come again.
    Over,
}

// === impl Reader ===

impl Reader {
    /// Where the reader asks to begin.
    pub(super) async fn begin(
        parts: &Parts,
        account: AccountId,
        wanted: Wanted,
    ) -> Result<Self, Error> {
        let log = parts.event_log.clone();
        let seen = match wanted.after {
            Some(after) => after,
            None => log.head(account).await?,
        };
        Ok(Self {
            wake: log.wake(),
            log,
            account,
            filter: wanted.filter,
            seen,
        })
    }

    /// Begins to read; what comes is the stream's messages.
    pub(super) fn start(
        mut self,
        room: Room,
        stopping: CancellationToken,
    ) -> mpsc::Receiver<Message> {
        let (messages, taken) = mpsc::channel(WAITING_MAX);
        tokio::spawn(async move {
            // Kept free for the last message, which a reader that takes none would leave no room for.
            let Ok(last) = messages.clone().reserve_owned().await else {
                return;
            };
            let end = tokio::select! {
                end = self.read(&messages) => end,
                () = stopping.cancelled() => End::Over,
                () = tokio::time::sleep(LIFE) => End::Over,
            };
            if let Some(message) = self.farewell(&end) {
                last.send(message);
            }
            drop(room);
        });
        taken
    }

    async fn read(&mut self, messages: &mpsc::Sender<Message>) -> End {
        let ready = about_stream("stream.ready", self.seen);
        if let Err(end) = send(messages, ready).await {
            return end;
        }
        loop {
            let page = match self
                .log
                .after(self.account, self.seen, EVENTS_PER_READ)
                .await
            {
                Ok(page) => page,
                Err(error) => {
                    tracing::error!(%error, "a stream of events cannot be read on");
                    return End::Over;
                }
            };
            if page.missed
                && let Err(end) = self.say_missed(messages, page.events.first()).await
            {
                return end;
            }
            let any = !page.events.is_empty();
            for event in page.events {
                if let Err(end) = self.tell(messages, event).await {
                    return end;
                }
            }
            if !any && let Err(end) = self.wait(messages).await {
                return end;
            }
        }
    }

    async fn tell(&mut self, messages: &mpsc::Sender<Message>, event: Event) -> Result<(), End> {
        let id = event.id;
        if let Some(event) = self.filter.narrow(event) {
            send(messages, message(&event)).await?;
        }
        self.seen = id;
        Ok(())
    }

    /// Goes on where the log goes on.
    async fn say_missed(
        &mut self,
        messages: &mpsc::Sender<Message>,
        next: Option<&Event>,
    ) -> Result<(), End> {
        self.seen = match next {
            Some(next) => EventId(next.id.0.saturating_sub(1)),
            None => self.log.head(self.account).await.map_err(|_| End::Over)?,
        };
        send(messages, about_stream("stream.missed", self.seen)).await
    }

    async fn wait(&mut self, messages: &mpsc::Sender<Message>) -> Result<(), End> {
        // Anything appended, or a while.
        let news = async {
            if timeout(LOOK_EVERY, self.wake.changed()).await.is_ok() {
                tokio::time::sleep(GATHER).await;
            }
        };
        tokio::select! {
            () = news => Ok(()),
            () = messages.closed() => Err(End::Gone),
        }
    }

    fn farewell(&self, end: &End) -> Option<Message> {
        match end {
            End::Gone => None,
            End::Slow => Some(about_stream("stream.dropped", self.seen)),
            End::Over => Some(about_stream("stream.ending", self.seen)),
        }
    }
}

async fn send(messages: &mpsc::Sender<Message>, message: Message) -> Result<(), End> {
    match messages.send_timeout(message, PATIENCE).await {
        Ok(()) => Ok(()),
        Err(mpsc::error::SendTimeoutError::Timeout(_)) => Err(End::Slow),
        Err(mpsc::error::SendTimeoutError::Closed(_)) => Err(End::Gone),
    }
}

fn message(event: &Event) -> Message {
    let data = serde_json::to_string(event).unwrap_or_default();
    Message::default()
        .id(event.id.to_string())
        .event(event.news.event_type().as_str())
        .data(data)
}

/// About the stream itself: whoever has this has all up to `seen` that it wants.
fn about_stream(what: &str, seen: EventId) -> Message {
    Message::default()
        .id(seen.to_string())
        .event(what)
        .data(json!({ "after": seen }).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_reader_that_takes_nothing_is_dropped_with_a_marker_in_the_room_that_was_kept() {
        let (messages, mut taken) = mpsc::channel(2);
        let last = messages.clone().reserve_owned().await.unwrap();
        let any = || about_stream("stream.ready", EventId(1));
        assert!(send(&messages, any()).await.is_ok());
        assert!(matches!(send(&messages, any()).await, Err(End::Slow)));
        last.send(about_stream("stream.dropped", EventId(1)));
        drop(messages);
        assert!(taken.recv().await.is_some());
        let marker = format!("{:?}", taken.recv().await.unwrap());
        assert!(marker.contains("stream.dropped"), "{marker}");
        assert!(taken.recv().await.is_none());
    }
}
