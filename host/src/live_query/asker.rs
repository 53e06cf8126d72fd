//! Asks one connection's adapter: one call at a time gathers what was asked meanwhile, and nobody asks twice.

use std::collections::{BTreeSet, HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use bestand_plugin_api::{LocationId, Sku, SkuError, SkuErrorKind};
use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use tokio::sync::{mpsc, oneshot};

use super::Said;
use crate::clock::Clock;
use crate::connection::reason::Reason;
use crate::id::SourceId;
use crate::plugin::{Priority, Session};
use crate::source::InventorySource;
use crate::stock::{Cause, CauseKind, StockBook};
use crate::store::Db;
use crate::sync::places::Places;
use crate::sync::{SyncError, Work};
use crate::verdict::unanswered::Unanswered;

/// Questions that may wait for one connection; whoever comes later waits at the door, within its own deadline.
const QUESTIONS_MAX: usize = 4_096;
/// Calls under way at once to one connection: enough to hide latency, few enough to leave a system in peace.
const CALLS_MAX: usize = 4;
/// What the contract promises an adapter for one call, however impatient whoever asks is: what comes late is stored.
const CALL_AT_LEAST: Duration = Duration::from_secs(2);

/// The way to one connection's asker. Cheap to clone.
#[derive(Clone)]
pub(super) struct Asker(mpsc::Sender<Question>);

/// What somebody wants to know, and where to tell it.
pub(super) struct Question {
    pub(super) session: Arc<Session>,
    pub(super) source: InventorySource,
    pub(super) skus: Vec<Sku>,
    /// How long whoever asks waits.
    pub(super) deadline: Duration,
    pub(super) answer: oneshot::Sender<Result<Said, Unanswered>>,
}

/// How to ask about a source.
#[derive(Clone)]
struct Way {
    session: Arc<Session>,
    source: InventorySource,
    deadline: Duration,
}

/// What is wanted of one source.
struct Wanted {
    /// That of the last question about it.
    way: Way,
    skus: BTreeSet<Sku>,
}

/// A question, and what is still missing of its answer.
struct Waiting {
    missing: HashSet<Sku>,
    way: Way,
    /// When it came, in the desk's own counting.
    turn: u64,
    said: Said,
    answer: oneshot::Sender<Result<Said, Unanswered>>,
}

/// One call: what it asked, and what came back.
struct Answered {
    /// When it began, in the desk's own counting.
    turn: u64,
    source: SourceId,
    skus: Vec<Sku>,
    outcome: Result<Vec<SkuError>, Unanswered>,
}

/// The asker's own state; only its task touches it.
struct Desk {
    db: Db,
    book: StockBook,
    clock: Clock,
    waiting: Vec<Waiting>,
    /// Asked for, and not yet in a call; each source once, whose turn is next first.
    wanted: VecDeque<Wanted>,
    asked: HashSet<(SourceId, Sku)>,
    /// Counts questions and calls, to tell which came first.
    turn: u64,
    calls: FuturesUnordered<BoxFuture<'static, Answered>>,
}

// === impl Asker ===

impl Asker {
    pub(super) fn start(db: Db, book: StockBook, clock: Clock) -> Self {
        let (questions, inbox) = mpsc::channel(QUESTIONS_MAX);
        let desk = Desk {
            db,
            book,
            clock,
            waiting: Vec::new(),
            wanted: VecDeque::new(),
            asked: HashSet::new(),
            turn: 0,
            calls: FuturesUnordered::new(),
        };
        tokio::spawn(desk.run(inbox));
        Self(questions)
    }

    pub(super) async fn ask(&self, question: Question) {
        // A closed inbox drops the question, and its answer says so.
        let _ = self.0.send(question).await;
    }
}

// === impl Desk ===

impl Desk {
    async fn run(mut self, mut inbox: mpsc::Receiver<Question>) {
        loop {
            tokio::select! {
                Some(answered) = self.calls.next() => self.tell(answered),
                question = inbox.recv() => match question {
                    Some(question) => self.take(question),
                    None => return,
                },
            }
            while let Ok(question) = inbox.try_recv() {
                self.take(question);
            }
            self.forget_who_gave_up();
            self.call();
        }
    }

    fn take(&mut self, question: Question) {
        let Question {
            session,
            source,
            skus,
            deadline,
            answer,
        } = question;
        self.turn += 1;
        let way = Way {
            session,
            source,
            deadline,
        };
        let missing: HashSet<Sku> = skus.into_iter().collect();
        self.want(&way, missing.iter());
        let (said, turn) = (Said::default(), self.turn);
        self.waiting.push(Waiting {
            missing,
            way,
            turn,
            said,
            answer,
        });
    }

    /// Nobody who gave up is waited for, and nothing is asked that only they wanted to know.
    fn forget_who_gave_up(&mut self) {
        let before = self.waiting.len();
        self.waiting.retain(|waiting| !waiting.answer.is_closed());
        if self.waiting.len() == before {
            return;
        }
        let mut missing: HashSet<(SourceId, &Sku)> = HashSet::new();
        for waiting in &self.waiting {
            let source = waiting.way.source.id;
            missing.extend(waiting.missing.iter().map(|sku| (source, sku)));
        }
        for Wanted { way, skus } in &mut self.wanted {
            skus.retain(|sku| missing.contains(&(way.source.id, sku)));
        }
        self.wanted.retain(|wanted| !wanted.skus.is_empty());
    }

    /// Asks for these with one of the next calls, unless a call that is under way asks for them.
    fn want<'a>(&mut self, way: &Way, skus: impl Iterator<Item = &'a Sku>) {
        let source = way.source.id;
        let new = skus.filter(|sku| !self.asked.contains(&(source, (*sku).clone())));
        let new: BTreeSet<Sku> = new.cloned().collect();
        let mut wanted = self.wanted.iter_mut();
        match wanted.find(|wanted| wanted.way.source.id == source) {
            Some(wanted) => {
                wanted.way = way.clone();
                wanted.skus.extend(new);
            }
            None if new.is_empty() => {}
            None => self.wanted.push_back(Wanted {
                way: way.clone(),
                skus: new,
            }),
        }
    }

    /// Starts calls for what is wanted, as many as may be under way. A source with more than one call can ask for goes
    /// to the end of the line.
    fn call(&mut self) {
        while self.calls.len() < CALLS_MAX {
            let Some(Wanted {
                way,
                skus: mut rest,
            }) = self.wanted.pop_front()
            else {
                return;
            };
            let batch = way.session.adapter().manifest().by_sku_batch();
            let batch = batch.unwrap_or(1).max(1);
            let skus: Vec<Sku> = rest.iter().take(batch).cloned().collect();
            rest.retain(|sku| !skus.contains(sku));
            let source = way.source.id;
            self.asked
                .extend(skus.iter().map(|sku| (source, sku.clone())));
            if !rest.is_empty() {
                self.wanted.push_back(Wanted {
                    way: way.clone(),
                    skus: rest,
                });
            }
            self.turn += 1;
            let turn = self.turn;
            let (db, book, clock) = (self.db.clone(), self.book.clone(), self.clock.clone());
            self.calls.push(Box::pin(async move {
                let outcome = ask(&db, &book, &clock, way, &skus).await;
                Answered {
                    turn,
                    source,
                    skus,
                    outcome,
                }
            }));
        }
    }

    fn tell(&mut self, answered: Answered) {
        for sku in &answered.skus {
            self.asked.remove(&(answered.source, sku.clone()));
        }
        let mut again = Vec::new();
        for waiting in self
            .waiting
            .iter_mut()
            .filter(|waiting| waiting.way.source.id == answered.source)
        {
            // Whoever joined a call that was about to fail gets one of its own.
            if answered.outcome.is_err() && waiting.turn > answered.turn {
                again.push((waiting.way.clone(), waiting.missing.clone()));
            } else {
                waiting.hear(&answered.skus, &answered.outcome);
            }
        }
        for (way, skus) in again {
            self.want(&way, skus.iter());
        }
        let done = self
            .waiting
            .extract_if(.., |waiting| waiting.missing.is_empty());
        for Waiting { said, answer, .. } in done {
            let _ = answer.send(Ok(said));
        }
    }
}

// === impl Waiting ===

impl Waiting {
    fn hear(&mut self, skus: &[Sku], outcome: &Result<Vec<SkuError>, Unanswered>) {
        let system = &self.way.session.adapter().manifest().name;
        for sku in skus.iter().filter(|sku| self.missing.remove(*sku)) {
            match outcome {
                Ok(errors) => {
                    if let Some(error) = errors.iter().find(|error| error.sku == *sku) {
                        self.said.note(system, error);
                    }
                }
                Err(trouble) => self.said.trouble = Some(trouble.clone()),
            }
        }
    }
}

impl Said {
    /// What the system says of an article instead of its level.
    fn note(&mut self, system: &str, error: &SkuError) {
        let sku = error.sku.clone();
        match error.kind {
            SkuErrorKind::NotFound => self.unknown.push(sku),
            _ => {
                let (system, said) = (system.to_owned(), error.message.clone());
                self.failed
                    .push((sku, Unanswered::Article { system, said }));
            }
        }
    }
}

/// One call; answers what the system says of SKUs it has no level for.
async fn ask(
    db: &Db,
    book: &StockBook,
    clock: &Clock,
    way: Way,
    skus: &[Sku],
) -> Result<Vec<SkuError>, Unanswered> {
    let Way {
        session,
        source,
        deadline,
    } = way;
    let system = session.adapter().manifest().name.clone();
    let location: LocationId = source.location_id.clone();
    let places = Places::new(vec![source]);
    let work = Work {
        db,
        book,
        clock,
        session,
        places,
        progress: &|_| {},
    };
    let (locations, deadline) = ([location], deadline.max(CALL_AT_LEAST));
    let cause = Cause::of(CauseKind::Live);
    let errors = work
        .by_sku_within(&cause, Priority::Order, skus, &locations, deadline)
        .await;
    errors.map_err(|error| {
        Unanswered::Call(match error {
            SyncError::Adapter(error) => Reason::Failed { system, error },
            error @ SyncError::Store(_) => Reason::Store {
                said: error.to_string(),
            },
        })
    })
}
