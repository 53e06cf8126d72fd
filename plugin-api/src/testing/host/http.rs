//! The upstream that the script describes, and the bodies that are being read.

use std::collections::{BTreeMap, VecDeque};

use crate::call::host::{HttpChunk, HttpHead};
use crate::http::{BODY_CHUNK_BYTES, HttpRequest, OPEN_BODIES_MAX};
use crate::testing::{Answer, Sent};
use crate::{AdapterError, Result, Timestamp};

#[derive(Debug, Default)]
pub(super) struct Upstream {
    script: Vec<(String, VecDeque<Answer>)>,
    sent: Vec<Sent>,
    /// By the call they belong to and their number.
    bodies: BTreeMap<(u64, u64), Body>,
    last_body: u64,
}

#[derive(Debug)]
struct Body {
    chunks: VecDeque<Vec<u8>>,
    breaks_off: bool,
}

// === impl Upstream ===

impl Upstream {
    pub(super) fn script(&mut self, line: &str, answer: Answer) {
        match self.script.iter_mut().find(|(known, _)| known == line) {
            Some((_, answers)) => answers.push_back(answer),
            None => self.script.push((line.into(), VecDeque::from([answer]))),
        }
    }

    pub(super) fn sent(&self) -> Vec<Sent> {
        self.sent.clone()
    }

    pub(super) fn send(
        &mut self,
        call: u64,
        request: HttpRequest,
        now: Timestamp,
    ) -> Result<HttpHead> {
        let sent = Sent { request };
        let line = sent.line();
        self.sent.push(sent);
        let answers = self
            .script
            .iter_mut()
            .find(|(known, answers)| line.starts_with(known.as_str()) && !answers.is_empty());
        let Some(answer) = answers.and_then(|(_, answers)| answers.pop_front()) else {
            return Err(AdapterError::bug(format!(
                "no answer is scripted for `{line}`"
            )));
        };
        let Answer {
            outcome,
            body,
            breaks_off,
        } = answer;
        let head = outcome?;
        let (body, first) = self.open(call, Body::new(&body, breaks_off))?;
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
    fn new(scripted: &[Vec<u8>], breaks_off: bool) -> Self {
        let pieces = scripted
            .iter()
            .flat_map(|piece| piece.chunks(BODY_CHUNK_BYTES));
        Self {
            chunks: pieces.map(<[u8]>::to_vec).collect(),
            breaks_off,
        }
    }

    fn chunk(&mut self) -> Result<HttpChunk> {
        let bytes = self.chunks.pop_front();
        if bytes.is_none() && self.breaks_off {
            return Err(AdapterError::transient("the connection broke off"));
        }
        Ok(HttpChunk {
            bytes: bytes.unwrap_or_default(),
            last: self.chunks.is_empty() && !self.breaks_off,
        })
    }
}
