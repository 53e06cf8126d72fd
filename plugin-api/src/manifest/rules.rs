//! What a manifest must be for pages, config file and limits to work: the host refuses another one.

use std::collections::HashSet;

use serde_json::Value;

use super::{Capability, Manifest, RateBucket, SecretSpec};

/// Longest id of an adapter and longest name of a secret or bucket, in bytes: they are keys in config files.
const KEY_BYTES_MAX: usize = 64;
/// Longest name and label, in characters: they are headings.
const NAME_CHARS_MAX: usize = 100;
/// Largest icon, in bytes: every page with a heading carries it.
const ICON_BYTES_MAX: usize = 16 * 1024;
/// Most secrets, most hosts and most buckets: each is a line of a form or of the operator's approval.
const ENTRIES_MAX: usize = 64;

// === impl Manifest ===

impl Manifest {
    /// All that keeps the host from using this manifest, one line each with the way out; empty when all is well.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        self.name_problems(&mut problems);
        self.icon_problems(&mut problems);
        self.settings_problems(&mut problems);
        self.secret_problems(&mut problems);
        self.registration_problems(&mut problems);
        self.outbound_problems(&mut problems);
        self.bucket_problems(&mut problems);
        self.capability_problems(&mut problems);
        problems
    }

    fn name_problems(&self, problems: &mut Vec<String>) {
        let id = shown(&self.id);
        if !is_key(&self.id, '-') {
            problems.push(format!(
                "adapter id `{id}` must be 1 to {KEY_BYTES_MAX} lower case letters, digits or `-`"
            ));
        }
        if !is_name(&self.name) {
            problems.push(format!(
                "the name of adapter `{id}` must be 1 to {NAME_CHARS_MAX} characters without control characters"
            ));
        }
        if !is_semver(&self.version) {
            let version = shown(&self.version);
            problems.push(format!(
                "version `{version}` of adapter `{id}` must be semver, such as `1.2.0`"
            ));
        }
    }

    fn icon_problems(&self, problems: &mut Vec<String>) {
        let Some(icon) = &self.icon else { return };
        if icon.len() > ICON_BYTES_MAX {
            problems.push(format!(
                "the icon of adapter `{}` must not be larger than {ICON_BYTES_MAX} bytes",
                shown(&self.id)
            ));
        }
        if !icon.trim_start().starts_with("<svg") {
            problems.push(format!(
                "the icon of adapter `{}` must be an SVG that begins with `<svg`",
                shown(&self.id)
            ));
        }
    }

    fn settings_problems(&self, problems: &mut Vec<String>) {
        let is_object = match &self.settings_schema {
            Value::Null => true,
            Value::Object(schema) => schema.get("type").is_none_or(|kind| kind == "object"),
            _ => false,
        };
        if !is_object {
            problems.push(format!(
                "the settings of adapter `{}` must be a struct with named fields",
                shown(&self.id)
            ));
        }
    }

    fn secret_problems(&self, problems: &mut Vec<String>) {
        few(self.secrets.len(), "secrets", problems);
        let mut names = HashSet::new();
        for SecretSpec { name, label, .. } in &self.secrets {
            let secret = shown(name);
            if !is_key(name, '_') {
                problems.push(format!(
                    "secret `{secret}` must be named with 1 to {KEY_BYTES_MAX} lower case letters, digits or `_`"
                ));
            }
            if !is_name(label) {
                problems.push(format!("secret `{secret}` needs a label for the form"));
            }
            if !names.insert(name) {
                problems.push(format!(
                    "secret `{secret}` is declared twice; remove one of the two"
                ));
            }
            if self.has_setting(name) {
                problems.push(format!(
                    "`{secret}` is both a setting and a secret; remove the setting"
                ));
            }
        }
    }

    fn registration_problems(&self, problems: &mut Vec<String>) {
        let Some(registration) = &self.registration else {
            return;
        };
        let mut names = HashSet::new();
        for name in registration.names() {
            let secret = shown(name);
            if self.secrets.iter().all(|spec| spec.name != *name) {
                problems.push(format!(
                    "a registration fills `{secret}`, which is no secret; declare it or take it out"
                ));
            }
            if !names.insert(name) {
                problems.push(format!(
                    "a registration fills secret `{secret}` twice; remove one of the two"
                ));
            }
        }
        if names.is_empty() {
            problems.push("a registration must fill at least one secret".into());
        }
    }

    fn outbound_problems(&self, problems: &mut Vec<String>) {
        few(self.outbound.len(), "hosts", problems);
        for rule in &self.outbound {
            let setting = rule
                .strip_prefix('{')
                .and_then(|rest| rest.strip_suffix('}'));
            let problem = match setting {
                Some(setting) if describes(&self.settings_schema, setting) => continue,
                Some(_) => "names no setting; it must be a field of the settings that holds a URL",
                None if is_host(rule) => continue,
                None => "must be a host alone, such as `api.example.com` or `*.example.com`",
            };
            problems.push(format!("outbound `{}` {problem}", shown(rule)));
        }
    }

    fn bucket_problems(&self, problems: &mut Vec<String>) {
        few(self.buckets.len(), "buckets", problems);
        let mut names = HashSet::new();
        for RateBucket {
            name,
            capacity,
            window_ms,
        } in &self.buckets
        {
            let bucket = shown(name);
            if name.is_empty() || name.len() > KEY_BYTES_MAX {
                problems.push(format!(
                    "bucket `{bucket}` must have a name of 1 to {KEY_BYTES_MAX} bytes"
                ));
            }
            if !names.insert(name) {
                problems.push(format!(
                    "bucket `{bucket}` is declared twice; remove one of the two"
                ));
            }
            if *capacity == 0 || *window_ms == 0 {
                problems.push(format!(
                    "bucket `{bucket}` must let at least one request through in a window of at least 1 ms"
                ));
            }
        }
    }

    fn capability_problems(&self, problems: &mut Vec<String>) {
        for capability in &self.capabilities {
            if let Capability::StockBySku { max_batch } | Capability::StockWrites { max_batch, .. } =
                capability
                && *max_batch == 0
            {
                problems.push("`MAX_BATCH` must be at least 1".into());
            }
        }
    }

    fn has_setting(&self, name: &str) -> bool {
        let fields = self.settings_schema.get("properties");
        fields.is_some_and(|fields| fields.get(name).is_some())
    }
}

/// Whether a field of this name is described anywhere: settings may be made of alternatives.
fn describes(schema: &Value, name: &str) -> bool {
    match schema {
        Value::Object(object) => {
            let fields = object.get("properties");
            fields.is_some_and(|fields| fields.get(name).is_some())
                || object.values().any(|value| describes(value, name))
        }
        Value::Array(values) => values.iter().any(|value| describes(value, name)),
        _ => false,
    }
}

fn few(count: usize, what: &str, problems: &mut Vec<String>) {
    if count > ENTRIES_MAX {
        problems.push(format!(
            "the manifest must not name more than {ENTRIES_MAX} {what}"
        ));
    }
}

/// Keeps hostile text out of messages beyond what a person needs to recognise it.
fn shown(text: &str) -> String {
    text.chars().take(KEY_BYTES_MAX).collect()
}

fn is_key(text: &str, joint: char) -> bool {
    let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == joint;
    !text.is_empty() && text.len() <= KEY_BYTES_MAX && text.chars().all(legal)
}

fn is_name(text: &str) -> bool {
    let is_short = text.chars().count() <= NAME_CHARS_MAX;
    !text.trim().is_empty() && is_short && !text.chars().any(char::is_control)
}

/// A host name or address; with `*.` in front, all below a domain of at least two parts.
fn is_host(rule: &str) -> bool {
    let (host, parts_min) = match rule.strip_prefix("*.") {
        Some(domain) => (domain, 2),
        None => (rule, 1),
    };
    let legal = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let is_part = |part: &str| !part.is_empty() && part.chars().all(legal);
    let is_address = parts_min == 1 && host.parse::<std::net::IpAddr>().is_ok();
    is_address || host.split('.').count() >= parts_min && host.split('.').all(is_part)
}

/// `major.minor.patch`, with what may follow: `-rc.1`, `+build.5`.
fn is_semver(version: &str) -> bool {
    let (rest, build) = version.split_once('+').unwrap_or((version, "0"));
    let (core, pre) = rest.split_once('-').unwrap_or((rest, "0"));
    let numbers: Vec<&str> = core.split('.').collect();
    let is_number = |text: &&str| {
        let is_plain = *text == "0" || !text.starts_with('0');
        is_plain && text.parse::<u64>().is_ok_and(|_| !text.starts_with('+'))
    };
    let legal = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let is_tail = |tail: &str| {
        let mut parts = tail.split('.');
        parts.all(|part| !part.is_empty() && part.chars().all(legal))
    };
    numbers.len() == 3 && numbers.iter().all(is_number) && is_tail(pre) && is_tail(build)
}

#[cfg(test)]
mod tests {
    use super::super::Registration;
    use super::*;
    use serde_json::json;
    use std::time::Duration;

    /// A manifest without fault, and what `spoil` makes of it.
    fn problems(spoil: impl FnOnce(&mut Manifest)) -> Vec<String> {
        let mut manifest = Manifest::new("acme-shelf", "Acme Shelf", "1.2.0-rc.1+5");
        manifest.settings_schema =
            json!({ "type": "object", "properties": { "base_url": { "type": "string" } } });
        manifest.secrets = vec![SecretSpec::required("api_key", "API key", "")];
        manifest.outbound = ["api.shelf.example", "*.shelf.example", "{base_url}", "::1"]
            .map(String::from)
            .into();
        manifest.buckets = vec![RateBucket::new("reads", 1, Duration::from_secs(1))];
        manifest.icon = Some("<svg/>".into());
        spoil(&mut manifest);
        manifest.problems()
    }

    fn check(expected: &str, spoil: impl FnOnce(&mut Manifest)) {
        let problems = problems(spoil);
        assert!(
            problems.len() == 1 && problems[0].contains(expected),
            "{expected}: {problems:?}"
        );
    }

    #[test]
    fn a_manifest_in_order_has_no_problems() {
        assert_eq!(problems(|_| {}), Vec::<String>::new());
    }

    #[test]
    fn what_cannot_be_shown_or_configured_is_a_problem() {
        for id in ["", "Acme", "a_b", &"x".repeat(65)] {
            check("adapter id", |manifest| manifest.id = id.into());
        }
        check("the name", |manifest| manifest.name = " ".into());
        for version in [
            "", "1", "1.2", "1.2.x", "01.2.3", "1.2.3-", "1.2.3+", "v1.2.3", "+1.2.3",
        ] {
            check("semver", |manifest| manifest.version = version.into());
        }
        check("16384 bytes", |manifest| {
            manifest.icon = Some(format!("<svg>{}", " ".repeat(16 * 1024)));
        });
        check("begins with `<svg`", |manifest| {
            manifest.icon = Some("<html>".into());
        });
        check("named fields", |manifest| {
            manifest.settings_schema = json!({ "type": "null", "properties": { "base_url": {} } });
        });
    }

    #[test]
    fn a_secret_has_one_place_and_a_label() {
        let add = |name: &str, label: &str| {
            let secret = SecretSpec::required(name, label, "");
            move |manifest: &mut Manifest| manifest.secrets.push(secret)
        };
        check("declared twice", add("api_key", "API key"));
        check("both a setting and a secret", add("base_url", "URL"));
        check("lower case letters", add("API-Key", "API key"));
        check("needs a label", add("token", ""));
    }

    #[test]
    fn a_registration_fills_secrets_that_there_are_each_once() {
        let fill = |registration| {
            move |manifest: &mut Manifest| manifest.registration = Some(registration)
        };
        check("which is no secret", fill(Registration::new(["token"], [])));
        check("twice", fill(Registration::new(["api_key"], ["api_key"])));
        check("at least one", fill(Registration::new([], [])));
        let good = problems(fill(Registration::new([], ["api_key"])));
        assert_eq!(good, Vec::<String>::new());
    }

    #[test]
    fn a_host_is_named_without_scheme_path_or_a_star_for_all() {
        for rule in [
            "https://a.example",
            "a.example/b",
            "*",
            "*.com",
            "a b",
            "",
            "a..b",
            "*example.com",
        ] {
            check("must be a host alone", |manifest| {
                manifest.outbound.push(rule.into());
            });
        }
        check("names no setting", |manifest| {
            manifest.outbound.push("{url}".into());
        });
    }

    #[test]
    fn a_limit_that_lets_nothing_through_is_a_problem() {
        check("at least one request", |manifest| {
            manifest.buckets[0].capacity = 0
        });
        check("at least one request", |manifest| {
            manifest.buckets[0].window_ms = 0
        });
        check("declared twice", |manifest| {
            manifest.buckets.push(manifest.buckets[0].clone());
        });
        check("MAX_BATCH", |manifest| {
            manifest.capabilities = vec![Capability::StockBySku { max_batch: 0 }];
        });
        check("more than 64 hosts", |manifest| {
            manifest.outbound = vec!["a.example".into(); 65];
        });
    }

    #[test]
    fn a_form_is_made_of_whatever_a_plugin_sends() {
        for schema in [
            json!(null),
            json!("text"),
            json!([1]),
            json!({ "properties": 7 }),
        ] {
            let mut manifest = Manifest::new("a", "A", "1.0.0");
            manifest.secrets = vec![SecretSpec::required("key", "Key", "")];
            manifest.settings_schema = schema;
            assert_eq!(
                manifest.form_schema()["properties"]["key"]["x-secret"],
                true
            );
        }
    }
}
