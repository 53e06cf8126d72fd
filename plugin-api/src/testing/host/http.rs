//! What was scripted and sent, and the bodies that are being read.

use std::collections::{BTreeMap, VecDeque};

use crate::call::host::{HttpChunk, HttpHead};
use crate::http::{BODY_CHUNK_BYTES, GATHERED_BODY_BYTES_MAX, HttpRequest, OPEN_BODIES_MAX};
use crate::testing::Answer;
use crate::testing::script::{Ending, Sent};
use crate::{AdapterError, Result, Timestamp};

/// An endless body is broken off here: twice what an adapter may gather.
const ENDLESS_BODY_BYTES: usize = 2 * GATHERED_BODY_BYTES_MAX;

#[derive(Debug, Default)]
pub(super) struct Traffic {
    script: Vec<(String, VecDeque<Answer>)>,
    sent: Vec<Sent>,
    /// By the call they belong to and their number.
    bodies: BTreeMap<(u64, u64), Body>,
    last_body: u64,
}

#[derive(Debug)]
struct Body {
    chunks: VecDeque<Vec<u8>>,
    ending: Ending,
    given_bytes: usize,
}

// === impl Traffic ===

impl Traffic {
    pub(super) fn script(&mut self, line: &str, answer: Answer) {
        match self.script.iter_mut().find(|(known, _)| known == line) {
            Some((_, answers)) => answers.push_back(answer),
            None => self.script.push((line.into(), VecDeque::from([answer]))),
        }
    }

    pub(super) fn sent(&self) -> Vec<Sent> {
        self.sent.clone()
    }

    /// Notes a request, and takes the answer that was scripted for it.
    pub(super) fn note(&mut self, request: HttpRequest, at: Timestamp) -> Option<Answer> {
        let sent = Sent { request, at };
        let line = sent.line();
        self.sent.push(sent);
        let mut script = self.script.iter_mut();
        let (_, answers) = script
            .find(|(known, answers)| line.starts_with(known.as_str()) && !answers.is_empty())?;
        answers.pop_front()
    }

    pub(super) fn begin(&mut self, call: u64, answer: Answer, now: Timestamp) -> Result<HttpHead> {
        let Answer {
            outcome,
            body,
            ending,
        } = answer;
        let head = outcome?;
        let (body, first) = self.open(call, Body::new(&body, ending))?;
        Ok(HttpHead {
            status: head.status,
            headers: head.headers,
            sent_at: now,
            first,
            body,
        })
    }

    pub(super) fn read(&mut self, call: u64, number: u64) -> Result<HttpChunk> {
        let Some(mut body) = self.bodies.remove(&(call, number)) else {
            return Err(AdapterError::bug("no such body, or read beyond its end"));
        };
        let chunk = body.chunk()?;
        if !chunk.last {
            self.bodies.insert((call, number), body);
        }
        Ok(chunk)
    }

    /// What a call has not read is closed with it.
    pub(super) fn close(&mut self, call: u64) {
        self.bodies.retain(|(owner, _), _| *owner != call);
    }

    fn open(&mut self, call: u64, mut body: Body) -> Result<(u64, HttpChunk)> {
        let first = body.chunk()?;
        if first.last {
            return Ok((0, first));
        }
        let open = self.bodies.keys().filter(|(owner, _)| *owner == call);
        if open.count() >= OPEN_BODIES_MAX {
            return Err(AdapterError::bug(format!(
                "more than {OPEN_BODIES_MAX} bodies are open in one call"
            )));
        }
        self.last_body += 1;
        self.bodies.insert((call, self.last_body), body);
        Ok((self.last_body, first))
    }
}

// === impl Body ===

impl Body {
    /// No chunk is larger than the daemon's; the script may make them smaller.
    fn new(scripted: &[Vec<u8>], ending: Ending) -> Self {
        let pieces = scripted
            .iter()
            .flat_map(|piece| piece.chunks(BODY_CHUNK_BYTES));
        Self {
            chunks: pieces.map(<[u8]>::to_vec).collect(),
            ending,
            given_bytes: 0,
        }
    }

    fn chunk(&mut self) -> Result<HttpChunk> {
        let bytes = self.chunks.pop_front();
        let Some(bytes) = bytes else {
            return self.end();
        };
        self.given_bytes += bytes.len();
        if self.ending == Ending::Never {
            self.chunks.push_back(bytes.clone());
        }
        if self.given_bytes > ENDLESS_BODY_BYTES {
            return Err(AdapterError::transient("the body did not end in time"));
        }
        Ok(HttpChunk {
            bytes,
            last: self.chunks.is_empty() && self.ending == Ending::Whole,
        })
    }

    fn end(&self) -> Result<HttpChunk> {
        match self.ending {
            Ending::Whole | Ending::Never => Ok(HttpChunk {
                bytes: Vec::new(),
                last: true,
            }),
            Ending::BreaksOff => Err(AdapterError::transient("the connection broke off")),
            Ending::Stalls => Err(AdapterError::transient("nothing of the body came for 30 s")),
        }
    }
}
