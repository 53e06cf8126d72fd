//! From a request to an answer: the fault that hits it, the contract's rules, the credentials, the method.

use std::sync::{Mutex, MutexGuard};

use axum::http::{Method, Uri};
use axum::response::Response;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::book::Book;
use super::{ModuleOptions, fetch, push, rules};
use crate::json_api::{Fault, Faults, Reply, Request};

/// What the server's handlers share.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) options: ModuleOptions,
    /// Held for the length of one answer, never across an await.
    state: Mutex<ServiceState>,
}

/// What changes.
#[derive(Debug, Default)]
pub(crate) struct ServiceState {
    pub(crate) book: Book,
    pub(crate) faults: Faults,
    pub(crate) requests: Vec<Request>,
}

// === impl Service ===

impl Service {
    pub(crate) fn new(options: ModuleOptions) -> Self {
        Self {
            options,
            state: Mutex::default(),
        }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, ServiceState> {
        self.state.lock().expect("no holder of the module panics")
    }

    /// Answers one request, spoiled by the fault that hits it.
    pub(crate) fn answer(&self, method: &Method, uri: &Uri, body: &[u8]) -> Response {
        let now = self.options.clock.now();
        let name = uri.path().rsplit('/').next().unwrap_or_default();
        let mut state = self.state();
        let fault = state.faults.take(name);
        let reply = fault.as_ref().and_then(in_place);
        let reply =
            reply.unwrap_or_else(|| self.reply(&mut state, (method, uri.path()), body, now));
        state.requests.push(Request {
            at: now,
            method: method.to_string(),
            path: uri.path().to_owned(),
            query: uri.query().map(str::to_owned),
            body: String::from_utf8_lossy(body).into_owned(),
            status: reply.status(fault.as_ref()),
        });
        reply.send(fault.as_ref(), now)
    }

    fn reply(
        &self,
        state: &mut ServiceState,
        line: (&Method, &str),
        body: &[u8],
        now: Timestamp,
    ) -> Reply {
        let (&Method::POST, path) = line else {
            return Reply::empty(404);
        };
        let name = path.trim_start_matches('/');
        let is_there = match name {
            "inventory_fetch" | "inventory_push" => true,
            "validate_connection" => self.options.validates,
            _ => false,
        };
        if !is_there {
            return Reply::empty(404);
        }
        let Ok(request) = serde_json::from_slice::<Value>(body) else {
            return refusal(400, "serialization", "the body is no JSON");
        };
        if let Some(fault) = rules::fault_of(name, &request) {
            return refusal(400, "validation", &fault);
        }
        if !self.lets_in(&request["auth"]) {
            return unauthorized();
        }
        let answer = match name {
            "inventory_fetch" => fetch::answer(&self.options, &state.book, &request, now),
            "inventory_push" => push::answer(&self.options, &mut state.book, &request, now),
            _ => return Reply::empty(200),
        };
        match answer {
            Ok(answer) => Reply::json(200, &answer),
            Err(why) => refusal(400, "validation", &why),
        }
    }

    fn lets_in(&self, auth: &Value) -> bool {
        let is_right = |(name, value): (&String, &String)| auth[name].as_str() == Some(value);
        auth["order_source_api_code"].as_str() == Some(&self.options.api_code)
            && self.options.credentials.iter().all(is_right)
    }
}

/// The answer a fault gives in place of the right one, for the faults that do not look at the request.
fn in_place(fault: &Fault) -> Option<Reply> {
    Some(match fault {
        Fault::Unauthorized => unauthorized(),
        Fault::RateLimited { retry_after_secs } => {
            let body = json!({ "retry_after_seconds": retry_after_secs, "throttling_context": {} });
            Reply::json(429, &body)
        }
        Fault::Status { code: 520 } => refusal(
            520,
            "external_server_error",
            "Unable to connect to provider endpoint.",
        ),
        Fault::Status { code: 500 } => refusal(
            500,
            "unhandled_module_exception",
            "There was an uncaught exception.",
        ),
        Fault::Status { code } => Reply::empty(*code),
        Fault::ErrorBody => Reply::json(200, &json!({ "error": "unexpected error" })),
        Fault::Page => Reply::page(),
        Fault::Reset => Reply::empty(500),
        _ => return None,
    })
}

fn unauthorized() -> Reply {
    refusal(
        401,
        "external_unauthorized_error",
        "The credentials were refused.",
    )
}

/// An error as the contract has it.
fn refusal(status: u16, code: &str, message: &str) -> Reply {
    let error = json!({ "standardized_error_code": code, "message": message });
    Reply::json(status, &json!({ "detailed_errors": [error] }))
}
