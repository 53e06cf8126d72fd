//! Cassettes: what a system answers, as a TOML file that people write and [`Recorder`](super::Recorder) records.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::Timestamp;

mod answer;
mod auth;
mod json;
mod pattern;

pub use answer::RecordedAnswer;
pub use auth::NamedAuth;
pub use json::JsonText;
pub(in crate::testing) use pattern::Asked;
pub use pattern::{Parameter, RequestPattern};

/// What a system answers, by what it is asked.
///
/// Credentials are the *names* of secrets, because an adapter only ever names them; so a cassette holds none. A
/// request is answered by the exchange that fits it best: the one that names most of it, and of equals the first.
/// What an exchange does not name may be anything, but for the query, which is named whole.
///
/// ```
/// use bestand_plugin_api::testing::Cassette;
///
/// let cassette: Cassette = r#"
///     about = "two pages of stock, as the shelf sends them"
///     recorded_at = "2026-11-20T10:00:00Z"        # where the clock stands when it is played
///
///     [[exchange]]
///     request = { path = "/stock", query = { page = 1 }, auth = "bearer(secret(api_key))" }
///     answer.json = '''[ { "sku": "TEA-1", "free": 3, "there": 5 } ]'''
///
///     [[exchange]]
///     request = { path = "/stock", query = { page = "*" }, auth = "bearer(secret(api_key))" }
///     answer.json = []
///
///     [[exchange]]
///     request = { method = "POST", path = "/adjust", json = { sku = "TEA-1" } }   # what else the body has, is free
///     answer.status = 202
///     then = [{ status = 409, body = "already done" }]        # from the second time on
///
///     [refused]                                   # wrong credentials, wherever an exchange wants any; 401 without this
///     json = { error = "unknown key" }
///
///     [otherwise]                                 # what no exchange knows; without this, the test says what is missing
///     status = 404
/// "#.parse()?;
/// assert_eq!(cassette.exchanges.len(), 3);
/// # Ok::<(), bestand_plugin_api::testing::CassetteError>(())
/// ```
///
/// `path` and the values of `query` may hold `*` for any text, and so may the texts in `json`. A body is `json` (a
/// table, or a text that holds JSON, which is sent as it stands), `body` (text), `base64`, or `file` (beside the
/// cassette).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Cassette {
    /// For people: what this is, and where it is from.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub about: String,
    /// Where the clock stands when it is played.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "moment")]
    pub recorded_at: Option<Timestamp>,
    /// The answer to wrong credentials.
    #[serde(default = "RecordedAnswer::unauthorized")]
    pub refused: RecordedAnswer,
    /// The answer to what no exchange knows; without it, that is a fault of the test.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<RecordedAnswer>,
    /// What is asked and answered.
    #[serde(default, rename = "exchange")]
    pub exchanges: Vec<Exchange>,
}

/// A request, and what it is answered each time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Exchange {
    /// What is asked.
    pub request: RequestPattern,
    /// The first answer.
    pub answer: RecordedAnswer,
    /// The answers after it, in order; the last of all is given again and again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub then: Vec<RecordedAnswer>,
}

/// Why a file is no cassette: names the file and, where it can, the line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {reason}")]
pub struct CassetteError {
    place: String,
    reason: String,
}

// === impl Cassette ===

impl Cassette {
    /// Reads a file, and those that it names.
    ///
    /// # Errors
    /// When a file cannot be read, or is no cassette.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, CassetteError> {
        let path = path.as_ref();
        let place = path.display().to_string();
        let text =
            std::fs::read_to_string(path).map_err(|error| CassetteError::new(&place, &error))?;
        let folder = path.parent().map(PathBuf::from).unwrap_or_default();
        Self::read(&text, &place, Some(&folder))
    }

    /// The file's text, which [`load`](Self::load) reads again.
    ///
    /// # Panics
    /// Never: every cassette can be written.
    #[must_use]
    pub fn to_toml(&self) -> String {
        toml_edit::ser::to_string_pretty(self).expect("a cassette holds nothing that TOML does not")
    }

    fn read(text: &str, place: &str, folder: Option<&Path>) -> Result<Self, CassetteError> {
        let mut cassette: Self = toml_edit::de::from_str(text)
            .map_err(|error| CassetteError::new(place, &error.to_string().trim()))?;
        for (number, exchange) in cassette.exchanges.iter_mut().enumerate() {
            let at = format!("{place}, exchange {} (`{}`)", number + 1, exchange.request);
            let told = |reason: String| CassetteError::new(&at, &reason);
            exchange.request.check().map_err(told)?;
            exchange.answer.settle(200, folder).map_err(told)?;
            for answer in &mut exchange.then {
                answer.settle(200, folder).map_err(told)?;
            }
        }
        for (name, answer) in cassette.defaults() {
            let at = format!("{place}, [{name}]");
            let status = if name == "refused" { 401 } else { 200 };
            answer
                .settle(status, folder)
                .map_err(|reason| CassetteError::new(&at, &reason))?;
        }
        Ok(cassette)
    }

    fn defaults(&mut self) -> impl Iterator<Item = (&'static str, &mut RecordedAnswer)> {
        let refused = std::iter::once(("refused", &mut self.refused));
        refused.chain(
            self.otherwise
                .iter_mut()
                .map(|answer| ("otherwise", answer)),
        )
    }
}

impl Default for Cassette {
    /// A cassette that knows nothing, and refuses wrong credentials with 401.
    fn default() -> Self {
        Self {
            about: String::new(),
            recorded_at: None,
            refused: RecordedAnswer::unauthorized(),
            otherwise: None,
            exchanges: Vec::new(),
        }
    }
}

impl std::str::FromStr for Cassette {
    type Err = CassetteError;

    /// Reads a cassette that names no files.
    fn from_str(text: &str) -> Result<Self, CassetteError> {
        Self::read(text, "the cassette", None)
    }
}

// === impl Exchange ===

impl Exchange {
    /// A request that is always answered alike.
    #[must_use]
    pub fn new(request: RequestPattern, answer: RecordedAnswer) -> Self {
        Self {
            request,
            answer,
            then: Vec::new(),
        }
    }

    /// The answer to the `times`th request, counted from zero.
    #[must_use]
    pub fn answer_to(&self, times: usize) -> &RecordedAnswer {
        match times {
            0 => &self.answer,
            _ => self
                .then
                .get(times - 1)
                .or(self.then.last())
                .unwrap_or(&self.answer),
        }
    }
}

// === impl CassetteError ===

impl CassetteError {
    fn new(place: &str, reason: &dyn fmt::Display) -> Self {
        Self {
            place: place.into(),
            reason: reason.to_string(),
        }
    }
}

/// A moment as people write it.
mod moment {
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::Timestamp;

    #[expect(clippy::ref_option, reason = "serde asks for it so")]
    pub(super) fn serialize<S: Serializer>(
        moment: &Option<Timestamp>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match moment {
            Some(moment) => serializer.collect_str(moment),
            None => serializer.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Timestamp>, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Some).map_err(serde::de::Error::custom)
    }
}
