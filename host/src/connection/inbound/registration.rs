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
    let Some(hook_url) = hook_url(session, public_url) else {
        return Ok(());
    };
    session.call::<Register>(Priority::Sync, &hook_url).await
}

/// Takes back what [`register`] made.
pub(in crate::connection) async fn unregister(
    session: &Session,
    public_url: &str,
) -> Result<(), AdapterError> {
    let Some(hook_url) = hook_url(session, public_url) else {
        return Ok(());
    };
    session.call::<Unregister>(Priority::Sync, &hook_url).await
}

/// Where this connection is sent to; `None` when its adapter takes no requests.
fn hook_url(session: &Session, public_url: &str) -> Option<String> {
    let base = public_url.trim_end_matches('/');
    let connection = session.context().connection;
    takes_requests(session.adapter().manifest()).then(|| format!("{base}/hooks/{connection}"))
}
