//! Which page of a list is asked for: `page_size` and `page`, or `limit`, which is all that the published schema names.

use serde::Deserialize;

use crate::http::problem::Problem;

/// Items of a page when nothing is said.
const SIZE_DEFAULT: u64 = 25;
/// Most items of a page; whoever asks for more is given these, and a link to the next ones.
const SIZE_MAX: u64 = 500;
/// The last page that can be asked for: behind it there is nothing in any list that we hold.
const PAGE_MAX: u64 = 1_000_000_000;

/// The page as a query asks for it.
#[derive(Debug, Default, Deserialize)]
pub(super) struct PageQuery {
    limit: Option<String>,
    page_size: Option<String>,
    page: Option<String>,
}

/// The page asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    /// From 1.
    pub(super) page: u64,
    /// From 1 to [`SIZE_MAX`].
    pub(super) size: u64,
}

// === impl PageQuery ===

impl PageQuery {
    /// The page, or which parameter is no number.
    pub(super) fn asked(&self) -> Result<Asked, Problem> {
        let size = match number("page_size", self.page_size.as_deref())? {
            None => number("limit", self.limit.as_deref())?,
            size => size,
        };
        let page = number("page", self.page.as_deref())?;
        Ok(Asked {
            page: page.unwrap_or(1).clamp(1, PAGE_MAX),
            size: size.unwrap_or(SIZE_DEFAULT).clamp(1, SIZE_MAX),
        })
    }
}

// === impl Asked ===

impl Asked {
    /// How many items stand before the page.
    pub(super) const fn offset(self) -> u64 {
        (self.page - 1) * self.size
    }

    /// How many pages so many items have.
    pub(super) const fn pages(self, total: u64) -> u64 {
        total.div_ceil(self.size)
    }

    /// The items of the page, out of all.
    pub(super) fn of<T>(self, all: Vec<T>) -> Vec<T> {
        let offset = usize::try_from(self.offset()).unwrap_or(usize::MAX);
        let size = usize::try_from(self.size).unwrap_or(usize::MAX);
        all.into_iter().skip(offset).take(size).collect()
    }
}

fn number(name: &str, text: Option<&str>) -> Result<Option<u64>, Problem> {
    match text.map(str::trim).filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some(text) => {
            let number = text
                .parse()
                .map_err(|_| Problem::field(name, "it is no whole number"));
            number.map(Some)
        }
    }
}
