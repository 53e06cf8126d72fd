//! Lists as the newer API answers them: a page of items, how many there are, and links to the other pages.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::super::addressed::V2_PREFIX;
use super::envelope::Fault;
use super::page::{Asked, PageQuery};
use crate::daemon::Parts;
use crate::http::hooks::public_url;
use crate::http::json::Json;
use crate::http::problem::Problem;
use crate::http::query::Query;

/// A list that is asked for: which page of it, and the address that links to the others begin with.
pub(super) struct List {
    pub(super) asked: Asked,
    address: String,
    /// The parameters that are the same on every page.
    filters: Vec<(String, String)>,
}

/// A page of a list.
pub(super) struct Page<T> {
    /// How many items there are on all pages.
    pub(super) total: u64,
    pub(super) items: Vec<T>,
    /// What could not be told, when something could not.
    pub(super) faults: Vec<Fault>,
}

const PAGING: [&str; 3] = ["limit", "page_size", "page"];

impl FromRequestParts<Arc<Parts>> for List {
    type Rejection = Problem;

    async fn from_request_parts(
        head: &mut request::Parts,
        parts: &Arc<Parts>,
    ) -> Result<Self, Problem> {
        let Query(query) = Query::<PageQuery>::from_request_parts(head, parts).await?;
        let sent = head.uri.query().unwrap_or_default();
        let sent = form_urlencoded::parse(sent.as_bytes()).into_owned();
        // The router has taken the prefix away.
        let path = head.uri.path();
        Ok(Self {
            asked: query.asked()?,
            address: format!("{}{V2_PREFIX}{path}", public_url(parts, &head.headers)),
            filters: sent
                .filter(|(name, _)| !PAGING.contains(&name.as_str()))
                .collect(),
        })
    }
}

// === impl List ===

impl List {
    /// The page under the name that its items have.
    pub(super) fn answer<T: Serialize>(
        &self,
        name: &str,
        page: Page<T>,
    ) -> Result<Response, Problem> {
        let items = serde_json::to_value(page.items).map_err(|error| Problem::internal(&error))?;
        let pages = self.asked.pages(page.total);
        let mut body = Map::new();
        body.insert(name.to_owned(), items);
        body.insert("total".to_owned(), page.total.into());
        body.insert("page".to_owned(), self.asked.page.into());
        body.insert("pages".to_owned(), pages.into());
        body.insert("links".to_owned(), self.links(pages));
        if !page.faults.is_empty() {
            let faults =
                serde_json::to_value(page.faults).map_err(|error| Problem::internal(&error))?;
            body.insert("errors".to_owned(), faults);
        }
        Ok(Json(body).into_response())
    }

    /// The page of a list that is held whole.
    pub(super) fn answer_all<T: Serialize>(
        &self,
        name: &str,
        all: Vec<T>,
        faults: Vec<Fault>,
    ) -> Result<Response, Problem> {
        let page = Page {
            total: all.len() as u64,
            items: self.asked.of(all),
            faults,
        };
        self.answer(name, page)
    }

    /// The first and the last page always have a link, those around this one only where they are.
    fn links(&self, pages: u64) -> Value {
        let page = self.asked.page;
        let when = |is_there: bool, page: u64| match is_there {
            true => self.link(page),
            false => json!({}),
        };
        json!({
            "first": self.link(1),
            "last": self.link(pages.max(1)),
            "prev": when(page >= 2, page.saturating_sub(1)),
            "next": when(page < pages, page + 1),
        })
    }

    fn link(&self, page: u64) -> Value {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(&self.filters);
        query.append_pair("page", &page.to_string());
        query.append_pair("page_size", &self.asked.size.to_string());
        json!({ "href": format!("{}?{}", self.address, query.finish()) })
    }
}
