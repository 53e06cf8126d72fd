//! Response bodies that an adapter reads piece by piece; they are closed with the call.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bestand_plugin_api::call::host::HttpChunk;
use bestand_plugin_api::http::{BODY_CHUNK_BYTES, OPEN_BODIES_MAX};
use bestand_plugin_api::{AdapterError, Result};

use super::Call;

/// Largest body after decompression; a full listing of a million items fits several times.
const BODY_BYTES_MAX: u64 = 2 * 1024 * 1024 * 1024;
/// How long the sender may be silent in the middle of a body.
const SILENCE_MAX: Duration = Duration::from_secs(30);

/// The open bodies of one call.
#[derive(Default)]
pub(super) struct Bodies(Mutex<Open>);

#[derive(Default)]
struct Open {
    last: u64,
    bodies: HashMap<u64, Body>,
}

/// A body, still flowing.
pub(super) struct Body {
    response: reqwest::Response,
    read_bytes: u64,
}

// === impl Bodies ===

impl Bodies {
    /// Keeps a body for later reads.
    pub(super) fn keep(&self, body: Body) -> Result<u64> {
        let mut open = self.lock();
        if open.bodies.len() >= OPEN_BODIES_MAX {
            return Err(AdapterError::bug(format!(
                "more than {OPEN_BODIES_MAX} bodies are open in one call"
            )));
        }
        open.last += 1;
        let number = open.last;
        open.bodies.insert(number, body);
        Ok(number)
    }

    fn take(&self, number: u64) -> Option<Body> {
        self.lock().bodies.remove(&number)
    }

    fn put_back(&self, number: u64, body: Body) {
        self.lock().bodies.insert(number, body);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Open> {
        self.0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// The next chunk of body `number`.
pub(super) async fn read(call: Arc<Call>, number: u64) -> Result<HttpChunk> {
    let Some(mut body) = call.bodies.take(number) else {
        return Err(AdapterError::bug("no such body, or read beyond its end"));
    };
    let chunk = body.chunk().await?;
    if !chunk.last {
        call.bodies.put_back(number, body);
    }
    Ok(chunk)
}

// === impl Body ===

impl Body {
    pub(super) fn new(response: reqwest::Response) -> Self {
        Self {
            response,
            read_bytes: 0,
        }
    }

    pub(super) async fn chunk(&mut self) -> Result<HttpChunk> {
        let mut bytes = Vec::new();
        while bytes.len() < BODY_CHUNK_BYTES {
            let piece = tokio::time::timeout(SILENCE_MAX, self.response.chunk()).await;
            match piece {
                Err(_) => {
                    return Err(AdapterError::transient(format!(
                        "the answer stalled for {SILENCE_MAX:?}"
                    )));
                }
                Ok(Err(error)) => return Err(broken_off(&error)),
                Ok(Ok(None)) => return Ok(HttpChunk { bytes, last: true }),
                Ok(Ok(Some(piece))) => bytes.extend_from_slice(&piece),
            }
            self.limit(bytes.len())?;
        }
        self.read_bytes += bytes.len() as u64;
        Ok(HttpChunk { bytes, last: false })
    }

    fn limit(&self, pending: usize) -> Result<()> {
        if self.read_bytes + pending as u64 > BODY_BYTES_MAX {
            return Err(AdapterError::protocol(format!(
                "the answer is larger than {BODY_BYTES_MAX} bytes"
            )));
        }
        Ok(())
    }
}

fn broken_off(error: &reqwest::Error) -> AdapterError {
    if error.is_decode() {
        return AdapterError::protocol("the answer is cut off or not compressed as it says");
    }
    AdapterError::transient("the connection broke off in the middle of the answer")
}
