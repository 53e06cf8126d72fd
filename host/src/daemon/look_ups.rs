//! Asks, soon after it is due, what became of operations whose answers were lost.

use std::sync::Arc;
use std::time::Duration;

use super::Parts;

/// How often it is looked whether one is due: as long as the shortest pause before a question.
const EVERY: Duration = Duration::from_secs(5);

pub(super) async fn run(parts: Arc<Parts>) {
    loop {
        if let Err(error) = parts.connections.look_up_operations().await {
            tracing::warn!(%error, "what became of operations cannot be found out; it is tried again");
        }
        tokio::time::sleep(EVERY).await;
    }
}
