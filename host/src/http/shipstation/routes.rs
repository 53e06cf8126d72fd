//! The routes of one of these APIs as they are built: behind the gate of our own API, at a pace of their own.

use std::sync::Arc;

use axum::Router;
use axum::handler::Handler;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::IntoResponse;
use axum::routing::{MethodRouter, any};

use super::cross_site;
use super::pace::{self, Pace};
use crate::api_key::Role;
use crate::daemon::Parts;
use crate::http::auth::Access;
use crate::http::gate::{self, Gate};
use crate::http::idempotency;
use crate::http::problem::{Kind, Problem};
use crate::http::trace::Route;

/// Routes, as they are added one by one.
pub(super) struct Routes {
    parts: Arc<Parts>,
    pace: Arc<Pace>,
    prefix: &'static str,
    router: Router<Arc<Parts>>,
}

// === impl Routes ===

impl Routes {
    /// None yet; they lie under `prefix`, and a key may ask so often.
    pub(super) fn new(parts: &Arc<Parts>, prefix: &'static str, per_minute: u32) -> Self {
        Self {
            pace: Arc::new(Pace::per_minute(per_minute, parts.clock.clone())),
            parts: Arc::clone(parts),
            prefix,
            router: Router::new(),
        }
    }

    /// A route that changes nothing.
    pub(super) fn read<H, T>(self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, Arc<Parts>>,
        T: 'static,
    {
        let route = axum::routing::get(handler);
        self.add("GET", path, Role::Reader, route)
    }

    /// A route that changes something: done to its end, and once per idempotency key.
    pub(super) fn write<H, T>(self, method: &'static str, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, Arc<Parts>>,
        T: 'static,
    {
        self.write_by(Role::Operator, method, path, handler)
    }

    /// The same for keys of this role and higher ones; which of them may do what is the handler's to say.
    pub(super) fn write_by<H, T>(
        self,
        role: Role,
        method: &'static str,
        path: &'static str,
        handler: H,
    ) -> Self
    where
        H: Handler<T, Arc<Parts>>,
        T: 'static,
    {
        let route: MethodRouter<Arc<Parts>> = match method {
            "PUT" => axum::routing::put(handler),
            "DELETE" => axum::routing::delete(handler),
            _ => axum::routing::post(handler),
        };
        let once = from_fn_with_state(Arc::clone(&self.parts), idempotency::once);
        self.add(method, path, role, route.route_layer(once))
    }

    fn add(
        mut self,
        method: &'static str,
        path: &'static str,
        role: Role,
        route: MethodRouter<Arc<Parts>>,
    ) -> Self {
        let gate = self.gate(method, path, Access::Key(role));
        let route = route
            .route_layer(from_fn_with_state(Arc::clone(&self.pace), pace::keep))
            .route_layer(from_fn_with_state(gate, gate::pass));
        self.router = self.router.route(path, route);
        self
    }

    fn gate(&self, method: &'static str, path: &str, access: Access) -> Arc<Gate> {
        Arc::new(Gate {
            parts: Arc::clone(&self.parts),
            limiter: None,
            route: Route::new(method, format!("{}{path}", self.prefix)),
            access,
            patience: Some(self.parts.config.server.request_timeout),
        })
    }

    /// All of them, and what is answered where there is nothing.
    pub(super) fn finish(self) -> Router {
        let nowhere = from_fn_with_state(self.gate("", "unknown", Access::Anyone), gate::pass);
        self.router
            .fallback_service(any(no_such_path).layer(nowhere.clone()).with_state(()))
            .method_not_allowed_fallback(no_such_method.layer(nowhere))
            .layer(from_fn(cross_site::refuse))
            .with_state(self.parts)
    }
}

async fn no_such_path() -> impl IntoResponse {
    let detail = "this part of ShipStation's API is not served here; Bestand's own API is described at /openapi.json";
    Problem::new(Kind::NotFound, detail)
}

async fn no_such_method() -> impl IntoResponse {
    let detail = "the `Allow` header names the methods there are here";
    Problem::new(Kind::MethodNotAllowed, detail)
}
