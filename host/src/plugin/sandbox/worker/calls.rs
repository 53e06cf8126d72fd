//! The calls of the daemon that are under way in a worker.

use std::collections::HashMap;
use std::sync::Arc;

use bestand_plugin_api::AdapterError;
use bestand_plugin_api::call::{self, MESSAGE_BYTES_MAX, Port};
use tokio::task::AbortHandle;

use super::outbox::Outbox;
use crate::plugin::sandbox::frame::{Frame, Kind};

/// The adapter, and what it works on.
pub(super) struct Calls {
    adapter: Arc<dyn Port>,
    outbox: Arc<Outbox>,
    under_way: HashMap<u64, AbortHandle>,
}

// === impl Calls ===

impl Calls {
    pub(super) fn new(adapter: Arc<dyn Port>, outbox: Arc<Outbox>) -> Self {
        Self {
            adapter,
            outbox,
            under_way: HashMap::new(),
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

    fn begin(&mut self, number: u64, request: Vec<u8>) {
        let (adapter, outbox) = (Arc::clone(&self.adapter), Arc::clone(&self.outbox));
        let work = tokio::spawn(async move {
            let answer = fitting(adapter.call(request).await);
            outbox.send(Frame::new(Kind::Answer, number, answer));
        });
        self.under_way.retain(|_, work| !work.is_finished());
        self.under_way.insert(number, work.abort_handle());
    }

    fn end(&mut self, number: u64) {
        if let Some(work) = self.under_way.remove(&number) {
            work.abort();
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
