//! Orders that tools put on hold until a day go on when it comes.

use std::sync::Arc;
use std::time::Duration;

use super::Parts;
use crate::store::shipstation::order::end_holds;

/// How often it is looked: nobody who names a day minds a minute.
const EVERY: Duration = Duration::from_secs(60);

pub(super) async fn run(parts: Arc<Parts>) {
    loop {
        match end_holds(&parts.db, parts.clock.now()).await {
            Ok(ended) if ended.is_empty() => {}
            Ok(ended) => tracing::info!(orders = ended.len(), "orders go on whose hold has ended"),
            Err(error) => {
                tracing::warn!(%error, "holds of orders could not be ended; it is tried again in a minute")
            }
        }
        tokio::time::sleep(EVERY).await;
    }
}
