//! One's own page: the name and role, the password, and the sessions that are open.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::form::{Faults, Form};
use super::moment::When;
use super::page::{Page, Place, show_as};
use super::user_fault;
use super::visitor::Visitor;
use crate::activity::{EventKind, Subject};
use crate::daemon::Parts;
use crate::http::path::Named;
use crate::http::problem::Problem;
use crate::id::UserSessionId;
use crate::secret::SecretText;
use crate::user::{self, UserSession};

mod agent;

#[derive(Template)]
#[template(path = "me.html")]
struct MePage {
    page: Page,
    name: String,
    role: String,
    faults: Faults,
    is_changed: bool,
    sessions: Vec<Session>,
}

struct Session {
    id: UserSessionId,
    browser: String,
    /// What the browser calls itself.
    agent: String,
    address: String,
    began: When,
    seen: When,
    is_this: bool,
}

#[derive(Debug, Deserialize)]
pub(super) struct PasswordChange {
    old: SecretText,
    new: SecretText,
}

/// The page.
pub(super) async fn page(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    show(&parts, &visitor, StatusCode::OK, Faults::default(), false).await
}

/// Another password; one's other sessions end.
pub(super) async fn password(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Form(change): Form<PasswordChange>,
) -> Result<Response, Problem> {
    let who = user::Visitor {
        user: Arc::clone(&visitor.user),
        session_id: visitor.session,
    };
    let users = &parts.users;
    match users
        .change_own_password(&who, &change.old, &change.new)
        .await
    {
        Ok(()) => {
            let subject = Subject::user(&visitor.user);
            parts
                .activity
                .note(visitor.did(EventKind::UserPasswordChanged, subject));
            show(&parts, &visitor, StatusCode::OK, Faults::default(), true).await
        }
        Err(error) => {
            let faults = user_fault::faults(error, "new", visitor.text())?;
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            show(&parts, &visitor, status, faults, false).await
        }
    }
}

/// Ends one of one's own sessions.
pub(super) async fn end_session(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(id): Named<UserSessionId>,
) -> Result<Response, Problem> {
    parts.users.end_session(&visitor.user, id).await?;
    let subject = Subject::user(&visitor.user);
    parts
        .activity
        .note(visitor.did(EventKind::UserSignedOut, subject));
    Ok(Redirect::to("/me").into_response())
}

async fn show(
    parts: &Parts,
    visitor: &Visitor,
    status: StatusCode,
    faults: Faults,
    is_changed: bool,
) -> Result<Response, Problem> {
    let sessions = parts.users.sessions(&visitor.user).await?;
    let shown = MePage {
        page: Page::new(parts, visitor, Place::Me, visitor.text().say("me-title")),
        name: visitor.user.name.to_string(),
        role: visitor
            .text()
            .say(&format!("role-{}", visitor.user.role.as_str())),
        faults,
        is_changed,
        sessions: sessions
            .into_iter()
            .map(|session| Session::of(session, visitor))
            .collect(),
    };
    show_as(status, &shown)
}

// === impl Session ===

impl Session {
    fn of(session: UserSession, visitor: &Visitor) -> Self {
        Self {
            is_this: session.id == visitor.session,
            id: session.id,
            began: visitor.when(session.created_at),
            seen: visitor.when(session.last_seen_at),
            address: session
                .address
                .map(|address| address.to_string())
                .unwrap_or_default(),
            browser: agent::shown(&session.agent, visitor.text()),
            agent: session.agent,
        }
    }
}
