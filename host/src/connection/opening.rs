//! A connection's session on an adapter: what it needs is brought together and checked here.

use std::collections::HashMap;
use std::sync::Arc;

use bestand_plugin_api::{AdapterError, Manifest};

use super::Connections;
use super::edit::{missing_secrets, problems_of};
use super::record::Connection;
use crate::plugin::services::bucket::Buckets;
use crate::plugin::{Adapter, Session, SessionContext};
use crate::secret::SecretText;

impl Connections {
    /// Opens a session of this connection on this adapter.
    pub(super) async fn open_session(
        &self,
        record: &Connection,
        adapter: &Arc<Adapter>,
        buckets: &Buckets,
    ) -> Result<Session, AdapterError> {
        let secrets = self.secrets(record).await?;
        self.fits(record, adapter.manifest(), &secrets)?;
        let mut context = SessionContext::new(
            record.account_id,
            record.id,
            &record.name,
            adapter.manifest(),
            &record.settings,
            secrets,
            record.allow_private_network,
        );
        context.buckets = buckets.declared(&adapter.manifest().buckets);
        Session::open(Arc::clone(adapter), context, &record.settings).await
    }

    /// Says all that is wrong with the configuration at once, before the adapter sees any of it.
    fn fits(
        &self,
        record: &Connection,
        manifest: &Manifest,
        secrets: &HashMap<String, SecretText>,
    ) -> Result<(), AdapterError> {
        let given: Vec<&str> = secrets.keys().map(String::as_str).collect();
        // A secret that cannot be read now may have been replaced: what is stored of it is not used.
        let mut problems = self.unreadable(record.id);
        problems.extend(problems_of(manifest, record, &given));
        problems.extend(missing_secrets(manifest, &given));
        let reasons: Vec<String> = problems
            .iter()
            .map(|problem| format!("{}: {}", problem.field, problem.reason))
            .collect();
        let Some(first) = problems.first() else {
            return Ok(());
        };
        Err(AdapterError::config(
            first.field.clone(),
            reasons.join("; "),
        ))
    }
}
