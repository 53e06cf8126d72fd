//! Telling a system where to send, and taking that back.

use std::time::Duration;

use bestand_plugin_api::AdapterError;
use bestand_plugin_api::call::adapter::{Register, Unregister};

use super::takes_requests;
use crate::plugin::{Priority, Session};

/// How often a connection's subscriptions are looked after: systems delete them after some failures.
pub(in crate::connection) const REGISTER_EVERY: Duration = Duration::from_secs(3600);

/// Sees to it that the system sends to this connection's address.
pub(in crate::connection) async fn register(
    session: &Session,
    public_url: &str,
) -> Result<(), AdapterError> {
    if !takes_requests(session.adapter().manifest()) {
        return Ok(());
    }
    session
        .call::<Register>(Priority::Sync, &hook_url(session, public_url))
        .await
}

/// Takes back what [`register`] made.
pub(in crate::connection) async fn unregister(
    session: &Session,
    public_url: &str,
) -> Result<(), AdapterError> {
    if !takes_requests(session.adapter().manifest()) {
        return Ok(());
    }
    session
        .call::<Unregister>(Priority::Sync, &hook_url(session, public_url))
        .await
}

fn hook_url(session: &Session, public_url: &str) -> String {
    format!(
        "{}/hooks/{}",
        public_url.trim_end_matches('/'),
        session.context().connection
    )
}
