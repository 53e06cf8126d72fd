//! ShipStation's APIs, so that tools people already have work here by changing a base URL.
//!
//! `request → addressed → gate → pace → handler → answer in their words`: [`mod@addressed`] sees which API a request speaks,
//! the gate and the handlers' parts are those of our own API, and what goes wrong is told as each of theirs does.
//! [`v1`] is the older API (orders and ship-from locations, whole numbers as ids), [`v2`] the newer one (inventory).
//!
//! Liberal in what is taken, strict in what is sent. **Invariant:** unknown stock is left out, never told as zero.

use std::sync::Arc;

use axum::Router;
use tower::util::MapRequest;

use crate::daemon::Parts;
use addressed::addressed;

mod addressed;
mod cross_site;
mod pace;
mod routes;
mod text_or_number;
mod v1;
mod v2;

/// Puts these APIs beside our own: the one place that decides which of them a request is for.
pub(super) fn beside(own: Router, parts: &Arc<Parts>) -> Router {
    let all = own
        .nest(addressed::V1_PREFIX, v1::router(parts))
        .nest(addressed::V2_PREFIX, v2::router(parts));
    // A layer of the router itself would come after the path was looked up.
    Router::new().fallback_service(MapRequest::new(all, addressed))
}
