//! From a request to an answer: the fault that hits it, the credentials, the limits, the resource.

use std::sync::{Mutex, MutexGuard};

use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::account::Account;
use super::collections::{self, Query};
use super::fault::Fault;
use super::graphql;
use super::limits::Class;
use super::reply::Reply;
use super::requests::Request;
use super::resource::{Collection, Resource};
use crate::clock::Clock;

/// What the server's handlers share.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) account_name: String,
    /// The one `Authorization` header that is let in.
    authorization: String,
    pub(crate) clock: Clock,
    /// Held for the length of one answer, never across an await.
    account: Mutex<Account>,
}

/// A request, read to its end.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) account_name: String,
    pub(crate) resource: Resource,
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) query: Query,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Service {
    pub(crate) fn new(account: Account, key: &str, secret: &str, clock: Clock) -> Self {
        Self {
            account_name: account.book.account().to_owned(),
            authorization: format!("Basic {}", STANDARD.encode(format!("{key}:{secret}"))),
            clock,
            account: Mutex::new(account),
        }
    }

    pub(crate) fn account(&self) -> MutexGuard<'_, Account> {
        self.account
            .lock()
            .expect("no holder of the account panics")
    }

    /// Answers one call, spoiled by the fault that hits it.
    pub(crate) fn answer(&self, call: Call) -> Response {
        let now = self.clock.now();
        let mut account = self.account();
        let fault = account.faults.take(&call.method, &call.resource);
        let in_place = fault.as_ref().and_then(|fault| Reply::in_place(fault, now));
        let reply = in_place.unwrap_or_else(|| self.reply(&mut account, &call, fault.as_ref()));
        let dropped = matches!(fault, Some(Fault::Reset | Fault::DroppedAfterCommit));
        account.requests.push(Request {
            at: now,
            method: call.method.to_string(),
            path: call.uri.path().to_owned(),
            query: call.uri.query().map(str::to_owned),
            body: String::from_utf8_lossy(&call.body).into_owned(),
            status: (!dropped).then_some(reply.status.as_u16()),
        });
        reply.send(fault.as_ref(), now)
    }

    fn reply(&self, account: &mut Account, call: &Call, fault: Option<&Fault>) -> Reply {
        if call.account_name != self.account_name {
            return Reply::not_found();
        }
        let presented = call
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        if presented != Some(self.authorization.as_str()) {
            return Reply::unauthorized();
        }
        match account.limits.count(call.class(), self.clock.now()) {
            Err(standing) => Reply::rate_limited(standing),
            Ok(standing) => self.route(account, call, fault).with_standing(standing),
        }
    }

    fn route(&self, account: &mut Account, call: &Call, fault: Option<&Fault>) -> Reply {
        let now = self.clock.now();
        match (&call.method, &call.resource) {
            (&Method::GET, Resource::Collection(collection)) => {
                read_collection(account, *collection, call, fault)
            }
            (&Method::GET, Resource::Product { part }) => {
                found(collections::product(account, part))
            }
            (&Method::GET, Resource::Variance { id }) => found(account.variance(id)),
            (&Method::POST, Resource::Collection(Collection::InventoryVariance)) => {
                written(account.post_variance(&call.body, now))
            }
            (&Method::POST, Resource::VarianceAction { id, action }) => account
                .act_on_variance(id, action, now)
                .map_or_else(Reply::not_found, written),
            (&Method::POST, Resource::GraphQl) => {
                Reply::json(&graphql::execute(&account.book, &call.body))
            }
            (_, Resource::Unknown) => Reply::not_found(),
            _ => Reply::refusal(StatusCode::METHOD_NOT_ALLOWED, "method not allowed"),
        }
    }
}

impl Call {
    fn class(&self) -> Class {
        match (&self.method, self.resource.is_collection()) {
            (&Method::POST, _) => Class::Post,
            (_, true) => Class::Collection,
            (_, false) => Class::Get,
        }
    }
}

fn read_collection(
    account: &Account,
    collection: Collection,
    call: &Call,
    fault: Option<&Fault>,
) -> Reply {
    match collections::read(account, collection, &call.query) {
        Err(message) => Reply::refusal(StatusCode::BAD_REQUEST, &message),
        Ok(mut columns) => {
            if fault == Some(&Fault::DuplicatedRows) {
                columns.double();
            }
            Reply::json(&columns.into_json())
        }
    }
}

fn found(record: Option<Value>) -> Reply {
    record.map_or_else(Reply::not_found, |record| Reply::json(&record))
}

fn written(outcome: Result<Value, String>) -> Reply {
    match outcome {
        Ok(record) => Reply::json(&record),
        Err(message) => Reply::refusal(StatusCode::BAD_REQUEST, &message),
    }
}
