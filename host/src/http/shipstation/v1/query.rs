//! Query parameters of the older API: their names in any case, empty ones as if they were not there, unknown ones passed
//! over.

use std::collections::HashMap;
use std::str::FromStr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use bestand_plugin_api::Timestamp;

use super::moment;
use crate::http::problem::Problem;

/// The parameters, by their names in small letters.
#[derive(Debug, Default)]
pub(super) struct Parameters(HashMap<String, String>);

impl<S: Sync> FromRequestParts<S> for Parameters {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        let pairs = form_urlencoded::parse(query.as_bytes());
        let said = pairs.filter(|(_, value)| !value.trim().is_empty());
        let lower = said.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()));
        Ok(Self(lower.collect()))
    }
}

// === impl Parameters ===

impl Parameters {
    /// What this parameter says.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(&name.to_ascii_lowercase()).map(String::as_str)
    }

    pub(super) fn number<T: FromStr>(&self, name: &str) -> Result<Option<T>, Problem> {
        let read = |text: &str| {
            let wrong = || {
                Problem::field(
                    name,
                    format!("`{}` is no number that fits", shortened(text)),
                )
            };
            text.parse().map_err(|_| wrong())
        };
        self.text(name).map(read).transpose()
    }

    pub(super) fn moment(&self, name: &str) -> Result<Option<Timestamp>, Problem> {
        let read = |text: &str| {
            let wrong = || Problem::field(name, format!("`{}` is no date", shortened(text)));
            moment::read(text).ok_or_else(wrong)
        };
        self.text(name).map(read).transpose()
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}
