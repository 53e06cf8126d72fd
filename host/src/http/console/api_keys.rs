//! API keys: the list, a new one, and for one of them a new secret or its end. A secret is shown once, on the answer to
//! the form that made it.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use bestand_plugin_api::Timestamp;

use super::form::{Faults, Form};
use super::moment::When;
use super::page::{Page, Place, show, show_as};
use super::visitor::Visitor;
use crate::activity::{EventKind, Subject};
use crate::api_key::Issued;
use crate::daemon::Parts;
use crate::http::api::api_keys::RegenerateQuery;
use crate::http::path::Named;
use crate::http::problem::{Kind, Problem};
use crate::id::ApiKeyId;
use crate::store::{self, api_key::StoredKey};

mod draft;
mod partner;
mod shown;

use draft::{Draft, faults};
use partner::Partner;
use shown::ShownKey;

/// For how long the old secret may still work, in seconds: the text that says so, and a day for who does not choose.
const GRACES: [(u64, &str); 5] = [
    (86_400, "key-grace-day"),
    (3_600, "key-grace-hour"),
    (7 * 86_400, "key-grace-week"),
    (30 * 86_400, "key-grace-month"),
    (0, "key-grace-none"),
];

#[derive(Template)]
#[template(path = "api_keys/list.html")]
struct ListPage {
    page: Page,
    keys: Vec<ShownKey>,
    draft: Draft,
    faults: Faults,
    roles: [(&'static str, String, String); 4],
    partners: Vec<Partner>,
}

#[derive(Template)]
#[template(path = "api_keys/details.html")]
struct DetailsPage {
    page: Page,
    key: ShownKey,
    /// Which key it is, since when it is used, and what a new secret does to whoever uses it.
    warning: String,
    /// Until when the secret before the present one works, while it does.
    previous: Option<When>,
    graces: Vec<Grace>,
}

/// For how long the old secret may still work.
struct Grace {
    secs: u64,
    label: String,
}

/// A pair, shown once.
#[derive(Template)]
#[template(path = "api_keys/issued.html")]
struct IssuedPage {
    page: Page,
    name: String,
    key: String,
    secret: String,
    /// What became of the secret before; empty for a new key.
    before: String,
}

/// All of them, and the form for one more.
pub(super) async fn list(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    show(&list_page(&parts, &visitor, Draft::default(), Faults::default()).await?)
}

/// One more.
pub(super) async fn make(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Form(draft): Form<Draft>,
) -> Result<Response, Problem> {
    let now = visitor.now;
    let new = match draft.to_new(&visitor).and_then(|new| new.checked(now)) {
        Ok(new) => new,
        Err(problem) => {
            let faults = faults(&problem, visitor.text());
            let page = list_page(&parts, &visitor, draft, faults).await?;
            return show_as(StatusCode::UNPROCESSABLE_ENTITY, &page);
        }
    };
    let issued = parts.keyring.create(visitor.account(), new, now).await?;
    let subject = Subject::api_key(&issued.api_key);
    let made = visitor.did(EventKind::ApiKeyMade, subject);
    parts
        .activity
        .note(made.with("role", issued.api_key.role.as_str()));
    show(&IssuedPage::of(&parts, &visitor, &issued, String::new()))
}

/// One of them.
pub(super) async fn details(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(id): Named<ApiKeyId>,
) -> Result<Response, Problem> {
    let stored = find(&parts, &visitor, id).await?;
    show(&DetailsPage::of(&parts, &visitor, &stored))
}

/// A new secret for one of them.
pub(super) async fn regenerate(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(id): Named<ApiKeyId>,
    Form(choice): Form<RegenerateQuery>,
) -> Result<Response, Problem> {
    let grace = choice.grace()?;
    let (account, now) = (visitor.account(), visitor.now);
    let issued = parts.keyring.regenerate(account, id, grace, now).await?;
    let subject = Subject::api_key(&issued.api_key);
    let made = visitor.did(EventKind::ApiKeyRegenerated, subject);
    parts
        .activity
        .note(made.with("grace_secs", grace.as_secs()));
    let before = match grace {
        Duration::ZERO => visitor.text().say("key-old-ended"),
        grace => {
            let until = visitor.when(now.after(grace));
            visitor.text().name("key-old-until", until.exact)
        }
    };
    show(&IssuedPage::of(&parts, &visitor, &issued, before))
}

/// The end of one of them.
pub(super) async fn revoke(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(id): Named<ApiKeyId>,
) -> Result<Response, Problem> {
    let stored = find(&parts, &visitor, id).await?;
    let keyring = &parts.keyring;
    keyring.revoke(visitor.account(), id, visitor.now).await?;
    let subject = Subject::api_key(&stored.api_key);
    parts
        .activity
        .note(visitor.did(EventKind::ApiKeyRevoked, subject));
    Ok(Redirect::to("/api-keys").into_response())
}

async fn find(parts: &Parts, visitor: &Visitor, id: ApiKeyId) -> Result<StoredKey, Problem> {
    let found = store::api_key::find(&parts.db, visitor.account(), id).await?;
    found.ok_or_else(|| Problem::for_visitor(Kind::NotFound, visitor.text().say("key-missing")))
}

async fn list_page(
    parts: &Parts,
    visitor: &Visitor,
    draft: Draft,
    faults: Faults,
) -> Result<ListPage, Problem> {
    let text = visitor.text();
    let partners = Partner::all(parts);
    let keys = parts.keyring.list(visitor.account()).await?;
    // The newest first: that is the one somebody has just made.
    let keys = keys.iter().rev();
    Ok(ListPage {
        page: Page::new(parts, visitor, Place::ApiKeys, text.say("keys-title")),
        keys: keys
            .map(|key| ShownKey::of(key, &partners, visitor))
            .collect(),
        draft,
        faults,
        roles: ["reader", "operator", "admin", "partner"].map(|role| {
            let hint = text.say(&format!("key-role-{role}"));
            (role, text.say(&format!("role-{role}")), hint)
        }),
        partners,
    })
}

// === impl DetailsPage ===

impl DetailsPage {
    fn of(parts: &Parts, visitor: &Visitor, stored: &StoredKey) -> Self {
        let key = ShownKey::of(&stored.api_key, &Partner::all(parts), visitor);
        let still_works = |until: &Timestamp| *until > visitor.now;
        let previous = stored.previous.as_ref().map(|(_, until)| *until);
        Self {
            page: Page::new(parts, visitor, Place::ApiKeys, key.name.clone()),
            warning: warning(&key, visitor),
            previous: previous
                .filter(still_works)
                .map(|until| visitor.when(until)),
            graces: GRACES.map(|grace| Grace::of(grace, visitor)).into(),
            key,
        }
    }
}

fn warning(key: &ShownKey, visitor: &Visitor) -> String {
    let (name, since) = (key.name.as_str(), key.made.exact.as_str());
    match &key.used {
        Some(used) => visitor.text().with(
            "key-renew-used",
            &[
                ("name", name.into()),
                ("since", since.into()),
                ("used", used.ago.as_str().into()),
            ],
        ),
        None => visitor.text().with(
            "key-renew-unused",
            &[("name", name.into()), ("since", since.into())],
        ),
    }
}

// === impl Grace ===

impl Grace {
    fn of((secs, label): (u64, &str), visitor: &Visitor) -> Self {
        let until = visitor.when(visitor.now.after(Duration::from_secs(secs)));
        Self {
            secs,
            label: visitor.text().name(label, until.exact),
        }
    }
}

// === impl IssuedPage ===

impl IssuedPage {
    fn of(parts: &Parts, visitor: &Visitor, issued: &Issued, before: String) -> Self {
        let name = &issued.api_key.name;
        Self {
            page: Page::new(parts, visitor, Place::ApiKeys, name.clone()),
            name: name.clone(),
            key: issued.api_key.key.clone(),
            secret: issued.secret.reveal().to_owned(),
            before,
        }
    }
}
