//! The calls of the daemon that are under way in a worker.

use std::collections::HashMap;
use std::sync::Arc;

use bestand_plugin_api::AdapterError;
use bestand_plugin_api::call::{self, MESSAGE_BYTES_MAX, Port};
use futures::future::{AbortHandle, Abortable, Aborted, BoxFuture, abortable};
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};

use super::outbox::Outbox;
use crate::plugin::sandbox::frame::{Frame, Kind};

/// The adapter, and what it works on.
pub(super) struct Calls {
    adapter: Arc<dyn Port>,
    outbox: Arc<Outbox>,
    /// In this task and not in tasks of their own: each would be one more turn of the runtime.
    under_way: FuturesUnordered<Abortable<BoxFuture<'static, Frame>>>,
    handles: HashMap<u64, AbortHandle>,
}

// === impl Calls ===

impl Calls {
    pub(super) fn new(adapter: Arc<dyn Port>, outbox: Arc<Outbox>) -> Self {
        Self {
            adapter,
            outbox,
            under_way: FuturesUnordered::new(),
            handles: HashMap::new(),
        }
    }

    /// Does what a frame of the daemon says.
    pub(super) fn take(&mut self, frame: Frame) {
        match frame.kind {
            Kind::Call => self.begin(frame.number, frame.body),
            Kind::Cancel => self.end(frame.number),
            Kind::Reply => self.outbox.reply(frame.number, frame.body),
            Kind::Ping => self.outbox.send(Frame::bare(Kind::Pong, frame.number)),
            // The daemon sends no other.
            Kind::Started | Kind::Answer | Kind::Ask | Kind::Forget | Kind::Pong => {}
        }
    }

    /// Works on the calls until one of them has ended; for ever while there is none.
    pub(super) async fn work(&mut self) {
        match self.under_way.next().await {
            Some(Ok(answer)) => {
                self.handles.remove(&answer.number);
                self.outbox.send(answer);
            }
            // Given up.
            Some(Err(Aborted)) => {}
            None => std::future::pending().await,
        }
    }

    fn begin(&mut self, number: u64, request: Vec<u8>) {
        let adapter = Arc::clone(&self.adapter);
        let work = async move {
            let answer = fitting(adapter.call(request).await);
            Frame::new(Kind::Answer, number, answer)
        };
        let (work, handle) = abortable(work.boxed());
        self.under_way.push(work);
        self.handles.insert(number, handle);
    }

    fn end(&mut self, number: u64) {
        if let Some(handle) = self.handles.remove(&number) {
            handle.abort();
        }
    }
}

/// An answer too long for a frame is a fault of the one call, as it is without a worker.
fn fitting(answer: Vec<u8>) -> Vec<u8> {
    if answer.len() <= MESSAGE_BYTES_MAX {
        return answer;
    }
    let message = format!("a message of more than {MESSAGE_BYTES_MAX} bytes");
    call::response(Err(AdapterError::protocol(message)))
}
