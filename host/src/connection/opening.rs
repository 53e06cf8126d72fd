//! A connection's session on an adapter: what it needs is brought together and checked here.

use std::collections::HashMap;
use std::sync::Arc;

use bestand_plugin_api::Manifest;

use super::Connections;
use super::edit::{faults_of, missing_secrets};
use super::failure::Failure;
use super::fault::Fault;
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
    ) -> Result<Session, Failure> {
        let secrets = self.secrets(record).await?;
        self.fits(record, adapter.manifest(), &secrets)?;
        self.is_of_others(record, adapter.manifest()).await?;
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
        Ok(Session::open(Arc::clone(adapter), context, &record.settings).await?)
    }

    /// Refuses what would be made of itself: the config file, or another connection's settings, may say so meanwhile.
    /// A source that is gone is told with each number instead.
    async fn is_of_others(&self, record: &Connection, manifest: &Manifest) -> Result<(), Failure> {
        let mut faults = self.source_faults(manifest, record).await?;
        faults.retain(|fault| fault.fault != Fault::NoSuchSource);
        match faults.is_empty() {
            true => Ok(()),
            false => Err(Failure::Misfit(faults)),
        }
    }

    /// Says all that is wrong with the configuration at once, before the adapter sees any of it.
    fn fits(
        &self,
        record: &Connection,
        manifest: &Manifest,
        secrets: &HashMap<String, SecretText>,
    ) -> Result<(), Failure> {
        let given: Vec<&str> = secrets.keys().map(String::as_str).collect();
        // A secret that cannot be read now may have been replaced: what is stored of it is not used.
        let mut faults = self.unreadable(record.id);
        faults.extend(faults_of(manifest, record, &given));
        faults.extend(missing_secrets(manifest, &given));
        match faults.is_empty() {
            true => Ok(()),
            false => Err(Failure::Misfit(faults)),
        }
    }
}
