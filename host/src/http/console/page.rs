//! What every page has around its own content.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use fluent_bundle::FluentValue;

use super::assets;
use super::entrance::PRIVATE;
use super::language::Language;
use super::text::Text;
use super::visitor::{Reader, Visitor};
use crate::api_key::Role;
use crate::daemon::Parts;
use crate::http::problem::Problem;

/// A page of the console, as the menu names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Orders,
    Products,
    LowStock,
    Status,
    ShipFromLocations,
    InventorySources,
    Connections,
    Plugins,
    Activity,
    Webhooks,
    ApiKeys,
    Users,
    /// One's own name, password and sessions.
    Me,
    /// Outside of the menu.
    Elsewhere,
}

/// What stands around a page's content.
#[derive(Clone)]
pub(super) struct Page {
    text: Text,
    pub(super) here: Place,
    /// The id of the text that is the title.
    title: String,
    visitor: Option<Visitor>,
    /// What runs without a signature, so that nobody forgets it.
    pub(super) unsigned: String,
}

/// A line of the menu.
pub(super) struct MenuItem {
    pub(super) path: &'static str,
    pub(super) label: String,
    pub(super) icon: &'static str,
    pub(super) is_here: bool,
}

/// The menu: place, path, the text's and the icon's name, and who sees it.
const MENU: [(Place, &str, &str, &str, Role); 12] = [
    (Place::Orders, "/orders", "orders", "orders", Role::Reader),
    (
        Place::Products,
        "/products",
        "products",
        "products",
        Role::Reader,
    ),
    (
        Place::LowStock,
        "/low-stock",
        "low-stock",
        "low",
        Role::Reader,
    ),
    (
        Place::ShipFromLocations,
        LOCATIONS,
        "locations",
        "location",
        Role::Reader,
    ),
    (
        Place::InventorySources,
        SOURCES,
        "sources",
        "source",
        Role::Reader,
    ),
    (
        Place::Connections,
        "/connections",
        "connections",
        "connection",
        Role::Reader,
    ),
    (Place::Status, "/status", "status", "status", Role::Reader),
    (
        Place::Activity,
        "/activity",
        "activity",
        "activity",
        Role::Reader,
    ),
    (
        Place::Plugins,
        "/plugins",
        "plugins",
        "plugin",
        Role::Reader,
    ),
    (
        Place::Webhooks,
        "/webhooks",
        "webhooks",
        "webhook",
        Role::Operator,
    ),
    (Place::ApiKeys, "/api-keys", "keys", "key", Role::Admin),
    (Place::Users, "/users", "users", "user", Role::Admin),
];
const LOCATIONS: &str = "/ship-from-locations";
const SOURCES: &str = "/inventory-sources";

// === impl Page ===

impl Page {
    /// The page of a visitor.
    pub(super) fn new(
        parts: &Parts,
        visitor: &Visitor,
        here: Place,
        title: impl Into<String>,
    ) -> Self {
        Self {
            text: visitor.text(),
            here,
            title: title.into(),
            visitor: Some(visitor.clone()),
            unsigned: parts.connections.directory().unsigned().join(", "),
        }
    }

    /// A page for somebody who has not signed in.
    pub(super) fn of_stranger(reader: &Reader, title: impl Into<String>) -> Self {
        Self {
            text: reader.text,
            here: Place::Elsewhere,
            title: title.into(),
            visitor: None,
            unsigned: String::new(),
        }
    }

    pub(super) fn title(&self) -> &str {
        &self.title
    }

    pub(super) fn lang(&self) -> &'static str {
        self.text.language().tag()
    }

    pub(super) fn languages(&self) -> [Language; 2] {
        Language::ALL
    }

    pub(super) fn say(&self, id: &str) -> String {
        self.text.say(id)
    }

    pub(super) fn name(&self, id: &str, name: &str) -> String {
        self.text
            .with(id, &[("name", FluentValue::from(name.to_owned()))])
    }

    pub(super) fn icon(&self, name: &str) -> String {
        super::icon::svg(name)
    }

    pub(super) fn is_me(&self) -> bool {
        self.here == Place::Me
    }

    pub(super) fn asset(&self, name: &str) -> String {
        assets::path(name)
    }

    pub(super) fn user(&self) -> &str {
        self.visitor
            .as_ref()
            .map_or("", |visitor| visitor.user.name.as_str())
    }

    pub(super) fn is_operator(&self) -> bool {
        self.may(Role::Operator)
    }

    pub(super) fn is_admin(&self) -> bool {
        self.may(Role::Admin)
    }

    pub(super) fn menu(&self) -> Vec<MenuItem> {
        let seen = MENU.into_iter().filter(|(.., role)| self.may(*role));
        let item = |(place, path, text, icon, _): (Place, _, &str, _, _)| MenuItem {
            path,
            label: self.say(&format!("menu-{text}")),
            icon,
            is_here: place == self.here,
        };
        seen.map(item).collect()
    }

    fn may(&self, role: Role) -> bool {
        self.visitor
            .as_ref()
            .is_some_and(|visitor| visitor.may(role))
    }
}

/// A page or a part of one, filled.
pub(super) fn show(template: &impl Template) -> Result<Response, Problem> {
    show_as(StatusCode::OK, template)
}

/// The same under another status.
pub(super) fn show_as(status: StatusCode, template: &impl Template) -> Result<Response, Problem> {
    let html = template
        .render()
        .map_err(|error| Problem::internal(&error))?;
    Ok((status, [PRIVATE], Html(html)).into_response())
}
