//! The messages of a stream of server-sent events, as they come.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use futures::StreamExt;
use serde_json::Value;

/// How long a message may take; nothing waits this long unless it fails.
const PATIENCE: Duration = Duration::from_secs(30);

/// The messages of a stream.
pub(crate) struct Messages {
    bytes: BodyDataStream,
    text: String,
}

/// One message.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Message {
    pub(crate) id: String,
    pub(crate) event: String,
    pub(crate) data: Value,
}

// === impl Messages ===

impl Messages {
    pub(super) fn of(body: Body) -> Self {
        let (bytes, text) = (body.into_data_stream(), String::new());
        Self { bytes, text }
    }

    /// The next message; `None` at the end of the stream.
    pub(crate) async fn next(&mut self) -> Option<Message> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.text = rest;
                if let Some(message) = read(&block) {
                    return Some(message);
                }
                continue;
            }
            let piece = tokio::time::timeout(PATIENCE, self.bytes.next()).await;
            let piece = piece.expect("a message in time")?;
            self.text
                .push_str(std::str::from_utf8(&piece.unwrap()).unwrap());
        }
    }

    /// The next message, of this kind.
    pub(crate) async fn expect(&mut self, event: &str) -> Message {
        let message = self.next().await.expect("no end");
        assert_eq!(message.event, event, "{message:?}");
        message
    }
}

/// A block of lines; nothing for a comment.
fn read(block: &str) -> Option<Message> {
    let field = |name: &str| {
        let prefix = format!("{name}: ");
        block.lines().find_map(|line| line.strip_prefix(&prefix))
    };
    Some(Message {
        event: field("event")?.to_owned(),
        id: field("id")?.to_owned(),
        data: serde_json::from_str(field("data")?).unwrap(),
    })
}
