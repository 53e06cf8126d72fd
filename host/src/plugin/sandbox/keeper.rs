//! Keeps one worker running: starts it, speaks with it until it ends, and starts the next, or not.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use bestand_plugin_api::call::Port;
use metrics::counter;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::confine::Confinement;
use super::frame::{Frame, Kind};
use super::health::{End, Health, Phase};
use super::hello::Started;
use super::link::{Conversation, Link};
use super::process::Process;
use super::restarts::{Next, Restarts};
use super::{Image, Workers};
use crate::clock::Clock;
use crate::plugin::refusal::Refusal;

/// How long a worker may take until its library is loaded, which is in memory already and does no work for that.
const START_DEADLINE: Duration = Duration::from_secs(5);

/// What the keeper and the callers share.
pub(super) struct Shared {
    workers: Workers,
    image: Image,
    host: Arc<dyn Port>,
    clock: Clock,
    adapter: OnceLock<String>,
    /// Which worker it is by now.
    generation: AtomicU64,
    /// Locked only to look or note.
    now: Mutex<Now>,
    released: Notify,
}

struct Now {
    /// The way in, or why there is none.
    link: Result<Arc<Link>, String>,
    phase: Phase,
    pid: Option<u32>,
    restarts: u64,
    last_end: Option<End>,
    confinement: Confinement,
}

/// A worker that has loaded its library.
pub(super) struct Worker {
    process: Process,
    conversation: Conversation,
    began: Instant,
}

/// For as long as the sandbox lives.
pub(super) async fn keep(shared: Arc<Shared>, first: Worker) {
    let mut restarts = Restarts::default();
    let mut worker = Some(first);
    loop {
        let began = worker
            .as_ref()
            .map_or_else(Instant::now, |worker| worker.began);
        if let Some(worker) = worker.take() {
            let ended_by_us = worker.conversation.hold().await;
            let (why, stderr) = worker.process.end(ended_by_us).await;
            shared.ended(why, stderr);
        }
        match restarts.crashed(began, Instant::now(), rand::random()) {
            Next::After(wait) => tokio::time::sleep(wait).await,
            Next::Quarantine => {
                shared.quarantine();
                shared.released.notified().await;
                restarts.forget();
            }
        }
        match shared.begin().await {
            Ok(next) => worker = Some(next),
            Err(refusal) => shared.ended(refusal.reason, Vec::new()),
        }
    }
}

// === impl Shared ===

impl Shared {
    pub(super) fn new(workers: Workers, image: Image, host: Arc<dyn Port>, clock: Clock) -> Self {
        Self {
            workers,
            image,
            host,
            clock,
            adapter: OnceLock::new(),
            generation: AtomicU64::new(0),
            now: Mutex::new(Now {
                link: Err("the adapter's process has not started yet".into()),
                phase: Phase::Restarting,
                pid: None,
                restarts: 0,
                last_end: None,
                confinement: Confinement::default(),
            }),
            released: Notify::new(),
        }
    }

    /// Starts a worker and waits until its library is loaded.
    pub(super) async fn begin(&self) -> Result<Worker, Refusal> {
        let began = Instant::now();
        let started = Process::start(&self.workers, &self.image).and_then(|(process, socket)| {
            Ok((process, Conversation::new(socket, Arc::clone(&self.host))?))
        });
        let (process, (link, mut conversation)) = started.map_err(|error| {
            Refusal::new(format!(
                "no process for `{}`: {error}",
                self.image.path.display()
            ))
        })?;
        let first = tokio::time::timeout(START_DEADLINE, conversation.first()).await;
        let trouble = match first {
            Ok(Ok(frame)) => match read_started(&frame) {
                Ok(Started::Ready { confinement }) => {
                    self.came_up(link, process.pid(), confinement);
                    return Ok(Worker {
                        process,
                        conversation,
                        began,
                    });
                }
                Ok(Started::Refused(refusal)) => return Err(refusal),
                Err(why) => Some(why),
            },
            Ok(Err(_)) => None,
            Err(_) => Some(format!("it was not ready within {START_DEADLINE:?}")),
        };
        drop(conversation);
        let (why, stderr) = process.end(trouble).await;
        let last = stderr.last().map(|line| format!(" ({line})"));
        Err(Refusal::new(format!(
            "`{}` does not start: {why}{}",
            self.image.path.display(),
            last.unwrap_or_default()
        )))
    }

    pub(super) fn link(&self) -> Result<Arc<Link>, String> {
        self.lock().link.clone()
    }

    pub(super) fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    pub(super) fn name(&self, adapter: &str) {
        let _ = self.adapter.set(adapter.into());
    }

    pub(super) fn health(&self) -> Health {
        let now = self.lock();
        Health {
            phase: now.phase.clone(),
            trouble: now.link.as_ref().err().cloned(),
            pid: now.pid,
            restarts: now.restarts,
            last_end: now.last_end.clone(),
            confinement: now.confinement.clone(),
        }
    }

    pub(super) fn release(&self) {
        let mut now = self.lock();
        if now.phase == Phase::Quarantined {
            now.phase = Phase::Restarting;
            now.link = Err(format!(
                "adapter `{}` was released and is started anew",
                self.adapter()
            ));
            self.released.notify_one();
        }
    }

    fn came_up(&self, link: Arc<Link>, pid: Option<u32>, confinement: Confinement) {
        let restarts = self.generation.fetch_add(1, Ordering::AcqRel);
        let mut now = self.lock();
        now.link = Ok(link);
        now.phase = Phase::Running;
        now.pid = pid;
        now.restarts = restarts;
        now.confinement = confinement;
        drop(now);
        if restarts > 0 {
            counter!("bestand_adapter_restarts_total", "adapter" => self.adapter().to_owned())
                .increment(1);
            tracing::info!(
                adapter = self.adapter(),
                restarts,
                "an adapter was started anew"
            );
        }
    }

    fn ended(&self, why: String, stderr: Vec<String>) {
        let adapter = self.adapter();
        tracing::warn!(
            adapter,
            why,
            stderr = stderr.join(" | "),
            "the process of an adapter ended"
        );
        let mut now = self.lock();
        now.link = Err(format!(
            "the process of adapter `{adapter}` ended and is started anew: {why}"
        ));
        now.phase = Phase::Restarting;
        now.pid = None;
        now.last_end = Some(End {
            at: self.clock.now(),
            why,
            stderr,
        });
    }

    fn quarantine(&self) {
        let adapter = self.adapter();
        let mut now = self.lock();
        let last = now.last_end.as_ref().map_or("", |end| end.why.as_str());
        let why = format!(
            "adapter `{adapter}` is quarantined: its process ended five times within five minutes (last: {last}); \
             ask its publisher, then release it with `bestand reload`"
        );
        now.link = Err(why);
        now.phase = Phase::Quarantined;
        drop(now);
        tracing::error!(
            adapter,
            "an adapter is quarantined; `bestand reload` releases it"
        );
    }

    fn adapter(&self) -> &str {
        self.adapter.get().map_or("?", String::as_str)
    }

    fn lock(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn read_started(frame: &Frame) -> Result<Started, String> {
    match frame.kind {
        Kind::Started => Started::read(&frame.body).map_err(|error| error.to_string()),
        other => Err(format!("its first frame was {other:?}")),
    }
}
