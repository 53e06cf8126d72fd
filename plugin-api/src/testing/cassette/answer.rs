//! An answer in a cassette.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::JsonText;
use crate::testing::Answer;

/// An answer: its status (200 unless told; 401 where it is a refusal), headers, and a body in one of four forms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct RecordedAnswer {
    /// HTTP status.
    #[serde(default)]
    pub status: u16,
    /// Headers by name. `json` comes with its content type.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// The body as JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub json: Option<JsonText>,
    /// The body as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// The body as base64, where it is no text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base64: Option<String>,
    /// The body as a file, by its path beside the cassette.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<PathBuf>,
    /// What `base64` or `file` holds.
    #[serde(skip)]
    bytes: Vec<u8>,
}

// === impl RecordedAnswer ===

impl RecordedAnswer {
    /// An answer without a body.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self {
            status,
            headers: BTreeMap::new(),
            json: None,
            body: None,
            base64: None,
            file: None,
            bytes: Vec::new(),
        }
    }

    pub(super) fn unauthorized() -> Self {
        Self::status(401)
    }

    /// The same with a header more.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(name.to_ascii_lowercase(), value.into());
        self
    }

    /// The same with this body, in the form that is easiest to read.
    #[must_use]
    pub fn with_body(mut self, bytes: &[u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok("") => {}
            Ok(text) => match JsonText::of(text) {
                Ok(json) => self.json = Some(json),
                Err(_) => self.body = Some(text.into()),
            },
            Err(_) => {
                self.base64 = Some(STANDARD.encode(bytes));
                self.bytes = bytes.to_vec();
            }
        }
        self
    }

    /// The body.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        let json = self.json.as_ref().map(JsonText::text);
        match json.or(self.body.as_deref()) {
            Some(text) => text.as_bytes(),
            None => &self.bytes,
        }
    }

    /// The answer as the fake host gives it.
    #[must_use]
    pub fn played(&self) -> Answer {
        let mut answer = Answer::new(self.status, self.bytes());
        for (name, value) in &self.headers {
            answer = answer.header(name, value);
        }
        let is_json = self.json.is_some()
            || self
                .file
                .as_ref()
                .is_some_and(|file| has_ending(file, "json"));
        match is_json
            && !self
                .headers
                .keys()
                .any(|name| name.eq_ignore_ascii_case("content-type"))
        {
            true => answer.header("content-type", "application/json"),
            false => answer,
        }
    }

    /// Takes in what lies elsewhere or is not told, and says what cannot be.
    pub(super) fn settle(&mut self, status: u16, folder: Option<&Path>) -> Result<(), String> {
        if self.status == 0 {
            self.status = status;
        }
        let forms = [
            self.json.is_some(),
            self.body.is_some(),
            self.base64.is_some(),
            self.file.is_some(),
        ];
        if forms.into_iter().filter(|is_used| *is_used).count() > 1 {
            return Err(
                "an answer has one body: keep one of `json`, `body`, `base64` and `file`".into(),
            );
        }
        if !(100..=599).contains(&self.status) {
            return Err(format!("{} is no HTTP status", self.status));
        }
        if let Some(text) = &self.base64 {
            let joined: String = text.split_whitespace().collect();
            self.bytes = STANDARD
                .decode(joined)
                .map_err(|error| format!("`base64` is none: {error}"))?;
        }
        if let Some(file) = &self.file {
            let Some(folder) = folder else {
                return Err(
                    "`file` needs a cassette that is a file itself; use `Cassette::load`".into(),
                );
            };
            let path = folder.join(file);
            self.bytes =
                std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        }
        Ok(())
    }
}

fn has_ending(file: &Path, ending: &str) -> bool {
    file.extension()
        .is_some_and(|known| known.eq_ignore_ascii_case(ending))
}
