//! What happens to stock is noted in the activity: once something is noted, what comes within a minute is gathered for
//! the next time.

use std::sync::Arc;
use std::time::Duration;

use super::Parts;

/// Between two times: people look at the activity to see what happened, not how often.
const PAUSE: Duration = Duration::from_secs(60);

pub(super) async fn run(parts: Arc<Parts>) {
    loop {
        parts.book.has_news().await;
        note(&parts).await;
        let next = parts.clock.now().after(PAUSE);
        parts.clock.reach(next).await;
    }
}

pub(super) async fn note(parts: &Parts) {
    if let Err(error) = parts.book.note_news(&parts.activity).await {
        tracing::warn!(%error, "what happened to stock could not be noted in the activity");
    }
}
