//! Somebody at a browser: signed in or not, reading one language, following links and sending forms.

use axum::body::Body;
use axum::http::{Request, Response, header};
use bestand::api_key::Role;
use bestand::user::{From, User};
use tower::ServiceExt;

use super::form::Form;
use super::page::Page;
use crate::support::Api;

/// Everybody's password.
pub(super) const PASSWORD: &str = "a long walk by the harbour";

/// Somebody at a browser.
pub(super) struct Person<'a> {
    pub(super) api: &'a Api,
    language: &'static str,
    cookie: Option<String>,
}

// === impl Person ===

impl<'a> Person<'a> {
    /// Who has not signed in.
    pub(super) const fn stranger(api: &'a Api) -> Self {
        Self {
            api,
            language: "en",
            cookie: None,
        }
    }

    /// A new user of this role, called as the role, signed in.
    pub(super) async fn of(api: &'a Api, role: Role) -> Self {
        add(api, role.as_str(), role).await;
        Self::stranger(api).signed_in(role.as_str()).await
    }

    pub(super) fn reading_german(self) -> Self {
        Self {
            language: "de",
            ..self
        }
    }

    /// The same person with another session.
    pub(super) async fn signed_in(self, name: &str) -> Self {
        let (users, from) = (&self.api.parts.users, From::default());
        let signed_in = users.sign_in(name, &PASSWORD.into(), &from).await;
        let token = signed_in.unwrap().token;
        Self {
            cookie: Some(format!("bestand_session={}", token.reveal())),
            ..self
        }
    }

    /// Follows a link that leads somewhere.
    pub(super) async fn opens(&self, path: &str) -> Page {
        let page = self.gets(path).await;
        assert_eq!(page.status, 200, "{path}: {}", page.said());
        page
    }

    /// Asks for a page, wherever that leads.
    pub(super) async fn gets(&self, path: &str) -> Page {
        Page::read(path, self.asks("GET", path).await).await
    }

    /// Sends a form as a page has it.
    pub(super) async fn submits(&self, form: &Form) -> Page {
        let fields = form.fields.iter();
        let fields: Vec<_> = fields
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        self.sends(&form.action, &fields).await
    }

    /// Sends these fields.
    pub(super) async fn sends(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(fields);
        let request = self.request("POST", path).body(Body::from(body.finish()));
        Page::read(path, self.answer(request.unwrap()).await).await
    }

    /// Asks without a body, as one of our own pages; the answer's body is left where it is.
    pub(super) async fn asks(&self, method: &str, path: &str) -> Response<Body> {
        let request = self.request(method, path).body(Body::empty());
        self.answer(request.unwrap()).await
    }

    /// What a browser sends with every request that one of our own pages makes.
    pub(super) fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "stock.example")
            .header(header::ACCEPT, "text/html")
            .header(header::ACCEPT_LANGUAGE, self.language)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        match &self.cookie {
            Some(cookie) => request.header(header::COOKIE, cookie),
            None => request,
        }
    }

    pub(super) async fn answer(&self, request: Request<Body>) -> Response<Body> {
        self.api.router.clone().oneshot(request).await.unwrap()
    }
}

/// A user of this name and role.
pub(super) async fn add(api: &Api, name: &str, role: Role) -> User {
    let users = &api.parts.users;
    let added = users.add(api.account, name, role, &PASSWORD.into()).await;
    added.unwrap()
}
