//! The people who sign in: who they are and what they may do, for admins.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::form::{Faults, Form};
use super::page::{Page, Place, show, show_as};
use super::user_fault;
use super::visitor::Visitor;
use crate::activity::{EventKind, Subject};
use crate::api_key::Role;
use crate::daemon::Parts;
use crate::http::path::Named;
use crate::http::problem::{Kind, Problem};
use crate::id::UserId;
use crate::store;
use crate::user::{User, UserError};

mod draft;
mod shown;

use draft::{NewPassword, NewRole, NewUser};
use shown::ShownUser;

/// What people may be, with what the role lets them do.
type Roles = [(&'static str, String, String); 3];

#[derive(Template)]
#[template(path = "users/list.html")]
struct ListPage {
    page: Page,
    users: Vec<ShownUser>,
    /// What was typed for one more: the name and the role.
    name: String,
    role: Role,
    faults: Faults,
    roles: Roles,
}

#[derive(Template)]
#[template(path = "users/details.html")]
struct DetailsPage {
    page: Page,
    user: ShownUser,
    faults: Faults,
    roles: Roles,
}

/// All of them, and the form for one more.
pub(super) async fn list(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let page = list_page(&parts, &visitor, "", Role::Reader, Faults::default());
    show(&page.await?)
}

/// One more.
pub(super) async fn add(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Form(new): Form<NewUser>,
) -> Result<Response, Problem> {
    let (name, role) = (new.name.as_str(), new.role);
    let added = parts
        .users
        .add(visitor.account(), name, role, &new.password);
    match added.await {
        Ok(user) => {
            let made = visitor.did(EventKind::UserMade, Subject::user(&user));
            parts.activity.note(made.with("role", user.role.as_str()));
            Ok(Redirect::to("/users").into_response())
        }
        Err(error) => {
            let faults = user_fault::faults(error, "password", visitor.text())?;
            let page = list_page(&parts, &visitor, name, role, faults).await?;
            show_as(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

/// One of them.
pub(super) async fn details(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(id): Named<UserId>,
) -> Result<Response, Problem> {
    let user = find(&parts, &visitor, id).await?;
    show(&details_page(&parts, &visitor, &user, Faults::default()))
}

/// Another role.
pub(super) async fn change_role(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(id): Named<UserId>,
    Form(new): Form<NewRole>,
) -> Result<Response, Problem> {
    let before = find(&parts, &visitor, id).await?;
    let changed = parts.users.change_role(visitor.account(), id, new.role);
    let changed = changed.await;
    if let Ok(user) = &changed {
        let event = visitor.did(EventKind::UserRoleChanged, Subject::user(user));
        let event = event.with("from", before.role.as_str());
        parts.activity.note(event.with("to", user.role.as_str()));
    }
    answer(&parts, &visitor, &before, changed.map(drop))
}

/// Another password, for who has forgotten theirs.
pub(super) async fn set_password(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(id): Named<UserId>,
    Form(new): Form<NewPassword>,
) -> Result<Response, Problem> {
    let user = find(&parts, &visitor, id).await?;
    let set = parts
        .users
        .set_password(visitor.account(), id, &new.password);
    let set = set.await;
    if set.is_ok() {
        note(&parts, &visitor, EventKind::UserPasswordChanged, &user);
    }
    answer(&parts, &visitor, &user, set)
}

/// May not sign in any more.
pub(super) async fn disable(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(id): Named<UserId>,
) -> Result<Response, Problem> {
    let before = find(&parts, &visitor, id).await?;
    let disabled = parts.users.disable(visitor.account(), id).await;
    if let Ok(user) = &disabled {
        note(&parts, &visitor, EventKind::UserDisabled, user);
    }
    answer(&parts, &visitor, &before, disabled.map(drop))
}

/// May sign in again.
pub(super) async fn enable(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(id): Named<UserId>,
) -> Result<Response, Problem> {
    let before = find(&parts, &visitor, id).await?;
    let enabled = parts.users.enable(visitor.account(), id).await;
    if let Ok(user) = &enabled {
        note(&parts, &visitor, EventKind::UserEnabled, user);
    }
    answer(&parts, &visitor, &before, enabled.map(drop))
}

/// Is gone.
pub(super) async fn remove(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(id): Named<UserId>,
) -> Result<Response, Problem> {
    let before = find(&parts, &visitor, id).await?;
    let removed = parts.users.remove(visitor.account(), id).await;
    if let Ok(user) = &removed {
        note(&parts, &visitor, EventKind::UserRemoved, user);
    }
    answer(&parts, &visitor, &before, removed.map(drop))
}

async fn find(parts: &Parts, visitor: &Visitor, id: UserId) -> Result<User, Problem> {
    match parts.users.find(visitor.account(), id).await {
        Err(store::Error::NotFound { .. }) => {
            let missing = visitor.text().say("user-missing");
            Err(Problem::for_visitor(Kind::NotFound, missing))
        }
        found => Ok(found?),
    }
}

fn note(parts: &Parts, visitor: &Visitor, kind: EventKind, user: &User) {
    parts.activity.note(visitor.did(kind, Subject::user(user)));
}

/// Back to the list; or, where it was refused, the user's page with the sentence that says why.
fn answer(
    parts: &Parts,
    visitor: &Visitor,
    user: &User,
    done: Result<(), UserError>,
) -> Result<Response, Problem> {
    let Err(error) = done else {
        return Ok(Redirect::to("/users").into_response());
    };
    let faults = user_fault::faults(error, "password", visitor.text())?;
    let page = details_page(parts, visitor, user, faults);
    show_as(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

async fn list_page(
    parts: &Parts,
    visitor: &Visitor,
    name: &str,
    role: Role,
    faults: Faults,
) -> Result<ListPage, Problem> {
    let title = visitor.text().say("users-title");
    let users = parts.users.list(visitor.account()).await?;
    Ok(ListPage {
        page: Page::new(parts, visitor, Place::Users, title),
        users: users
            .iter()
            .map(|user| ShownUser::of(user, visitor))
            .collect(),
        name: name.to_owned(),
        role,
        faults,
        roles: roles(visitor),
    })
}

fn details_page(parts: &Parts, visitor: &Visitor, user: &User, faults: Faults) -> DetailsPage {
    DetailsPage {
        page: Page::new(parts, visitor, Place::Users, user.name.as_str()),
        user: ShownUser::of(user, visitor),
        faults,
        roles: roles(visitor),
    }
}

fn roles(visitor: &Visitor) -> Roles {
    let text = visitor.text();
    ["reader", "operator", "admin"].map(|role| {
        let hint = text.say(&format!("user-role-{role}"));
        (role, text.say(&format!("role-{role}")), hint)
    })
}
