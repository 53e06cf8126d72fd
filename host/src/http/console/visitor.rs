//! Who looks at a page: a person who has signed in, and how that person reads.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts as RequestParts;
use bestand_plugin_api::{Quantity, Timestamp};
use jiff::tz::TimeZone;

use super::language::Language;
use super::moment::{self, When};
use super::number;
use super::text::Text;
use crate::activity::{Actor, Event, EventKind, Subject};
use crate::api_key::Role;
use crate::http::problem::{Kind, Problem};
use crate::id::AccountId;
use crate::ship_from::Buffer;
use crate::user;

/// Who looks at a page; put into the request by the [`entrance`](super::entrance).
#[derive(Clone)]
pub(super) struct Visitor {
    pub(super) user: Arc<user::User>,
    pub(super) session: crate::id::UserSessionId,
    pub(super) reader: Reader,
    /// When the request came.
    pub(super) now: Timestamp,
}

/// How somebody reads, signed in or not.
#[derive(Clone)]
pub(super) struct Reader {
    pub(super) text: Text,
    pub(super) zone: TimeZone,
}

// === impl Visitor ===

impl Visitor {
    pub(super) fn account(&self) -> AccountId {
        self.user.account_id
    }

    /// What they sign in as.
    pub(super) fn name(&self) -> &str {
        self.user.name.as_str()
    }

    /// Something that this visitor did.
    pub(super) fn did(&self, kind: EventKind, subject: Subject) -> Event {
        Event::new(
            self.account(),
            kind,
            Actor::user(self.user.name.as_str()),
            subject,
        )
    }

    pub(super) fn may(&self, role: Role) -> bool {
        self.user.role >= role
    }

    pub(super) fn text(&self) -> Text {
        self.reader.text
    }

    /// A moment as this visitor reads it.
    pub(super) fn when(&self, at: Timestamp) -> When {
        When::of(at, self.now, &self.reader.zone, self.reader.text)
    }

    /// A count as this visitor reads it.
    pub(super) fn whole(&self, count: u64) -> String {
        number::whole(self.language(), i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// A quantity as this visitor reads it.
    pub(super) fn quantity(&self, quantity: Quantity) -> String {
        number::quantity(self.language(), quantity)
    }

    /// What a location keeps back.
    pub(super) fn buffer(&self, buffer: Buffer) -> String {
        match buffer {
            Buffer::Units(units) => self.quantity(units),
            Buffer::Share(share) => {
                let percent = self.quantity(share.percent());
                self.text().with("percent", &[("number", percent.into())])
            }
        }
    }

    /// The same of one that may not be known.
    pub(super) fn quantity_or_unknown(&self, quantity: Option<Quantity>) -> String {
        quantity.map_or_else(
            || number::UNKNOWN.into(),
            |quantity| self.quantity(quantity),
        )
    }

    pub(super) fn language(&self) -> Language {
        self.reader.text.language()
    }
}

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut RequestParts, _: &S) -> Result<Self, Problem> {
        let visitor = parts.extensions.get::<Self>().cloned();
        visitor.ok_or_else(|| Problem::new(Kind::Unauthenticated, "sign in first"))
    }
}

// === impl Reader ===

impl Reader {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        Self {
            text: Text::new(Language::of(headers)),
            zone: moment::zone(headers),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Reader {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut RequestParts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::of(&parts.headers))
    }
}
