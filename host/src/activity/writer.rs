//! The one task that writes events: what gathers while it writes goes into the next statement.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use tokio::sync::{mpsc, oneshot};

use super::{Noted, lose};
use crate::store::{self, Db};

/// Events of one statement: with ten columns, far below the values that either engine takes.
const EVENTS_PER_WRITE: usize = 256;

/// Something for the writer to do.
#[derive(Debug)]
pub(super) enum Job {
    /// Write this.
    Write(Noted),
    /// Say when all that came before is written.
    Settle(oneshot::Sender<()>),
}

/// Writes until nobody is left who could note something.
pub(super) async fn run(db: Db, lost: Arc<AtomicU64>, mut jobs: mpsc::Receiver<Job>) {
    let mut taken = Vec::with_capacity(EVENTS_PER_WRITE);
    while jobs.recv_many(&mut taken, EVENTS_PER_WRITE).await > 0 {
        let (mut events, mut waiting) = (Vec::with_capacity(taken.len()), Vec::new());
        for job in taken.drain(..) {
            match job {
                Job::Write(noted) => events.push(noted),
                Job::Settle(done) => waiting.push(done),
            }
        }
        write(&db, &lost, &events).await;
        for done in waiting {
            // Whoever asked may have given up waiting.
            let _ = done.send(());
        }
    }
}

async fn write(db: &Db, lost: &AtomicU64, events: &[Noted]) {
    if events.is_empty() {
        return;
    }
    if let Err(error) = store::activity::insert(db, events).await {
        lose(lost, events.len() as u64);
        tracing::warn!(events = events.len(), %error, "what happened could not be written down");
    }
}
