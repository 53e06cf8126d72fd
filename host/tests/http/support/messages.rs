//! The messages of a stream of server-sent events, as they come.

use std::time::Duration;

use futures::stream::BoxStream;
use futures::{Stream, StreamExt};
use serde_json::Value;

/// How long a message may take; nothing waits this long unless it fails.
const PATIENCE: Duration = Duration::from_secs(30);

/// The messages of a stream.
pub(crate) struct Messages {
    pieces: BoxStream<'static, Vec<u8>>,
    /// What came and is not read yet.
    bytes: Vec<u8>,
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
    /// Of a body that comes in these pieces; one that breaks off ends.
    pub(crate) fn of<Piece, Error>(
        pieces: impl Stream<Item = Result<Piece, Error>> + Send + 'static,
    ) -> Self
    where
        Piece: AsRef<[u8]> + Send + 'static,
        Error: Send + 'static,
    {
        let pieces = pieces.scan((), |(), piece| std::future::ready(piece.ok()));
        Self {
            pieces: pieces.map(|piece| piece.as_ref().to_vec()).boxed(),
            bytes: Vec::new(),
        }
    }

    /// The next message; `None` at the end of the stream.
    pub(crate) async fn next(&mut self) -> Option<Message> {
        let next = tokio::time::timeout(PATIENCE, self.read());
        next.await.expect("a message in time")
    }

    async fn read(&mut self) -> Option<Message> {
        loop {
            let end = self.bytes.windows(2).position(|pair| pair == b"\n\n");
            let Some(end) = end else {
                self.bytes.extend(self.pieces.next().await?);
                continue;
            };
            let block: Vec<u8> = self.bytes.drain(..end + 2).collect();
            if let Some(message) = message(std::str::from_utf8(&block).unwrap()) {
                return Some(message);
            }
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
fn message(block: &str) -> Option<Message> {
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
