//! Signing in and out.

use std::net::SocketAddr;
use std::sync::Arc;

use askama::Template;
use axum::extract::{ConnectInfo, Extension, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::cookie::{self, Cookie};
use super::entrance::{self, safe_next};
use super::form::Form;
use super::page::{Page, show_as};
use super::visitor::{Reader, Visitor};
use crate::activity::{Actor, Event, EventKind, Subject};
use crate::daemon::Parts;
use crate::http::problem::Problem;
use crate::http::query::Query;
use crate::http::sender;
use crate::secret::SecretText;
use crate::user::{self, LIFE_MAX, SignInError, SignedIn};

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    page: Page,
    next: String,
    name: String,
    error: String,
    /// Whether nobody has an account yet.
    is_new: bool,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Next {
    next: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Credentials {
    name: String,
    password: SecretText,
    next: Option<String>,
}

/// The form.
pub(super) async fn page(
    State(parts): State<Arc<Parts>>,
    reader: Reader,
    Query(Next { next }): Query<Next>,
) -> Result<Response, Problem> {
    let shown = SignInPage {
        page: Page::of_stranger(&reader, reader.text.say("sign-in-title")),
        next: safe_next(next.as_deref()).into(),
        name: String::new(),
        error: String::new(),
        is_new: parts.users.set_up_link_needed(parts.account.id).await?,
    };
    show_as(StatusCode::OK, &shown)
}

/// Signs in and goes on to where the visitor wanted to be.
pub(super) async fn submit(
    State(parts): State<Arc<Parts>>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
    reader: Reader,
    Form(given): Form<Credentials>,
) -> Result<Response, Problem> {
    let from = sender::of(peer.map(|Extension(ConnectInfo(peer))| peer), &headers);
    let next = safe_next(given.next.as_deref()).to_owned();
    let error = match parts
        .users
        .sign_in(&given.name, &given.password, &from)
        .await
    {
        Ok(signed_in) => {
            note(&parts, &signed_in, &from, EventKind::UserSignedIn);
            return Ok(welcome(&parts, &signed_in, &next));
        }
        Err(SignInError::Store(error)) => return Err(error.into()),
        Err(error) => error,
    };
    note_refused(&parts, &given.name, &error, &from);
    let status = match error {
        SignInError::Throttled { .. } => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::UNAUTHORIZED,
    };
    let shown = SignInPage {
        page: Page::of_stranger(&reader, reader.text.say("sign-in-title")),
        next,
        name: given.name,
        error: sentence(&error, &reader),
        is_new: false,
    };
    show_as(status, &shown)
}

/// Signs out.
pub(super) async fn out(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if let Some(token) = cookie::find(&headers, entrance::COOKIE) {
        parts.users.sign_out(token).await?;
    }
    let subject = Subject::user(&visitor.user);
    parts
        .activity
        .note(visitor.did(EventKind::UserSignedOut, subject));
    let gone = session_cookie(&parts, "", 0).header();
    Ok(([(header::SET_COOKIE, gone)], Redirect::to("/sign-in")).into_response())
}

/// Hands the session over.
pub(super) fn welcome(parts: &Parts, signed_in: &SignedIn, next: &str) -> Response {
    let token = signed_in.token.reveal();
    let cookie = session_cookie(parts, token, LIFE_MAX.as_secs()).header();
    ([(header::SET_COOKIE, cookie)], Redirect::to(next)).into_response()
}

/// Notes what somebody did who is signed in since.
pub(super) fn note(parts: &Parts, signed_in: &SignedIn, from: &user::From, kind: EventKind) {
    let user = &signed_in.user;
    let actor = Actor::user(user.name.as_str());
    let event = Event::new(user.account_id, kind, actor, Subject::user(user));
    parts.activity.note(located(event, from));
}

/// Notes that somebody was refused. Who is told to wait is not noted again: a flood of tries would push out all else.
fn note_refused(parts: &Parts, name: &str, error: &SignInError, from: &user::From) {
    let reason = match error {
        SignInError::Wrong => "wrong",
        SignInError::Disabled => "disabled",
        SignInError::Throttled { .. } | SignInError::Store(_) => return,
    };
    let (account, subject) = (parts.account.id, Subject::somebody(name));
    let event = Event::new(account, EventKind::UserRefused, Actor::DAEMON, subject);
    parts
        .activity
        .note(located(event.with("reason", reason), from));
}

fn located(event: Event, from: &user::From) -> Event {
    match from.address {
        Some(address) => event.with("address", address.to_string()),
        None => event,
    }
}

fn session_cookie<'a>(parts: &Parts, value: &'a str, keep_secs: u64) -> Cookie<'a> {
    let public = parts.config.server.public_url.as_deref();
    Cookie {
        name: entrance::COOKIE,
        value,
        keep_secs,
        is_secret: true,
        over_tls: public.is_some_and(|url| url.starts_with("https:")),
    }
}

fn sentence(error: &SignInError, reader: &Reader) -> String {
    match error {
        SignInError::Throttled { retry_after } => reader
            .text
            .count("sign-in-throttled", retry_after.as_secs().max(1)),
        SignInError::Disabled => reader.text.say("sign-in-disabled"),
        SignInError::Wrong | SignInError::Store(_) => reader.text.say("sign-in-wrong"),
    }
}
