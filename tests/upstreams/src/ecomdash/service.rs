//! From a request to an answer: the fault that hits it, the two keys, the limit, the operation.

use std::sync::{Mutex, MutexGuard};

use axum::body::Bytes;
use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::book::Book;
use super::limit::Limit;
use super::{EcomdashOptions, lists, lookup, update};
use crate::json_api::{Fault, Faults, Reply, Request};

/// What the server's handlers share.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) options: EcomdashOptions,
    /// Held for the length of one answer, never across an await.
    state: Mutex<ServiceState>,
}

/// What changes.
#[derive(Debug, Default)]
pub(crate) struct ServiceState {
    pub(crate) book: Book,
    pub(crate) faults: Faults,
    pub(crate) requests: Vec<Request>,
    limit: Limit,
}

/// A request, read to its end.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

// === impl Service ===

impl Service {
    pub(crate) fn new(options: EcomdashOptions) -> Self {
        Self {
            options,
            state: Mutex::default(),
        }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, ServiceState> {
        self.state.lock().expect("no holder of the account panics")
    }

    /// Answers one call, spoiled by the fault that hits it.
    pub(crate) fn answer(&self, call: &Call) -> Response {
        let now = self.options.clock.now();
        let mut state = self.state();
        let fault = state.faults.take(call.operation());
        let reply = fault.as_ref().and_then(in_place);
        let reply = reply.unwrap_or_else(|| self.reply(&mut state, call, now));
        state.requests.push(Request {
            at: now,
            method: call.method.to_string(),
            path: call.uri.path().to_owned(),
            query: call.uri.query().map(str::to_owned),
            body: String::from_utf8_lossy(&call.body).into_owned(),
            status: reply.status(fault.as_ref()),
        });
        reply.send(fault.as_ref(), now)
    }

    fn reply(&self, state: &mut ServiceState, call: &Call, now: Timestamp) -> Reply {
        if call.header("ocp-apim-subscription-key") != Some(&self.options.portal_key) {
            return wrong_portal_key();
        }
        let is_app = call.header("application-id") == self.options.application_id.as_deref();
        if call.header("ecd-subscription-key") != Some(&self.options.account_key) || !is_app {
            return wrong_account_key();
        }
        if let Err(secs) = state.limit.count(now) {
            return used_up(secs);
        }
        match self.operate(&mut state.book, call, now) {
            None => Reply::json(
                404,
                &json!({ "statusCode": 404, "message": "Resource not found" }),
            ),
            Some(Ok(answer)) => Reply::json(200, &answer),
            Some(Err(message)) => Reply::json(400, &json!({ "Message": message })),
        }
    }

    fn operate(
        &self,
        book: &mut Book,
        call: &Call,
        now: Timestamp,
    ) -> Option<Result<Value, String>> {
        let path = call.uri.path().to_ascii_lowercase();
        let path = path.strip_prefix("/api/")?.trim_end_matches('/');
        let is = |method: &Method, name: &str| call.method == *method && path == name;
        Some(match () {
            () if is(&Method::GET, "inventory") => lists::products(
                book,
                &call.parameters(),
                &self.options.changed_since_parameter,
            ),
            () if is(&Method::GET, "warehouses") => lists::warehouses(book, &call.parameters()),
            () if is(&Method::POST, "inventory/getproducts") => call
                .json()
                .and_then(|request| lookup::answer(book, &request)),
            () if is(&Method::POST, "inventory/updatequantityonhand") => call
                .json()
                .and_then(|request| update::answer(book, &request, now)),
            () => return None,
        })
    }
}

// === impl Call ===

impl Call {
    /// The last part of the path, by which faults are switched on.
    fn operation(&self) -> &str {
        let path = self.uri.path().trim_end_matches('/');
        path.rsplit('/').next().unwrap_or_default()
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    fn parameters(&self) -> lists::Parameters {
        let query = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&self.uri);
        let pairs = query.map(|query| query.0).unwrap_or_default().into_iter();
        pairs
            .map(|(name, value)| (name.to_ascii_lowercase(), value))
            .collect()
    }

    fn json(&self) -> Result<Value, String> {
        serde_json::from_slice(&self.body).map_err(|_| "the body is no JSON".to_owned())
    }
}

/// The answer a fault gives in place of the right one, for the faults that do not look at the request.
fn in_place(fault: &Fault) -> Option<Reply> {
    Some(match fault {
        Fault::Unauthorized => wrong_account_key(),
        Fault::RateLimited { retry_after_secs } => used_up(*retry_after_secs),
        Fault::Status { code } => {
            let message = "Oops, something went wrong while processing your request";
            Reply::json(*code, &json!({ "Message": message }))
        }
        Fault::ErrorBody => Reply::json(
            200,
            &json!({ "status": "Failure", "messages": ["Unexpected error"] }),
        ),
        Fault::Page => Reply::page(),
        Fault::Reset => Reply::empty(500),
        _ => return None,
    })
}

/// As the gateway says it.
fn wrong_portal_key() -> Reply {
    let message = "Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription.";
    Reply::json(401, &json!({ "statusCode": 401, "message": message }))
}

/// As Ecomdash itself says it.
fn wrong_account_key() -> Reply {
    let message = "The provided 'ecd-subscription-key' / 'application-id' combination is not valid or does not belong to \
                   a company with a current ecomdash subscription.";
    Reply::json(403, &json!({ "Message": message }))
}

fn used_up(secs: u32) -> Reply {
    let message = format!("Rate limit is exceeded. Try again in {secs} seconds.");
    Reply::json(429, &json!({ "statusCode": 429, "message": message })).with_retry_after(secs)
}
