//! The list of routes as it is built: each gets its gate, and its place in the API's description.

use std::sync::Arc;

use axum::Router;
use axum::handler::Handler;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::IntoResponse;
use axum::routing::any_service;
use utoipa::openapi::path::{Operation, PathItem, Paths};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

use super::auth::Access;
use super::console::for_people;
use super::gate::{self, Gate};
use super::idempotency;
use super::limit::Limiter;
use super::openapi;
use super::problem::{Kind, Problem};
use super::trace::Route;
use crate::daemon::Parts;

/// Routes, as they are added one by one.
pub(super) struct Routes {
    parts: Arc<Parts>,
    limiter: Option<Arc<Limiter>>,
    /// What stands before the paths that are added.
    prefix: &'static str,
    router: OpenApiRouter<Arc<Parts>>,
}

/// What sort of work a route does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Work {
    /// It changes nothing.
    Read,
    /// It changes something: done to its end, and once per idempotency key.
    Write,
    /// The same, over a body that may take its time.
    Import,
}

// === impl Routes ===

impl Routes {
    /// None yet.
    pub(super) fn new(parts: Arc<Parts>) -> Self {
        let per_minute = parts.config.server.requests_per_minute;
        Self {
            limiter: per_minute.map(|requests| Arc::new(Limiter::per_minute(requests))),
            prefix: "",
            router: OpenApiRouter::with_openapi(openapi::head()),
            parts,
        }
    }

    /// The routes that follow lie under `prefix`.
    pub(super) fn under(mut self, prefix: &'static str) -> Self {
        self.prefix = prefix;
        self
    }

    /// A route that changes nothing.
    pub(super) fn read(self, access: Access, routes: UtoipaMethodRouter<Arc<Parts>>) -> Self {
        self.add(access, Work::Read, routes)
    }

    /// A route that changes something.
    pub(super) fn write(self, access: Access, routes: UtoipaMethodRouter<Arc<Parts>>) -> Self {
        self.add(access, Work::Write, routes)
    }

    /// A route that takes a long body in, and so has no time limit as a whole.
    pub(super) fn import(self, access: Access, routes: UtoipaMethodRouter<Arc<Parts>>) -> Self {
        self.add(access, Work::Import, routes)
    }

    fn add(
        mut self,
        access: Access,
        work: Work,
        (schemas, paths, method_router): UtoipaMethodRouter<Arc<Parts>>,
    ) -> Self {
        let (path, method, paths) = self.describe(access, work, paths);
        let method_router = match work {
            Work::Read => method_router,
            Work::Write | Work::Import => {
                let parts = Arc::clone(&self.parts);
                method_router.route_layer(from_fn_with_state(parts, idempotency::once))
            }
        };
        let gate = self.gate(access, work, Route::new(method, path));
        let method_router = method_router.route_layer(from_fn_with_state(gate, gate::pass));
        self.router = self.router.routes((schemas, paths, method_router));
        self
    }

    /// The full path, the method, and their place in the description.
    fn describe(
        &self,
        access: Access,
        work: Work,
        mut paths: Paths,
    ) -> (String, &'static str, Paths) {
        let (path, mut item) = paths
            .paths
            .pop_first()
            .expect("each handler names its path");
        let path = format!("{}{path}", self.prefix);
        let (method, operation) = operation_of(&mut item);
        openapi::describe(operation, &path, access, work);
        paths.paths.insert(path.clone(), item);
        (path, method, paths)
    }

    fn gate(&self, access: Access, work: Work, route: Route) -> Arc<Gate> {
        let patience = match work {
            Work::Read | Work::Write => Some(self.parts.config.server.request_timeout),
            Work::Import => None,
        };
        Arc::new(Gate {
            parts: Arc::clone(&self.parts),
            limiter: self.limiter.clone(),
            route,
            access,
            patience,
        })
    }

    /// All of them, with the pages, what is answered where there is nothing, and the description.
    pub(super) fn finish(self, pages_for_people: fn(Arc<Parts>) -> Router) -> Router {
        let nowhere = self.gate(Access::Anyone, Work::Read, Route::new("", "unknown".into()));
        let pages = self.gate(
            Access::Anyone,
            Work::Read,
            Route::new("GET", "/docs".into()),
        );
        let nowhere = from_fn_with_state(nowhere, gate::pass);
        let pages = from_fn_with_state(pages, gate::pass);
        let (router, document) = self.router.split_for_parts();
        router
            .merge(openapi::pages(&document).layer(pages))
            .fallback_service(
                any_service(no_such_path.with_state(()))
                    .layer(nowhere.clone())
                    .layer(from_fn(for_people)),
            )
            .method_not_allowed_fallback(no_such_method.layer(nowhere))
            .with_state(Arc::clone(&self.parts))
            .merge(pages_for_people(self.parts))
    }
}

/// The one operation of what one handler describes.
fn operation_of(item: &mut PathItem) -> (&'static str, &mut Operation) {
    let operations = [
        ("GET", &mut item.get),
        ("PUT", &mut item.put),
        ("POST", &mut item.post),
        ("PATCH", &mut item.patch),
        ("DELETE", &mut item.delete),
    ];
    let found = operations
        .into_iter()
        .find_map(|(method, operation)| Some((method, operation.as_mut()?)));
    found.expect("each handler names its method")
}

async fn no_such_path() -> impl IntoResponse {
    Problem::no_such_path()
}

async fn no_such_method() -> impl IntoResponse {
    Problem::new(
        Kind::MethodNotAllowed,
        "the `Allow` header names the methods there are here",
    )
}
