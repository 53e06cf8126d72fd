//! Keeps secrets out of recordings and reports.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};

use super::Credentials;

/// A secret shorter than this is part of other words too often to be looked for.
const SECRET_BYTES_MIN: usize = 4;

/// The forms in which the secrets of a connection turn up in what a system sends: as they are, encoded for a URL or
/// in JSON, in base64, and as the pair of HTTP Basic.
#[derive(Clone, Default)]
pub struct Redaction {
    /// What is looked for, and the name of the secret it gives away; longest first.
    forms: Vec<(String, String)>,
}

// === impl Redaction ===

impl Redaction {
    /// Looks for all values of `credentials`.
    #[must_use]
    pub fn of(credentials: &Credentials) -> Self {
        let mut redaction = Self::default();
        let secrets: Vec<_> = credentials
            .values()
            .filter(|(_, value)| value.len() >= SECRET_BYTES_MIN)
            .collect();
        for (name, value) in &secrets {
            redaction.add(name, value);
            for (other, password) in &secrets {
                if name != other {
                    redaction
                        .add_encoded(&format!("{name}, {other}"), &format!("{value}:{password}"));
                }
            }
        }
        redaction
            .forms
            .sort_by_key(|(form, _)| std::cmp::Reverse(form.len()));
        redaction.forms.dedup();
        redaction
    }

    /// `text` with the name of a secret in place of each.
    #[must_use]
    pub fn redacted(&self, text: &str) -> String {
        self.forms
            .iter()
            .fold(text.into(), |text: String, (form, name)| {
                match text.contains(form.as_str()) {
                    true => text.replace(form.as_str(), &format!("redacted({name})")),
                    false => text,
                }
            })
    }

    /// The name of the first secret that `text` gives away.
    #[must_use]
    pub fn given_away(&self, text: &str) -> Option<&str> {
        let found = self
            .forms
            .iter()
            .find(|(form, _)| text.contains(form.as_str()));
        found.map(|(_, name)| name.as_str())
    }

    fn add(&mut self, name: &str, value: &str) {
        let in_json = serde_json::Value::from(value).to_string();
        let in_url: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
        let forms = [
            value.into(),
            in_json.trim_matches('"').into(),
            in_url.replace('+', "%20"),
            in_url,
        ];
        self.forms.extend(forms.map(|form| (form, name.to_owned())));
        self.add_encoded(name, value);
    }

    fn add_encoded(&mut self, name: &str, value: &str) {
        let forms = [
            STANDARD.encode(value),
            STANDARD_NO_PAD.encode(value),
            URL_SAFE.encode(value),
            URL_SAFE_NO_PAD.encode(value),
        ];
        self.forms.extend(forms.map(|form| (form, name.to_owned())));
    }
}

impl std::fmt::Debug for Redaction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Redaction").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_found_in_every_form_it_travels_in() {
        let credentials = Credentials::default()
            .with("user", "me@shop")
            .with("password", "a/b \"c\"");
        let redaction = Redaction::of(&credentials);
        for text in [
            "key me@shop is unknown",
            "?user=me%40shop&x=1",
            r#"{"password":"a/b \"c\""}"#,
            "Basic bWVAc2hvcDphL2IgImMi",
            "bWVAc2hvcA==",
        ] {
            let redacted = redaction.redacted(text);
            assert!(redacted.contains("redacted("), "{redacted}");
            assert_eq!(redaction.given_away(&redacted), None, "{redacted}");
        }
        assert_eq!(redaction.redacted("nothing here"), "nothing here");
    }
}
