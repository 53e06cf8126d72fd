//! Who may call what: each route says so by its [`Access`], and each request by its key and secret.

use std::net::SocketAddr;
use std::str;

use axum::extract::{ConnectInfo, FromRequestParts, Request};
use axum::http::request;
use axum::http::{HeaderMap, HeaderValue, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::problem::{Kind, Problem};
use crate::activity::{Actor, Event, EventKind, Subject};
use crate::api_key::{self, Keyring, Refused, Role};
use crate::clock::Clock;
use crate::source::Owner;

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody, without credentials.
    Anyone,
    /// A program on this machine without credentials, or a key that may read.
    Local,
    /// A key of this role or a higher one.
    Key(Role),
}

/// Who calls: put into the request by the gate, taken out by handlers.
#[derive(Clone, Debug)]
pub struct Caller(pub api_key::Caller);

/// What a request says of who sent it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sender<'a> {
    headers: &'a HeaderMap,
    /// The other end of the connection.
    peer: Option<SocketAddr>,
}

/// Whether somebody calls whom the details may be told: a program on this machine, or a key that may read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trust {
    /// The details are for others.
    Stranger,
    /// They may be told.
    Insider,
}

/// Longest credentials taken, in bytes of base64: key and secret have less than a hundred.
const CREDENTIALS_BYTES_MAX: usize = 512;

/// Headers that a proxy adds; what comes through one only seems to come from this machine.
const PROXY_HEADERS: [&str; 3] = ["forwarded", "x-forwarded-for", "x-real-ip"];

const CHALLENGE: HeaderValue =
    HeaderValue::from_static("Basic realm=\"bestand\", charset=\"UTF-8\"");

// === impl Access ===

impl Access {
    /// Lets the request through, with the caller's key where one is needed.
    ///
    /// # Errors
    /// 401 and 403, and 503 when the keys cannot be looked up.
    pub(super) async fn admit(
        self,
        sender: Sender<'_>,
        keyring: &Keyring,
        clock: &Clock,
    ) -> Result<Option<api_key::Caller>, Problem> {
        let needed = match self {
            Self::Anyone => return Ok(None),
            Self::Local if sender.is_local() => return Ok(None),
            Self::Local => Role::Reader,
            Self::Key(role) => role,
        };
        let caller = authenticate(sender.headers, keyring, clock).await?;
        match caller.role >= needed {
            true => Ok(Some(caller)),
            false => Err(forbidden(caller.role, needed)),
        }
    }
}

async fn authenticate(
    headers: &HeaderMap,
    keyring: &Keyring,
    clock: &Clock,
) -> Result<api_key::Caller, Problem> {
    let mut buffer = [0; CREDENTIALS_BYTES_MAX];
    let (key, secret) = credentials(headers, &mut buffer)?;
    let now = clock.now();
    let answer = match keyring.authenticate_held(key, secret, now) {
        Some(answer) => answer,
        None => keyring.authenticate(key, secret, now).await,
    };
    answer.map_err(|refused| match refused {
        Refused::Store(error) => error.into(),
        refused => unauthenticated(&refused.to_string()),
    })
}

/// Key and secret of HTTP Basic, decoded into `buffer`.
fn credentials<'a>(
    headers: &HeaderMap,
    buffer: &'a mut [u8; CREDENTIALS_BYTES_MAX],
) -> Result<(&'a str, &'a str), Problem> {
    let value = headers.get(header::AUTHORIZATION).ok_or_else(|| {
        unauthenticated("send an API key and its secret as user name and password of HTTP Basic")
    })?;
    let (scheme, encoded) = value
        .to_str()
        .ok()
        .and_then(|text| text.split_once(' '))
        .ok_or_else(|| {
            unauthenticated("the Authorization header is not `Basic` and credentials")
        })?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(unauthenticated(
            "only HTTP Basic is taken: an API key as user name, its secret as password",
        ));
    }
    let broken = || unauthenticated("the credentials are not `key:secret` in base64");
    let length = STANDARD
        .decode_slice(encoded.trim(), buffer)
        .map_err(|_| broken())?;
    let pair = str::from_utf8(&buffer[..length]).map_err(|_| broken())?;
    pair.split_once(':').ok_or_else(broken)
}

fn unauthenticated(detail: &str) -> Problem {
    Problem::new(Kind::Unauthenticated, detail).with_header(header::WWW_AUTHENTICATE, CHALLENGE)
}

fn forbidden(has: Role, needed: Role) -> Problem {
    let detail = format!(
        "this needs a key with the role `{}` or a higher one; this one has `{}`",
        needed.as_str(),
        has.as_str()
    );
    Problem::new(Kind::Forbidden, detail)
}

// === impl Sender ===

impl<'a> Sender<'a> {
    /// Who sent `request`.
    pub(super) fn of(request: &'a Request) -> Self {
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
        Self {
            headers: request.headers(),
            peer: peer.map(|ConnectInfo(address)| *address),
        }
    }

    /// Whether the request comes from this machine, and not through a proxy on it.
    fn is_local(self) -> bool {
        let proxied = PROXY_HEADERS
            .iter()
            .any(|name| self.headers.contains_key(*name));
        !proxied
            && self
                .peer
                .is_some_and(|peer| peer.ip().to_canonical().is_loopback())
    }
}

// === impl Trust ===

impl Trust {
    /// How far a request may be told things that are not for everybody. Wrong credentials are no reason to refuse.
    pub(super) async fn of(sender: Sender<'_>, keyring: &Keyring, clock: &Clock) -> Self {
        match Access::Local.admit(sender, keyring, clock).await {
            Ok(_) => Self::Insider,
            Err(_) => Self::Stranger,
        }
    }
}

// === impl Caller ===

impl Caller {
    /// Something that this caller did.
    #[must_use]
    pub fn did(&self, kind: EventKind, subject: Subject) -> Event {
        Event::new(self.0.account_id, kind, Actor::of_caller(&self.0), subject)
    }

    /// Whether what is this owner's is for this caller: a partner sees only its own.
    #[must_use]
    pub fn may_see(&self, owner: &Owner) -> bool {
        let partner = self.0.partner.as_deref();
        self.0.role > Role::Partner || partner.is_some_and(|partner| owner.is(partner))
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut request::Parts, _: &S) -> Result<Self, Problem> {
        let caller = parts.extensions.get::<Self>().cloned();
        // Only a route that is open to anybody has no caller, and its handler must not ask for one.
        caller.ok_or_else(|| unauthenticated("this needs an API key and its secret"))
    }
}
