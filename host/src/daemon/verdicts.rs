//! Looks whether answers on open orders have changed, soon after anything changed that they are made of.

use std::sync::Arc;

use super::Parts;
use super::changes::Changes;
use crate::availability::VerdictNews;
use crate::store::{self, Error};

pub(super) async fn run(parts: Arc<Parts>) {
    let (availability, event_log) = (parts.availability.clone(), parts.event_log.clone());
    let news = VerdictNews::new(parts.db.clone(), availability, event_log);
    let mut changes = Changes::of(&parts);
    loop {
        changes.next().await;
        if let Err(error) = look(&parts, &news).await {
            tracing::warn!(%error, "whether answers on orders changed cannot be told; it is tried again");
        }
    }
}

async fn look(parts: &Parts, news: &VerdictNews) -> Result<(), Error> {
    for account in store::account::list(&parts.db).await? {
        news.tell(account.id).await?;
    }
    Ok(())
}
