//! A webhook to be, and all that may be wrong with one.

use bestand_plugin_api::Timestamp;
use reqwest::Url;

use super::error::{WebhookError, WebhookFault};
use crate::event_log::Filter;
use crate::id::{AccountId, SourceId, WebhookId};
use crate::store::{self, Db};
use crate::webhook::{Reach, Webhook, address};

/// Longest name, in characters: it stands on one line of a page.
pub(super) const NAME_CHARS_MAX: usize = 100;
/// Most sources and most SKUs that a webhook names: who wants more wants all of them.
pub(super) const NAMED_MAX: usize = 1_000;

/// A webhook to be.
#[derive(Clone, Debug, Default)]
pub struct WebhookDraft {
    /// What people shall call it; empty for the host of its address.
    pub name: String,
    /// Where messages shall go.
    pub url: String,
    /// What it shall be told.
    pub filter: Filter,
    /// Whether messages shall be sent.
    pub enabled: bool,
}

// === impl WebhookDraft ===

impl WebhookDraft {
    pub(super) fn into_new(self, account_id: AccountId, now: Timestamp) -> Webhook {
        let url = self.url.trim().to_owned();
        Webhook {
            id: WebhookId::new(),
            account_id,
            name: name_or_host(&self.name, &url),
            url,
            filter: self.filter,
            enabled: self.enabled,
            gone_at: None,
            missed_at: None,
            previous_until: None,
            delivered_at: None,
            failed: None,
            version: 1,
            created_at: now,
        }
    }
}

fn name_or_host(name: &str, url: &str) -> String {
    let host = || Url::parse(url).ok()?.host_str().map(str::to_owned);
    match name.trim() {
        "" => {
            let host = host().unwrap_or_default();
            host.chars().take(NAME_CHARS_MAX).collect()
        }
        name => name.to_owned(),
    }
}

/// All that is wrong with a webhook, at once.
pub(super) async fn check(db: &Db, webhook: &Webhook, reach: Reach) -> Result<(), WebhookError> {
    let mut faults = Vec::new();
    if let Err(fault) = address::check(&webhook.url, reach) {
        faults.push(WebhookFault::Address(fault));
    } else if !(1..=NAME_CHARS_MAX).contains(&webhook.name.chars().count()) {
        faults.push(WebhookFault::Name);
    }
    let Filter { sources, skus, .. } = &webhook.filter;
    if skus.len() > NAMED_MAX {
        faults.push(WebhookFault::TooManySkus);
    }
    match sources.len() > NAMED_MAX {
        true => faults.push(WebhookFault::TooManySources),
        false => faults.extend(foreign(db, webhook).await?),
    }
    match faults.is_empty() {
        true => Ok(()),
        false => Err(WebhookError::Invalid(faults)),
    }
}

/// The first source that is none of the account's.
async fn foreign(db: &Db, webhook: &Webhook) -> Result<Option<WebhookFault>, store::Error> {
    let wanted = &webhook.filter.sources;
    if wanted.is_empty() {
        return Ok(None);
    }
    let all = store::source::list(db, webhook.account_id).await?;
    let is_there = |id: &SourceId| all.iter().any(|source| source.id == *id);
    let foreign = wanted.iter().find(|id| !is_there(id));
    Ok(foreign.copied().map(WebhookFault::NoSource))
}
