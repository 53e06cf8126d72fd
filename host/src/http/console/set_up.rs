//! The first visit: whoever has the link that the daemon printed makes the first admin.

use std::net::SocketAddr;
use std::sync::Arc;

use askama::Template;
use axum::extract::{ConnectInfo, Extension, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;

use super::form::{Faults, Form};
use super::page::{Page, show_as};
use super::sign_in::{note, welcome};
use super::user_fault;
use super::visitor::Reader;
use crate::activity::EventKind;
use crate::daemon::Parts;
use crate::http::problem::Problem;
use crate::http::query::Query;
use crate::http::sender;
use crate::secret::SecretText;
use crate::user::SetUpError;

#[derive(Template)]
#[template(path = "set_up.html")]
struct SetUpPage {
    page: Page,
    token: String,
    name: String,
    faults: Faults,
}

/// What a link leads to that was used, is too old, or has a newer one in its place.
#[derive(Template)]
#[template(path = "set_up_void.html")]
struct VoidPage {
    page: Page,
}

#[derive(Debug, Deserialize)]
pub(super) struct Link {
    #[serde(default)]
    token: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct FirstAdmin {
    token: SecretText,
    name: String,
    password: SecretText,
}

/// The form, as long as the link is good.
pub(super) async fn page(
    State(parts): State<Arc<Parts>>,
    reader: Reader,
    Query(Link { token }): Query<Link>,
) -> Result<Response, Problem> {
    if !parts.users.is_set_up_token(&token).await? {
        return void(&reader);
    }
    let shown = SetUpPage {
        page: Page::of_stranger(&reader, reader.text.say("set-up-title")),
        token,
        name: String::new(),
        faults: Faults::default(),
    };
    show_as(StatusCode::OK, &shown)
}

/// Makes the first admin, who is signed in then.
pub(super) async fn submit(
    State(parts): State<Arc<Parts>>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
    reader: Reader,
    Form(given): Form<FirstAdmin>,
) -> Result<Response, Problem> {
    let from = sender::of(peer.map(|Extension(ConnectInfo(peer))| peer), &headers);
    let made = parts
        .users
        .set_up(given.token.reveal(), &given.name, &given.password, &from)
        .await;
    let error = match made {
        Ok(signed_in) => {
            note(&parts, &signed_in, &from, EventKind::UserMade);
            return Ok(welcome(&parts, &signed_in, "/orders"));
        }
        Err(SetUpError::Store(error)) => return Err(error.into()),
        Err(SetUpError::Link) => return void(&reader),
        Err(error) => error,
    };
    let shown = SetUpPage {
        page: Page::of_stranger(&reader, reader.text.say("set-up-title")),
        token: given.token.reveal().into(),
        name: given.name,
        faults: faults(&error, &reader),
    };
    show_as(StatusCode::UNPROCESSABLE_ENTITY, &shown)
}

fn void(reader: &Reader) -> Result<Response, Problem> {
    let title = reader.text.say("set-up-void-title");
    let page = Page::of_stranger(reader, title);
    show_as(StatusCode::GONE, &VoidPage { page })
}

fn faults(error: &SetUpError, reader: &Reader) -> Faults {
    let text = reader.text;
    match error {
        SetUpError::Link => Faults::one("", text.say("set-up-link-gone")),
        SetUpError::Name(error) => Faults::one("name", user_fault::name(*error, text)),
        SetUpError::NameTaken => Faults::one("name", text.say("user-name-taken")),
        SetUpError::Password(error) => Faults::one("password", user_fault::password(*error, text)),
        SetUpError::Throttled { retry_after } => Faults::one(
            "",
            text.count("sign-in-throttled", retry_after.as_secs().max(1)),
        ),
        SetUpError::Store(_) => Faults::one("", text.say("problem-ours")),
    }
}
