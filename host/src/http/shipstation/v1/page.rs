//! Lists of the older API: a page of things, how many there are, and how many pages.

use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

use super::query::Parameters;
use crate::http::json::Json;
use crate::http::problem::Problem;

/// Things of a page when nothing is said, and at most.
const SIZE_DEFAULT: u64 = 100;
const SIZE_MAX: u64 = 500;
/// The last page that can be asked for: behind it there is nothing in any list that we hold.
const PAGE_MAX: u64 = 1_000_000_000;

/// The page that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Page {
    page: u64,
    pub(super) size: u64,
}

impl Page {
    pub(super) fn asked(parameters: &Parameters) -> Result<Self, Problem> {
        let page: Option<u64> = parameters.number("page")?;
        let size: Option<u64> = parameters.number("pageSize")?;
        Ok(Self {
            page: page.unwrap_or(1).clamp(1, PAGE_MAX),
            size: size.unwrap_or(SIZE_DEFAULT).clamp(1, SIZE_MAX),
        })
    }

    pub(super) const fn offset(self) -> u64 {
        (self.page - 1) * self.size
    }

    /// The page, under the name that its things have.
    pub(super) fn answer(self, name: &str, items: Vec<Value>, total: u64) -> Response {
        let mut body = Map::new();
        body.insert(name.to_owned(), items.into());
        body.insert("total".to_owned(), total.into());
        body.insert("page".to_owned(), self.page.into());
        body.insert("pages".to_owned(), total.div_ceil(self.size).into());
        Json(body).into_response()
    }
}
