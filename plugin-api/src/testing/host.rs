//! The host's side of the boundary, faked.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::Poll;
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;

use super::script::{Answer, Sent};
use super::{Credentials, FakeSource, Upstream};
use crate::call::host::{
    HmacClaim, HmacVerify, HttpRead, HttpSend, Log, LogRecord, Now, Sleep, SourcesLevels,
    SourcesList, SourcesSkus, StateCommit, StateGet, StateList,
};
use crate::call::{self, Method, Port, PortFuture, Request};
use crate::http::{Auth, HttpRequest};
use crate::state::Entry;
use crate::{AdapterError, Manifest, Result, SourceId, Timestamp};

mod http;
mod outbound;
mod sources;
mod state;

use http::Traffic;
use outbound::Rules;
use sources::Sources;
use state::Store;

/// Longest single sleep, as in the daemon.
const SLEEP_MAX: Duration = Duration::from_secs(600);

/// A host that answers from a script. Cheap to clone; clones are the same host.
///
/// Answers are given in the order scripted, each to the next request whose `METHOD URL` begins with the text it was
/// scripted for. A request without one is answered by the [`Upstream`] behind the host, such as a
/// [cassette](super::Cassette); without that, it fails the call and says so.
///
/// Once a [`Connection`](super::Connection) is opened on it, it refuses what the daemon would refuse: hosts, buckets
/// and secrets that the manifest does not name, plain `http` and private addresses unless
/// [allowed](Self::allow_private_network), and whatever is asked after the call has ended. Limits of
/// [state](crate::state) and of messages hold in any case. A secret that the manifest declares counts as given.
#[derive(Clone, Default)]
pub struct FakeHost {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Default)]
struct Inner {
    traffic: Traffic,
    upstream: Option<Arc<dyn Upstream>>,
    store: Store,
    sources: Sources,
    /// What the manifest allows; nothing is checked before a connection is opened.
    rules: Option<Rules>,
    allows_private: bool,
    /// The calls of the connection that are under way.
    serving: BTreeSet<u64>,
    last_call: u64,
    interleaves: bool,
    now: Timestamp,
    credentials: Credentials,
    logs: Vec<LogRecord>,
}

/// Ends a call's services when dropped.
pub(super) struct Serving {
    host: FakeHost,
    pub(super) call: u64,
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
        self.lock().traffic.script(line, answer);
        self
    }

    /// Gives the connection a secret; needed only for [`Ctx::hmac_verify`](crate::Ctx::hmac_verify).
    pub fn secret(&self, name: &str, value: &str) -> &Self {
        let mut inner = self.lock();
        inner.credentials = inner.credentials.clone().with(name, value);
        drop(inner);
        self
    }

    /// Gives the connection these secrets, instead of those it had.
    pub fn credentials(&self, credentials: Credentials) -> &Self {
        self.lock().credentials = credentials;
        self
    }

    /// Puts another inventory source of the account in place of the one with its id. Only an adapter with
    /// [`SourceReads`](crate::SourceReads) may read it, when its settings name it.
    pub fn source(&self, source: FakeSource) -> &Self {
        self.lock().sources.put(source);
        self
    }

    /// Removes another inventory source of the account.
    pub fn remove_source(&self, id: &str) -> &Self {
        self.lock().sources.remove(&SourceId(id.into()));
        self
    }

    /// Answers from `upstream` what is not scripted.
    pub fn upstream(&self, upstream: Arc<dyn Upstream>) -> &Self {
        self.lock().upstream = Some(upstream);
        self
    }

    /// Allows private addresses and plain `http`, as an operator may with `allow_private_network = true`.
    pub fn allow_private_network(&self) -> &Self {
        self.lock().allows_private = true;
        self
    }

    /// Moves the clock; sleeping adapters do so too.
    pub fn advance(&self, by: Duration) {
        let mut inner = self.lock();
        inner.now = inner.now.after(by);
    }

    /// Lets time pass, on the upstream's own clock too where it has one.
    pub(crate) async fn pass_time(&self, duration: Duration) {
        let upstream = self.lock().upstream.clone();
        if let Some(upstream) = upstream {
            upstream.wait(duration).await;
        }
        self.advance(duration);
    }

    /// Numbers calls from here on, so that those of several hosts behind one adapter differ.
    #[cfg(feature = "conformance")]
    pub(crate) fn count_calls_from(&self, first: u64) {
        self.lock().last_call = first;
    }

    /// From now on, only what this manifest allows a connection with these settings, at any address.
    #[cfg(feature = "conformance")]
    pub(crate) fn allow(&self, manifest: &Manifest, settings: &Value) {
        self.allow_private_network();
        self.restrict(manifest, settings);
    }

    /// Sets the clock, also back.
    pub fn set_now(&self, now: Timestamp) {
        self.lock().now = now;
    }

    /// What its clock says.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.lock().now
    }

    /// Lets the next `count` commits fail as if somebody else had written in between.
    pub fn conflict(&self, count: usize) -> &Self {
        self.lock().store.conflicts = count;
        self
    }

    /// Loses the answers of the next `count` commits: they happen, but the adapter hears only of a failure.
    pub fn lose_commit_answers(&self, count: usize) -> &Self {
        self.lock().store.lost_answers = count;
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
        self.lock().store.entries()
    }

    /// Writes to what the adapter keeps, behind its back: what its own damage looks like. Expectations are heeded.
    pub fn write_state(&self, writes: Vec<crate::state::Write>) {
        let written = self.lock().store.commit(writes);
        assert_eq!(
            written,
            Ok(crate::state::Written::Done),
            "the state was not written"
        );
    }

    /// How many commits were done.
    #[must_use]
    pub fn commits(&self) -> usize {
        self.lock().store.commits
    }

    /// What was sent so far.
    #[must_use]
    pub fn sent(&self) -> Vec<Sent> {
        self.lock().traffic.sent()
    }

    /// What was noted so far. Events of `tracing` arrive here only from a loaded library.
    #[must_use]
    pub fn logs(&self) -> Vec<LogRecord> {
        self.lock().logs.clone()
    }

    /// From now on, only what this manifest allows a connection with these settings.
    pub(super) fn restrict(&self, manifest: &Manifest, settings: &Value) {
        let named = manifest.named_sources(settings).into_iter();
        let named = named.map(|(_, id)| id).collect();
        let mut inner = self.lock();
        inner.rules = Some(Rules::new(manifest, settings));
        inner
            .sources
            .restrict(manifest.reads_sources().then_some(named));
    }

    /// A call begins; its services end with the result.
    pub(super) fn begin(&self) -> Serving {
        let mut inner = self.lock();
        inner.last_call += 1;
        let call = inner.last_call;
        inner.serving.insert(call);
        drop(inner);
        Serving {
            host: self.clone(),
            call,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner
            .lock()
            .expect("no holder of the fake host's lock panics")
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let mut inner = self.host.lock();
        inner.serving.remove(&self.call);
        inner.traffic.close(self.call);
    }
}

impl Port for FakeHost {
    fn call(&self, request: Vec<u8>) -> PortFuture {
        let host = self.clone();
        let mut waits = host.lock().interleaves && is_waited_for(&request);
        if !waits && !host.is_slow(&request) {
            return Box::pin(std::future::ready(host.serve(&request)));
        }
        Box::pin(async move {
            std::future::poll_fn(|task| {
                if std::mem::take(&mut waits) {
                    task.waker().wake_by_ref();
                    return Poll::Pending;
                }
                Poll::Ready(())
            })
            .await;
            host.serve_slowly(&request).await
        })
    }
}

impl FakeHost {
    /// Whether an upstream has a part in the answer. All else is done at the call itself: nobody polls for a log.
    fn is_slow(&self, request: &[u8]) -> bool {
        let asks = |request: Request<'_>| [HttpSend::NAME, Sleep::NAME].contains(&request.method);
        self.lock().upstream.is_some() && call::read_request(request).is_ok_and(asks)
    }

    fn serve(&self, request: &[u8]) -> Vec<u8> {
        let served = call::read_request(request).and_then(|request| self.lock().serve(&request));
        call::response(served)
    }

    /// The same, where an upstream may have to be asked.
    async fn serve_slowly(&self, request: &[u8]) -> Vec<u8> {
        let served = match call::read_request(request) {
            Ok(request) if request.method == HttpSend::NAME => self.send(&request).await,
            Ok(request) if request.method == Sleep::NAME => self.sleep(&request).await,
            Ok(request) => self.lock().serve(&request),
            Err(error) => Err(error),
        };
        call::response(served)
    }

    async fn send(&self, request: &Request<'_>) -> Result<Vec<u8>> {
        let http: HttpRequest = call::decode(request.params)?;
        let (scripted, upstream, credentials, sent_at) = {
            let mut inner = self.lock();
            inner.expect_call(request)?;
            let scripted = inner.admit(http.clone())?;
            (
                scripted,
                inner.upstream.clone(),
                inner.credentials.clone(),
                inner.now,
            )
        };
        let answer = match (scripted, upstream) {
            (Some(answer), _) => answer,
            (None, Some(upstream)) => upstream.send(&http, &credentials).await,
            (None, None) => return Err(unscripted(&http)),
        };
        let head = self.lock().traffic.begin(request.call, answer, sent_at)?;
        call::encode(&head)
    }

    async fn sleep(&self, request: &Request<'_>) -> Result<Vec<u8>> {
        let upstream = self.lock().upstream.clone();
        if let Some(upstream) = upstream {
            let millis: u64 = call::decode(request.params)?;
            upstream
                .wait(Duration::from_millis(millis).min(SLEEP_MAX))
                .await;
        }
        self.lock().serve(request)
    }
}

impl std::fmt::Debug for FakeHost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let inner = self.lock();
        f.debug_struct("FakeHost")
            .field("now", &inner.now)
            .field("traffic", &inner.traffic)
            .field("store", &inner.store)
            .field("logs", &inner.logs)
            .finish_non_exhaustive()
    }
}

fn unscripted(request: &HttpRequest) -> AdapterError {
    AdapterError::bug(format!(
        "no answer is scripted for `{} {}`",
        request.method, request.url
    ))
}

fn lacks_secret(name: &str) -> AdapterError {
    AdapterError::config(
        name,
        format!("the connection has no secret `{name}`; add it"),
    )
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
        self.expect_call(request)?;
        let (params, call) = (request.params, request.call);
        match request.method {
            HttpSend::NAME => reply::<HttpSend>(params, |request| {
                let answer = self.admit(request.clone())?;
                let answer = answer.ok_or_else(|| unscripted(&request))?;
                self.traffic.begin(call, answer, self.now)
            }),
            HttpRead::NAME => reply::<HttpRead>(params, |body| self.traffic.read(call, body)),
            StateGet::NAME => reply::<StateGet>(params, |keys| self.store.get(&keys)),
            StateList::NAME => reply::<StateList>(params, |range| Ok(self.store.list(&range))),
            StateCommit::NAME => reply::<StateCommit>(params, |writes| self.store.commit(writes)),
            SourcesList::NAME => reply::<SourcesList>(params, |()| self.sources.list()),
            SourcesLevels::NAME => {
                reply::<SourcesLevels>(params, |query| self.sources.levels(&query, self.now))
            }
            SourcesSkus::NAME => reply::<SourcesSkus>(params, |page| self.sources.skus(&page)),
            Now::NAME => reply::<Now>(params, |()| Ok(self.now)),
            Sleep::NAME => reply::<Sleep>(params, |millis| {
                self.now = self.now.after(Duration::from_millis(millis).min(SLEEP_MAX));
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

    /// Lets a request out, or says why not; the answer is there when it was scripted.
    fn admit(&mut self, request: HttpRequest) -> Result<Option<Answer>> {
        if let Some(rules) = &self.rules {
            rules.check(&request, self.allows_private)?;
        }
        self.expect_secrets(&request.auth)?;
        Ok(self.traffic.note(request, self.now))
    }

    fn expect_secrets(&self, auth: &Auth) -> Result<()> {
        match self.credentials.missing_for(auth) {
            Some(name) => Err(lacks_secret(name)),
            None => Ok(()),
        }
    }

    /// Only a call that is under way is served, once a connection says which those are.
    fn expect_call(&self, request: &Request<'_>) -> Result<()> {
        let is_known = self.rules.is_none() || self.serving.contains(&request.call);
        match is_known || request.method == Log::NAME {
            true => Ok(()),
            false => Err(AdapterError::bug(
                "a host service was asked for outside any call; do not keep a `Ctx`",
            )),
        }
    }

    fn verify(&self, claim: &HmacClaim) -> Result<bool> {
        if let Some(rules) = &self.rules {
            claim
                .secrets
                .iter()
                .try_for_each(|name| rules.secret(name))?;
        }
        let names = claim.secrets.iter();
        let secrets: Vec<_> = names
            .filter_map(|name| self.credentials.value(name))
            .collect();
        if secrets.is_empty() {
            return Err(lacks_secret(&claim.secrets.join("`, `")));
        }
        Ok(secrets.into_iter().any(|secret| {
            let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes())
                .expect("HMAC takes keys of any length");
            mac.update(&claim.data);
            mac.verify_slice(&claim.signature).is_ok()
        }))
    }
}
