//! One connection speaking to its adapter: settings, secrets and limits on our side, an instance on the other.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bestand_plugin_api::call::Method;
use bestand_plugin_api::call::adapter::{
    Close, ListStock, Open, Receive, Settings, StockBySku, StockChanges,
};
use bestand_plugin_api::{AdapterError, ErrorKind, Manifest, Result, SourceId};
use serde_json::Value;

use super::Adapter;
use super::services::CallContext;
use super::services::bucket::Bucket;
use super::services::oauth::Tokens;
use super::services::outbound::Outbound;
use crate::id::{AccountId, ConnectionId};
use crate::secret::SecretText;

/// Shortest secret that is looked for in what is shown: a shorter one is part of ordinary words.
const HIDDEN_BYTES_MIN: usize = 6;
/// No life of any adapter.
const NONE: u64 = 0;

/// Who goes first at a rate limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Priority {
    /// Somebody looks at an order and waits.
    Order,
    /// A sync, in its own time.
    Sync,
}

/// What our side knows of a connection; the adapter never sees it.
#[derive(Debug)]
pub struct SessionContext {
    /// Whose it is.
    pub account: AccountId,
    /// Which it is.
    pub connection: ConnectionId,
    /// What people call it.
    pub name: String,
    /// The secrets, by the names the manifest gives them.
    pub secrets: HashMap<String, SecretText>,
    /// Where it may speak to.
    pub outbound: Outbound,
    /// Its rate buckets.
    pub buckets: Vec<Arc<Bucket>>,
    /// The inventory sources it may read, by its settings; `None` when its adapter does not ask for that.
    pub(super) sources: Option<Vec<SourceId>>,
    pub(super) tokens: Tokens,
}

/// A connection's instance of an adapter.
#[derive(Debug)]
pub struct Session {
    adapter: Arc<Adapter>,
    context: Arc<SessionContext>,
    settings: Settings,
    /// The life of the adapter in which the instance was made; [`NONE`] after a fault of the adapter. In any other
    /// life the instance is made anew before the next call.
    made_in: AtomicU64,
}

// === impl SessionContext ===

impl SessionContext {
    /// What a connection may do, by its adapter's manifest and its own settings.
    #[must_use]
    pub fn new(
        account: AccountId,
        connection: ConnectionId,
        name: &str,
        manifest: &Manifest,
        settings: &Value,
        secrets: HashMap<String, SecretText>,
        allow_private_network: bool,
    ) -> Self {
        Self {
            account,
            connection,
            name: name.to_owned(),
            secrets,
            outbound: Outbound::new(&manifest.outbound, settings, allow_private_network),
            buckets: manifest.buckets.iter().map(Bucket::new).collect(),
            sources: readable(manifest, settings),
            tokens: Tokens::default(),
        }
    }

    pub(super) fn secret(&self, name: &str) -> Result<&SecretText> {
        let missing = || {
            AdapterError::config(
                name,
                format!("the connection has no secret `{name}`; add it"),
            )
        };
        self.secrets.get(name).ok_or_else(missing)
    }

    /// The same text without the secrets: a system may answer what it was sent, and an adapter quote that.
    pub(super) fn hide(&self, text: String) -> String {
        let secrets = self.secrets.values().map(SecretText::reveal);
        let shown = secrets.filter(|secret| secret.len() >= HIDDEN_BYTES_MIN);
        shown.fold(text, |text, secret| match text.contains(secret) {
            true => text.replace(secret, "***"),
            false => text,
        })
    }

    pub(super) fn bucket(&self, name: &str) -> Result<&Bucket> {
        let bucket = self.buckets.iter().find(|bucket| bucket.name() == name);
        bucket
            .map(|bucket| &**bucket)
            .ok_or_else(|| AdapterError::bug(format!("the manifest has no bucket `{name}`")))
    }
}

// === impl Session ===

impl Session {
    /// Makes the instance.
    ///
    /// # Errors
    /// What the adapter says of the settings.
    pub async fn open(
        adapter: Arc<Adapter>,
        context: SessionContext,
        settings: &Value,
    ) -> Result<Self> {
        let settings = Settings {
            json: settings.to_string(),
        };
        let session = Self {
            adapter,
            context: Arc::new(context),
            settings,
            made_in: AtomicU64::new(NONE),
        };
        session.make(Priority::Sync).await?;
        Ok(session)
    }

    /// The adapter behind it.
    #[must_use]
    pub fn adapter(&self) -> &Adapter {
        &self.adapter
    }

    /// Whether this very adapter is behind it, and not an earlier generation.
    #[must_use]
    pub fn is_on(&self, adapter: &Arc<Adapter>) -> bool {
        Arc::ptr_eq(&self.adapter, adapter)
    }

    /// Our side of it.
    #[must_use]
    pub fn context(&self) -> &SessionContext {
        &self.context
    }

    /// Calls `M` within the deadline its contract names.
    ///
    /// # Errors
    /// What the adapter answers, and `Transient` when the deadline passes.
    pub async fn call<M: Method>(
        &self,
        priority: Priority,
        params: &M::Params,
    ) -> Result<M::Reply> {
        self.call_within::<M>(priority, params, deadline_of(M::NAME))
            .await
    }

    /// Calls `M` within `deadline`.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub async fn call_within<M: Method>(
        &self,
        priority: Priority,
        params: &M::Params,
        deadline: Duration,
    ) -> Result<M::Reply> {
        if self.made_in.load(Ordering::Acquire) != self.adapter.life() {
            self.make(priority).await?;
        }
        let answer = self.call_raw::<M>(priority, params, deadline).await;
        if matches!(&answer, Err(error) if error.kind == ErrorKind::Bug) {
            self.made_in.store(NONE, Ordering::Release);
        }
        answer
    }

    /// Makes the instance. Two calls that come at once both do; the adapter keeps the later one.
    async fn make(&self, priority: Priority) -> Result<()> {
        let life = self.adapter.life();
        self.call_raw::<Open>(priority, &self.settings, deadline_of(Open::NAME))
            .await?;
        self.made_in.store(life, Ordering::Release);
        Ok(())
    }

    /// Drops the instance; a failure changes nothing for us.
    pub async fn close(&self) {
        let _ = self
            .call_raw::<Close>(Priority::Sync, &(), deadline_of(Close::NAME))
            .await;
    }

    async fn call_raw<M: Method>(
        &self,
        priority: Priority,
        params: &M::Params,
        deadline: Duration,
    ) -> Result<M::Reply> {
        let context = CallContext {
            session: Some(Arc::clone(&self.context)),
            priority,
        };
        self.adapter.call::<M>(context, params, deadline).await
    }
}

/// The inventory sources that these settings let be read.
fn readable(manifest: &Manifest, settings: &Value) -> Option<Vec<SourceId>> {
    let named = manifest.named_sources(settings).into_iter();
    manifest
        .reads_sources()
        .then(|| named.map(|(_, id)| id).collect())
}

/// The deadlines that the contract promises to authors.
fn deadline_of(method: &str) -> Duration {
    Duration::from_secs(match method {
        StockBySku::NAME => 2,
        Receive::NAME => 1,
        ListStock::NAME => 300,
        StockChanges::NAME => 120,
        _ => 30,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_that_a_system_gave_back_is_not_shown() {
        let manifest = Manifest::new("acme", "Acme", "1.0.0");
        let secrets = [("key", "s3cr3t-key"), ("pin", "12")];
        let secrets = secrets.map(|(name, secret)| (name.to_owned(), SecretText::from(secret)));
        let context = SessionContext::new(
            AccountId::new(),
            ConnectionId::new(),
            "Acme",
            &manifest,
            &Value::Null,
            secrets.into(),
            false,
        );
        let shown = context.hide("no key `s3cr3t-key` on row 12".into());
        assert_eq!(shown, "no key `***` on row 12");
    }
}
