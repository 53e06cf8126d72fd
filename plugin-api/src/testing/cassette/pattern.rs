//! Which request an exchange is about.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use url::Url;

use super::{JsonText, NamedAuth};
use crate::http::{HttpBody, HttpRequest};

/// A request as an exchange names it. What it does not name may be anything, but for the query, which is named whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct RequestPattern {
    /// `GET` unless told.
    #[serde(default = "get")]
    pub method: String,
    /// The host, where an adapter speaks to several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// The path as it is sent, encoded, with `*` for any text.
    pub path: String,
    /// All parameters of the query, decoded, in any order; a value may hold `*`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub query: BTreeMap<String, Parameter>,
    /// How it signs in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth: Option<NamedAuth>,
    /// The body as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// What the body's JSON holds; it may hold more. A text may hold `*`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub json: Option<JsonText>,
}

/// The values of a parameter: one, or several in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter(pub Vec<String>);

/// A request taken apart, to be held against patterns.
#[derive(Debug)]
pub(in crate::testing) struct Asked<'a> {
    request: &'a HttpRequest,
    url: Url,
    query: BTreeMap<String, Vec<String>>,
    json: Option<Value>,
}

fn get() -> String {
    "GET".into()
}

// === impl RequestPattern ===

impl RequestPattern {
    /// What fits exactly this request.
    ///
    /// # Errors
    /// When its URL is none.
    pub fn of(request: &HttpRequest) -> Result<Self, url::ParseError> {
        let asked = Asked::of(request)?;
        let query = asked
            .query
            .iter()
            .map(|(name, values)| (name.clone(), Parameter(values.clone())));
        let text = request.body.text();
        let json = text.as_deref().and_then(|text| JsonText::of(text).ok());
        Ok(Self {
            method: request.method.clone(),
            host: asked.url.host_str().map(Into::into),
            path: asked.url.path().into(),
            query: query.collect(),
            auth: Some(NamedAuth(request.auth.clone())),
            body: text.filter(|_| json.is_none()),
            json,
        })
    }

    /// How much of the request it names, when it fits.
    pub(in crate::testing) fn fit(&self, asked: &Asked<'_>) -> Option<usize> {
        let request = asked.request;
        let fits = self.method.eq_ignore_ascii_case(&request.method)
            && fits(&self.path, asked.url.path())
            && self.fits_query(&asked.query)
            && self
                .host
                .as_deref()
                .is_none_or(|host| asked.url.host_str() == Some(host))
            && self
                .body
                .as_deref()
                .is_none_or(|body| request.body.text().as_deref() == Some(body));
        let named = match (&self.json, &asked.json) {
            (None, _) => 0,
            (Some(wanted), Some(json)) => named(wanted.value(), json)? + 1,
            (Some(_), None) => return None,
        };
        let exact = usize::from(!self.path.contains('*')) + self.exact_parameters();
        fits.then_some(
            named + exact + usize::from(self.host.is_some()) + usize::from(self.body.is_some()),
        )
    }

    /// Whether the credentials are those it wants.
    pub(in crate::testing) fn signs_in(&self, request: &HttpRequest) -> bool {
        self.auth.as_ref().is_none_or(|auth| auth.0 == request.auth)
    }

    pub(super) fn check(&self) -> Result<(), String> {
        if !self.path.starts_with('/') {
            return Err(format!("the path `{}` must begin with `/`", self.path));
        }
        if self.path.contains('?') {
            return Err(
                "the path holds a `?`; put what follows into `query = { name = value }`".into(),
            );
        }
        match self.body.is_some() && self.json.is_some() {
            true => Err("a request has one body: keep `json` or `body`".into()),
            false => Ok(()),
        }
    }

    fn fits_query(&self, query: &BTreeMap<String, Vec<String>>) -> bool {
        let same = |(name, parameter): (&String, &Parameter)| {
            query.get(name).is_some_and(|values| {
                let wanted = &parameter.0;
                wanted.len() == values.len()
                    && wanted
                        .iter()
                        .zip(values)
                        .all(|(wanted, value)| fits(wanted, value))
            })
        };
        self.query.len() == query.len() && self.query.iter().all(same)
    }

    fn exact_parameters(&self) -> usize {
        let values = self.query.values().flat_map(|parameter| &parameter.0);
        values.filter(|value| !value.contains('*')).count()
    }
}

impl fmt::Display for RequestPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)?;
        let mut joint = '?';
        for (name, parameter) in &self.query {
            for value in &parameter.0 {
                write!(f, "{joint}{name}={value}")?;
                joint = '&';
            }
        }
        Ok(())
    }
}

// === impl Asked ===

impl<'a> Asked<'a> {
    pub(in crate::testing) fn of(request: &'a HttpRequest) -> Result<Self, url::ParseError> {
        let url = Url::parse(&request.url)?;
        let mut query: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in url.query_pairs() {
            query.entry(name.into()).or_default().push(value.into());
        }
        let json = match &request.body {
            HttpBody::Empty => None,
            HttpBody::Bytes(bytes) => serde_json::from_slice(bytes).ok(),
        };
        Ok(Self {
            request,
            url,
            query,
            json,
        })
    }
}

impl HttpBody {
    /// The body, where it is text.
    fn text(&self) -> Option<String> {
        match self {
            Self::Empty => None,
            Self::Bytes(bytes) => String::from_utf8(bytes.clone()).ok(),
        }
    }
}

/// How many values `wanted` names, when `json` holds them all.
fn named(wanted: &Value, json: &Value) -> Option<usize> {
    match (wanted, json) {
        (Value::Object(wanted), Value::Object(json)) => wanted
            .iter()
            .map(|(name, value)| named(value, json.get(name)?))
            .sum(),
        (Value::Array(wanted), Value::Array(json)) if wanted.len() == json.len() => wanted
            .iter()
            .zip(json)
            .map(|(wanted, json)| named(wanted, json))
            .sum(),
        (Value::String(wanted), Value::String(text)) => {
            fits(wanted, text).then_some(usize::from(!wanted.contains('*')))
        }
        _ => (wanted == json).then_some(1),
    }
}

/// Whether `text` is `pattern`, in which `*` stands for any text.
fn fits(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(mut text) = text.strip_prefix(start) else {
        return false;
    };
    let mut pieces: Vec<&str> = rest.split('*').collect();
    let end = pieces.pop().unwrap_or_default();
    for piece in pieces {
        match text.find(piece) {
            Some(at) => text = &text[at + piece.len()..],
            None => return false,
        }
    }
    text.ends_with(end)
}

// === impl Parameter ===

impl<'de> Deserialize<'de> for Parameter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let plain = |value: &Value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
            _ => None,
        };
        let value = Value::deserialize(deserializer)?;
        let values = match &value {
            Value::Array(values) => values.iter().map(plain).collect(),
            value => plain(value).map(|text| vec![text]),
        };
        values.map(Self).ok_or_else(|| {
            serde::de::Error::custom("a parameter is a text or a number, or a list of them")
        })
    }
}

impl Serialize for Parameter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [value] => serializer.serialize_str(value),
            values => serializer.collect_seq(values),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, text) in [
            ("*", ""),
            ("/a/*", "/a/b/c"),
            ("/*/c", "/a/b/c"),
            ("a*b*c", "a-b-b-c"),
            ("a", "a"),
        ] {
            assert!(fits(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [
            ("a", "ab"),
            ("/a/*", "/a"),
            ("*b", "a"),
            ("a*b*c", "a-c"),
            ("ab*b", "ab"),
        ] {
            assert!(!fits(pattern, text), "{pattern} {text}");
        }
    }
}
