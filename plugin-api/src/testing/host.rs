//! The host's side of the boundary, faked.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::Poll;
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::script::{Answer, Sent};
use crate::call::host::{
    HmacClaim, HmacVerify, HttpChunk, HttpHead, HttpRead, HttpSend, Log, LogRecord, Now, Sleep,
    StateCommit, StateGet, StateList,
};
use crate::call::{self, Method, Port, PortFuture, Request};
use crate::http::HttpRequest;
use crate::state::{
    BATCH_MAX, Entry, EntryRange, Expected, KEY_BYTES_MAX, VALUE_BYTES_MAX, Write, Written,
};
use crate::{AdapterError, Result, Timestamp};

/// A host that answers from a script. Cheap to clone; clones are the same host.
///
/// Answers are given in the order scripted, each to the next request whose `METHOD URL` begins with the text it was
/// scripted for; a request without one fails the call and says so.
#[derive(Clone, Debug, Default)]
pub struct FakeHost {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug, Default)]
struct Inner {
    script: Vec<(String, VecDeque<Answer>)>,
    sent: Vec<Sent>,
    bodies: HashMap<u64, (VecDeque<Vec<u8>>, bool)>,
    last_body: u64,
    state: BTreeMap<String, Entry>,
    last_version: u64,
    commits: usize,
    conflicts: usize,
    lost_answers: usize,
    interleaves: bool,
    now: Timestamp,
    secrets: HashMap<String, String>,
    logs: Vec<LogRecord>,
}

// === impl FakeHost ===

impl FakeHost {
    /// A host whose clock stands at `now`.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        let host = Self::default();
        host.lock().now = now;
        host
    }

    /// Scripts an answer for the next request whose `METHOD URL` begins with `line`.
    pub fn answer(&self, line: &str, answer: Answer) -> &Self {
        let mut inner = self.lock();
        match inner.script.iter_mut().find(|(known, _)| known == line) {
            Some((_, answers)) => answers.push_back(answer),
            None => inner.script.push((line.into(), VecDeque::from([answer]))),
        }
        drop(inner);
        self
    }

    /// Gives the connection a secret.
    pub fn secret(&self, name: &str, value: &str) -> &Self {
        self.lock().secrets.insert(name.into(), value.into());
        self
    }

    /// Moves the clock; sleeping adapters do so too.
    pub fn advance(&self, by: Duration) {
        let mut inner = self.lock();
        inner.now = inner.now.after(by);
    }

    /// Lets the next `count` commits fail as if somebody else had written in between.
    pub fn conflict(&self, count: usize) -> &Self {
        self.lock().conflicts = count;
        self
    }

    /// Loses the answers of the next `count` commits: they happen, but the adapter hears only of a failure.
    pub fn lose_commit_answers(&self, count: usize) -> &Self {
        self.lock().lost_answers = count;
        self
    }

    /// Answers every request one turn late from now on, so that calls under way at once get in each other's way.
    pub fn interleave(&self) -> &Self {
        self.lock().interleaves = true;
        self
    }

    /// What is stored, in order of the keys.
    #[must_use]
    pub fn state(&self) -> Vec<Entry> {
        self.lock().state.values().cloned().collect()
    }

    /// How many commits were done.
    #[must_use]
    pub fn commits(&self) -> usize {
        self.lock().commits
    }

    /// What was sent so far.
    #[must_use]
    pub fn sent(&self) -> Vec<Sent> {
        self.lock().sent.clone()
    }

    /// What was noted so far. Events of `tracing` arrive here only from a loaded library.
    #[must_use]
    pub fn logs(&self) -> Vec<LogRecord> {
        self.lock().logs.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner
            .lock()
            .expect("no holder of the fake host's lock panics")
    }
}

impl Port for FakeHost {
    fn call(&self, request: Vec<u8>) -> PortFuture {
        let host = self.clone();
        let mut waits = host.lock().interleaves && is_waited_for(&request);
        let serve =
            move || call::read_request(&request).and_then(|request| host.lock().serve(&request));
        if !waits {
            return Box::pin(std::future::ready(call::response(serve())));
        }
        Box::pin(std::future::poll_fn(move |task| {
            if std::mem::take(&mut waits) {
                task.waker().wake_by_ref();
                return Poll::Pending;
            }
            Poll::Ready(call::response(serve()))
        }))
    }
}

/// Nobody polls for the answer to a log record.
fn is_waited_for(request: &[u8]) -> bool {
    call::read_request(request).is_ok_and(|request| request.method != Log::NAME)
}

// === impl Inner ===

impl Inner {
    fn serve(&mut self, request: &Request<'_>) -> Result<Vec<u8>> {
        fn reply<M: Method>(
            params: &[u8],
            answer: impl FnOnce(M::Params) -> Result<M::Reply>,
        ) -> Result<Vec<u8>> {
            call::encode(&answer(call::decode::<M::Params>(params)?)?)
        }
        let params = request.params;
        match request.method {
            HttpSend::NAME => reply::<HttpSend>(params, |request| self.send(request)),
            HttpRead::NAME => reply::<HttpRead>(params, |body| self.read(body)),
            StateGet::NAME => reply::<StateGet>(params, |keys| {
                Ok(keys
                    .iter()
                    .map(|key| self.state.get(key).cloned())
                    .collect())
            }),
            StateList::NAME => reply::<StateList>(params, |range| Ok(self.list(&range))),
            StateCommit::NAME => reply::<StateCommit>(params, |writes| self.commit(writes)),
            Now::NAME => reply::<Now>(params, |()| Ok(self.now)),
            Sleep::NAME => reply::<Sleep>(params, |millis| {
                self.now = self.now.after(Duration::from_millis(millis));
                Ok(())
            }),
            Log::NAME => reply::<Log>(params, |record| {
                self.logs.push(record);
                Ok(())
            }),
            HmacVerify::NAME => reply::<HmacVerify>(params, |claim| self.verify(&claim)),
            unknown => Err(AdapterError::unsupported(format!(
                "this host has no `{unknown}`"
            ))),
        }
    }

    fn send(&mut self, request: HttpRequest) -> Result<HttpHead> {
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
        let head = answer.outcome?;
        self.last_body += 1;
        self.bodies
            .insert(self.last_body, (answer.body.into(), answer.breaks_off));
        let first = self.read(self.last_body)?;
        Ok(HttpHead {
            status: head.status,
            headers: head.headers,
            sent_at: self.now,
            first,
            body: self.last_body,
        })
    }

    fn read(&mut self, body: u64) -> Result<HttpChunk> {
        let Some((chunks, breaks_off)) = self.bodies.get_mut(&body) else {
            return Err(AdapterError::bug("no such body, or read beyond its end"));
        };
        let bytes = chunks.pop_front();
        let last = chunks.is_empty() && !*breaks_off;
        match bytes {
            None if *breaks_off => Err(AdapterError::transient("the connection broke off")),
            bytes => Ok(HttpChunk {
                bytes: bytes.unwrap_or_default(),
                last,
            }),
        }
    }

    fn list(&self, range: &EntryRange) -> Vec<Entry> {
        let prefix = range.prefix.as_str();
        let from = match range.after.as_deref() {
            Some(after) if after >= prefix => Bound::Excluded(after),
            _ => Bound::Included(prefix),
        };
        self.state
            .range::<str, _>((from, Bound::Unbounded))
            .map(|(_, entry)| entry)
            .take_while(|entry| entry.key.starts_with(prefix))
            .take(range.limit.min(BATCH_MAX))
            .cloned()
            .collect()
    }

    fn commit(&mut self, writes: Vec<Write>) -> Result<Written> {
        check_limits(&writes)?;
        if self.conflicts > 0 && !writes.is_empty() {
            self.conflicts -= 1;
            let key = writes[0].key.clone();
            return Ok(Written::Conflict { key });
        }
        let written = self.write(writes);
        self.commits += usize::from(written == Written::Done);
        if self.lost_answers > 0 {
            self.lost_answers -= 1;
            return Err(AdapterError::transient("the answer was lost"));
        }
        Ok(written)
    }

    fn write(&mut self, writes: Vec<Write>) -> Written {
        let broken =
            writes
                .iter()
                .find(|write| match (write.expected, self.state.get(&write.key)) {
                    (Expected::Any, _) | (Expected::Absent, None) => false,
                    (Expected::Version(version), Some(entry)) => entry.version != version,
                    _ => true,
                });
        if let Some(write) = broken {
            return Written::Conflict {
                key: write.key.clone(),
            };
        }
        for Write { key, value, .. } in writes {
            self.last_version += 1;
            match value {
                Some(value) => self.state.insert(
                    key.clone(),
                    Entry {
                        key,
                        value,
                        version: self.last_version,
                    },
                ),
                None => self.state.remove(&key),
            };
        }
        Written::Done
    }

    fn verify(&self, claim: &HmacClaim) -> Result<bool> {
        let secrets: Vec<_> = claim
            .secrets
            .iter()
            .filter_map(|name| self.secrets.get(name))
            .collect();
        if secrets.is_empty() {
            return Err(AdapterError::config(
                claim.secrets.join(", "),
                "the secret is not set",
            ));
        }
        Ok(secrets.into_iter().any(|secret| {
            let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes())
                .expect("HMAC takes keys of any length");
            mac.update(&claim.data);
            mac.verify_slice(&claim.signature).is_ok()
        }))
    }
}

fn check_limits(writes: &[Write]) -> Result<()> {
    if writes.len() > BATCH_MAX {
        let message = format!("a commit of {} writes, more than {BATCH_MAX}", writes.len());
        return Err(AdapterError::bug(message));
    }
    for Write { key, value, .. } in writes {
        let value_bytes = value.as_ref().map_or(0, Vec::len);
        if key.len() > KEY_BYTES_MAX || value_bytes > VALUE_BYTES_MAX {
            return Err(AdapterError::bug(format!(
                "`{key}` or its value is too long"
            )));
        }
    }
    Ok(())
}
