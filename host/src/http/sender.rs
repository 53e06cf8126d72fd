//! Where a request comes from, as far as it can be told.

use std::net::SocketAddr;

use axum::http::{HeaderMap, header};

use crate::user;

/// The other end of the connection, or whoever a proxy of ours names.
pub(super) fn of(peer: Option<SocketAddr>, headers: &HeaderMap) -> user::From {
    let agent = headers
        .get(header::USER_AGENT)
        .and_then(|agent| agent.to_str().ok());
    let forwarded = headers.get_all("x-forwarded-for").iter().next_back();
    user::From::new(
        peer.map(|peer| peer.ip()),
        forwarded.and_then(|list| list.to_str().ok()),
        agent.unwrap_or_default(),
    )
}
