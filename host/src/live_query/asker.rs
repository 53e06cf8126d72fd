//! Asks one connection's adapter: one call at a time gathers what was asked meanwhile, and nobody asks twice.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use bestand_plugin_api::{LocationId, Sku, SkuErrorKind};
use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use tokio::sync::{mpsc, oneshot};

use super::{Said, Trouble};
use crate::clock::Clock;
use crate::id::SourceId;
use crate::plugin::{Priority, Session};
use crate::source::InventorySource;
use crate::stock::{CauseKind, StockBook};
use crate::store::Db;
use crate::sync::Work;
use crate::sync::places::Places;

/// Questions that may wait for one connection; whoever comes later waits at the door, within its own deadline.
const QUESTIONS_MAX: usize = 4_096;
/// Calls under way at once to one connection: enough to hide latency, few enough to leave a system in peace.
const CALLS_MAX: usize = 4;

/// The way to one connection's asker. Cheap to clone.
#[derive(Clone)]
pub(super) struct Asker(mpsc::Sender<Question>);

/// What somebody wants to know, and where to tell it.
pub(super) struct Question {
    pub(super) session: Arc<Session>,
    pub(super) source: InventorySource,
    pub(super) skus: Vec<Sku>,
    pub(super) answer: oneshot::Sender<Result<Said, Trouble>>,
}

/// A question, and what is still missing of its answer.
struct Waiting {
    missing: HashSet<Sku>,
    session: Arc<Session>,
    source: InventorySource,
    /// When it came, in the desk's own counting.
    turn: u64,
    said: Said,
    answer: oneshot::Sender<Result<Said, Trouble>>,
}

/// One call: what it asked, and what came back.
struct Answered {
    /// When it began, in the desk's own counting.
    turn: u64,
    source: SourceId,
    skus: Vec<Sku>,
    outcome: Result<Vec<Sku>, Trouble>,
}

/// The asker's own state; only its task touches it.
struct Desk {
    db: Db,
    book: StockBook,
    clock: Clock,
    waiting: Vec<Waiting>,
    /// Asked for, and not yet in a call. The session and source are those of the last question about it.
    wanted: BTreeMap<SourceId, (Arc<Session>, InventorySource, BTreeSet<Sku>)>,
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
            wanted: BTreeMap::new(),
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
            // Whoever gave up must not be waited for.
            self.waiting.retain(|waiting| !waiting.answer.is_closed());
            self.call();
        }
    }

    fn take(&mut self, question: Question) {
        let Question {
            session,
            source,
            skus,
            answer,
        } = question;
        self.turn += 1;
        let missing: HashSet<Sku> = skus.into_iter().collect();
        self.want(&session, &source, missing.iter());
        let (said, turn) = (Said::default(), self.turn);
        self.waiting.push(Waiting {
            missing,
            session,
            source,
            turn,
            said,
            answer,
        });
    }

    /// Asks for these with one of the next calls, unless a call that is under way asks for them.
    fn want<'a>(
        &mut self,
        session: &Arc<Session>,
        source: &InventorySource,
        skus: impl Iterator<Item = &'a Sku>,
    ) {
        let new: Vec<Sku> = skus
            .filter(|sku| !self.asked.contains(&(source.id, (*sku).clone())))
            .cloned()
            .collect();
        let fresh = || (Arc::clone(session), source.clone(), BTreeSet::new());
        let (_, _, wanted) = self.wanted.entry(source.id).or_insert_with(fresh);
        wanted.extend(new);
    }

    /// Starts calls for what is wanted, as many as may be under way.
    fn call(&mut self) {
        while self.calls.len() < CALLS_MAX {
            let Some((source, (session, place, mut wanted))) = self.wanted.pop_first() else {
                return;
            };
            let batch = session
                .adapter()
                .manifest()
                .by_sku_batch()
                .unwrap_or(1)
                .max(1);
            let skus: Vec<Sku> = wanted.iter().take(batch).cloned().collect();
            if skus.is_empty() {
                continue;
            }
            wanted.retain(|sku| !skus.contains(sku));
            self.asked
                .extend(skus.iter().map(|sku| (source, sku.clone())));
            if !wanted.is_empty() {
                self.wanted
                    .insert(source, (Arc::clone(&session), place.clone(), wanted));
            }
            self.turn += 1;
            let turn = self.turn;
            let (db, book, clock) = (self.db.clone(), self.book.clone(), self.clock.clone());
            self.calls.push(Box::pin(async move {
                let outcome = ask(&db, &book, &clock, session, place, &skus).await;
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
            .filter(|waiting| waiting.source.id == answered.source)
        {
            // Whoever joined a call that was about to fail gets one of its own.
            if answered.outcome.is_err() && waiting.turn > answered.turn {
                again.push((
                    Arc::clone(&waiting.session),
                    waiting.source.clone(),
                    waiting.missing.clone(),
                ));
            } else {
                waiting.hear(&answered.skus, &answered.outcome);
            }
        }
        for (session, source, skus) in again {
            self.want(&session, &source, skus.iter());
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
    fn hear(&mut self, skus: &[Sku], outcome: &Result<Vec<Sku>, Trouble>) {
        for sku in skus.iter().filter(|sku| self.missing.remove(*sku)) {
            match outcome {
                Ok(unknown) if unknown.contains(sku) => self.said.unknown.push(sku.clone()),
                Ok(_) => {}
                Err(trouble) => self.said.trouble = Some(trouble.clone()),
            }
        }
    }
}

/// One call; answers the SKUs the system does not know.
async fn ask(
    db: &Db,
    book: &StockBook,
    clock: &Clock,
    session: Arc<Session>,
    source: InventorySource,
    skus: &[Sku],
) -> Result<Vec<Sku>, Trouble> {
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
    let errors = work
        .by_sku(CauseKind::Live, Priority::Order, skus, &[location])
        .await;
    let errors = errors
        .map_err(|error| Trouble::new(error.to_string(), "what is stored is shown with its age"))?;
    let unknown = errors
        .into_iter()
        .filter(|error| error.kind == SkuErrorKind::NotFound);
    Ok(unknown.map(|error| error.sku).collect())
}
