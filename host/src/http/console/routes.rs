//! The list of pages as it is built: each behind its entrance, and behind the same gate as every route of the API.

use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::MethodRouter;
use tower_http::compression::CompressionLayer;

use super::dress;
use super::entrance::{self, Entrance, Entry};
use crate::daemon::Parts;
use crate::http::auth::Access;
use crate::http::gate::{self, Gate};
use crate::http::trace::Route;

/// Pages, as they are added one by one.
pub(super) struct Pages {
    parts: Arc<Parts>,
    router: Router<Arc<Parts>>,
}

// === impl Pages ===

impl Pages {
    pub(super) fn new(parts: Arc<Parts>) -> Self {
        Self {
            parts,
            router: Router::new(),
        }
    }

    /// What is read under `path`.
    pub(super) fn read(
        self,
        entry: Entry,
        path: &'static str,
        page: MethodRouter<Arc<Parts>>,
    ) -> Self {
        self.add(entry, "GET", path, page)
    }

    /// What a form of a page sends to `path`.
    pub(super) fn write(
        self,
        entry: Entry,
        path: &'static str,
        form: MethodRouter<Arc<Parts>>,
    ) -> Self {
        self.add(entry, "POST", path, form)
    }

    fn add(
        mut self,
        entry: Entry,
        method: &'static str,
        path: &'static str,
        handler: MethodRouter<Arc<Parts>>,
    ) -> Self {
        let entrance = Arc::new(Entrance {
            parts: Arc::clone(&self.parts),
            entry,
        });
        let gate = Arc::new(Gate {
            parts: Arc::clone(&self.parts),
            limiter: None,
            route: Route::new(method, path.into()),
            // The entrance asks for a session instead of a key.
            access: Access::Anyone,
            patience: Some(self.parts.config.server.request_timeout),
        });
        let handler = handler
            .route_layer(from_fn_with_state(entrance, entrance::pass))
            .route_layer(from_fn_with_state(gate, gate::pass));
        self.router = self.router.route(path, handler);
        self
    }

    pub(super) fn finish(self) -> Router {
        self.router
            .layer(from_fn(dress::answer))
            // Around the dress, which puts pages in the place of errors that would be compressed already.
            .layer(CompressionLayer::new())
            .with_state(self.parts)
    }
}
