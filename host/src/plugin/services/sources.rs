//! Other inventory sources of the account, for an adapter that puts levels together from theirs.
//!
//! **Invariant:** a connection reads the sources that its own settings name, and no other; whether they are the account's
//! is looked at with each question.

use std::sync::{Arc, OnceLock, Weak};

use bestand_plugin_api::sources::{
    SOURCE_SKUS_MAX, SOURCES_MAX, SkuPage, SourceInfo, SourceLevels, SourceQuery,
};
use bestand_plugin_api::{AdapterError, Result, Sku, SourceId};
use futures::future::BoxFuture;

use super::state::on;
use super::{Call, Common};
use crate::id::AccountId;
use crate::plugin::session::Priority;
use crate::store;

/// Knows what an account's inventory sources know.
pub trait ReadSources: Send + Sync {
    /// These sources of an account, in the order asked for; what is none of it is told as gone.
    fn list(
        &self,
        account: AccountId,
        ids: Vec<SourceId>,
    ) -> BoxFuture<'_, Result<Vec<SourceInfo>, store::Error>>;

    /// What these sources of an account know.
    fn levels(
        &self,
        account: AccountId,
        query: SourceQuery,
    ) -> BoxFuture<'_, Result<Vec<SourceLevels>, store::Error>>;

    /// SKUs that any of these sources of an account has a level of.
    fn skus(
        &self,
        account: AccountId,
        ids: Vec<SourceId>,
        page: SkuPage,
    ) -> BoxFuture<'_, Result<Vec<Sku>, store::Error>>;
}

/// The way to what is known of sources; empty until the daemon has all its parts. Cheap to clone; clones are the same.
///
/// Weak, because what it leads to keeps the adapters that it is a service of.
#[derive(Clone, Default)]
pub struct SourceReader(Arc<OnceLock<Weak<dyn ReadSources>>>);

// === impl SourceReader ===

impl SourceReader {
    /// Leads to `sources` from now on, once.
    pub fn lead_to(&self, sources: &Arc<dyn ReadSources>) {
        let _ = self.0.set(Arc::downgrade(sources));
    }

    fn find(&self) -> Result<Arc<dyn ReadSources>> {
        let sources = self.0.get().and_then(Weak::upgrade);
        sources.ok_or_else(|| AdapterError::transient("other sources cannot be read just now"))
    }
}

// === impl Common ===

impl Common {
    pub(super) async fn sources(self, call: Arc<Call>) -> Result<Vec<SourceInfo>> {
        let (account, named) = readable(&call)?;
        let sources = self.sources.find()?;
        on(
            &self.daemon,
            async move { sources.list(account, named).await },
        )
        .await
    }

    pub(super) async fn source_levels(
        self,
        call: Arc<Call>,
        query: SourceQuery,
    ) -> Result<Vec<SourceLevels>> {
        let (account, named) = readable(&call)?;
        at_most("sources", query.sources.len(), SOURCES_MAX)?;
        at_most("SKUs", query.skus.len(), SOURCE_SKUS_MAX)?;
        if let Some(other) = query.sources.iter().find(|id| !named.contains(id)) {
            return Err(AdapterError::bug(format!(
                "the settings do not name the inventory source `{other}`"
            )));
        }
        let query = match call.context.priority {
            Priority::Order => query,
            Priority::Sync => SourceQuery::of(query.sources, query.skus),
        };
        let sources = self.sources.find()?;
        on(
            &self.daemon,
            async move { sources.levels(account, query).await },
        )
        .await
    }

    pub(super) async fn source_skus(self, call: Arc<Call>, page: SkuPage) -> Result<Vec<Sku>> {
        let (account, named) = readable(&call)?;
        at_most("SKUs", page.limit, SOURCE_SKUS_MAX)?;
        let sources = self.sources.find()?;
        on(&self.daemon, async move {
            sources.skus(account, named, page).await
        })
        .await
    }
}

/// Whose sources these are, and which of them may be read.
fn readable(call: &Call) -> Result<(AccountId, Vec<SourceId>)> {
    let session = call.session()?;
    let named = session.sources.clone().ok_or_else(|| {
        AdapterError::unsupported(
            "the adapter may not read other sources: it does not declare `SourceReads`",
        )
    })?;
    Ok((session.account, named))
}

fn at_most(what: &str, count: usize, max: usize) -> Result<()> {
    match count > max {
        true => Err(AdapterError::bug(format!(
            "{count} {what} at once; at most {max} are allowed"
        ))),
        false => Ok(()),
    }
}
