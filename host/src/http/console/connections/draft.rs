//! A connection as a form has it: text, until the adapter's schema has checked it.

use std::collections::BTreeMap;
use std::num::ParseIntError;

use axum::body::Bytes;
use serde_json::{Map, Value};

use super::setting::{Control, Setting, shown};
use crate::connection::{Connection, Fault, FieldFault};
use crate::http::console::form::Faults;
use crate::http::console::text::Text;
use crate::http::problem::Problem;
use crate::secret::SecretText;

/// What the form holds.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    pub(super) name: String,
    pub(super) settings: BTreeMap<String, String>,
    /// Secrets that were typed; never shown again.
    pub(super) secrets: BTreeMap<String, SecretText>,
    pub(super) allow_private_network: bool,
    /// Minutes between syncs; empty for the installation's.
    pub(super) interval_minutes: String,
    /// Minutes between full listings; empty for the installation's.
    pub(super) reconcile_minutes: String,
    pub(super) version: i64,
}

// === impl Draft ===

impl Draft {
    pub(super) fn of(connection: &Connection) -> Self {
        let settings = connection.settings.as_object().into_iter().flatten();
        let minutes = |secs: Option<i64>| {
            secs.map(|secs| (secs / 60).max(1).to_string())
                .unwrap_or_default()
        };
        Self {
            name: connection.name.clone(),
            settings: settings
                .map(|(name, value)| (name.clone(), shown(value.clone())))
                .collect(),
            secrets: BTreeMap::new(),
            allow_private_network: connection.allow_private_network,
            interval_minutes: minutes(connection.sync_interval_secs),
            reconcile_minutes: minutes(connection.reconcile_secs),
            version: connection.version,
        }
    }

    /// What a browser sent: `setting.NAME` and `secret.NAME` beside the fields that every connection has.
    pub(super) fn read(body: &Bytes) -> Self {
        let mut draft = Self::default();
        for (field, value) in form_urlencoded::parse(body) {
            match field.split_once('.') {
                Some(("setting", name)) => {
                    draft.add_setting(name, &value);
                }
                Some(("secret", name)) if !value.is_empty() => {
                    draft.secrets.insert(name.into(), SecretText::from(&*value));
                }
                _ => draft.take(&field, &value),
            }
        }
        draft
    }

    /// A setting with several choices comes once for each.
    fn add_setting(&mut self, name: &str, value: &str) {
        let known = self.settings.entry(name.into()).or_default();
        if !known.is_empty() && !value.is_empty() {
            known.push('\n');
        }
        known.push_str(value);
    }

    fn take(&mut self, field: &str, value: &str) {
        match field {
            "name" => self.name = value.trim().into(),
            "allow_private_network" => self.allow_private_network = true,
            "interval_minutes" => self.interval_minutes = value.trim().into(),
            "version" => self.version = value.parse().unwrap_or_default(),
            _ => {}
        }
    }

    /// The settings as the adapter takes them; what is left empty is left out, and takes its default.
    pub(super) fn settings(&self, schema: &Value, text: Text) -> Result<Value, Problem> {
        let mut settings = Map::new();
        for field in Setting::all(schema, &Self::default(), &Faults::default()) {
            let typed = self
                .settings
                .get(&field.name)
                .map(|typed| typed.trim())
                .unwrap_or_default();
            if let Some(value) = value(&field, typed, text)? {
                settings.insert(field.name, value);
            }
        }
        Ok(Value::Object(settings))
    }

    pub(super) fn sync_interval_secs(&self) -> Result<Option<i64>, Problem> {
        let secs = secs(&self.interval_minutes);
        secs.map_err(|_| FieldFault::new("sync_interval_secs", Fault::interval()).into())
    }

    pub(super) fn reconcile_secs(&self) -> Result<Option<i64>, Problem> {
        let secs = secs(&self.reconcile_minutes);
        secs.map_err(|_| FieldFault::new("reconcile_secs", Fault::reconcile()).into())
    }
}

fn secs(minutes: &str) -> Result<Option<i64>, ParseIntError> {
    match minutes.trim() {
        "" => Ok(None),
        minutes => Ok(Some(minutes.parse::<i64>()?.saturating_mul(60))),
    }
}

fn value(field: &Setting, typed: &str, text: Text) -> Result<Option<Value>, Problem> {
    let wrong = |_: serde_json::Error| {
        let id = match field.control {
            Control::Number => "number-invalid",
            _ => "setting-no-json",
        };
        Problem::field_for_visitor(format!("settings.{}", field.name), text.say(id))
    };
    let value = match (&field.control, typed) {
        // A box that is not ticked is not sent.
        (Control::Tick, typed) => Value::Bool(typed == "true"),
        (_, "") => return Ok(None),
        (Control::Text | Control::Choice(_), typed) => Value::String(typed.into()),
        // A decimal comma is what Germans type.
        (Control::Number, typed) => {
            serde_json::from_str(&typed.replace(',', ".")).map_err(wrong)?
        }
        (Control::Json, typed) => serde_json::from_str(typed).map_err(wrong)?,
        (Control::Lines | Control::Sources, typed) => {
            let lines = typed.lines().map(str::trim).filter(|line| !line.is_empty());
            lines.map(|line| Value::String(line.into())).collect()
        }
        (Control::Pairs, typed) => {
            let pairs = typed.lines().filter_map(|line| line.split_once('='));
            let pairs =
                pairs.map(|(name, value)| (name.trim().to_owned(), Value::from(value.trim())));
            Value::Object(pairs.collect())
        }
    };
    Ok(Some(value))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::http::console::language::Language;

    const TEXT: Text = Text::new(Language::De);

    #[test]
    fn what_is_typed_becomes_what_the_schema_asks_for() {
        let schema = json!({
            "properties": {
                "account": { "type": "string" },
                "above": { "type": "integer" },
                "left_out": { "type": "string" },
                "live": { "type": "boolean" },
                "places": { "type": "array", "items": { "type": "string" } },
                "sources": { "type": "array", "items": { "type": "string", "format": "inventory-source" } },
                "writes": { "type": "object", "additionalProperties": { "type": "string" } },
            },
        });
        let body = "name=Main&setting.account=acme+&setting.above=12&setting.live=true&setting.left_out=\
            &setting.sources=1&setting.sources=2&setting.sources=&setting.places=A%0D%0AB&setting.writes=X+%3D+Y&secret.key=s3&secret.other=";
        let draft = Draft::read(&Bytes::from_static(body.as_bytes()));
        let expected = json!({
            "account": "acme", "above": 12, "live": true, "places": ["A", "B"], "sources": ["1", "2"],
            "writes": { "X": "Y" },
        });
        assert_eq!(draft.settings(&schema, TEXT).unwrap(), expected);
        assert_eq!(draft.secrets.keys().collect::<Vec<_>>(), ["key"]);
        let wrong = Draft::read(&Bytes::from_static(b"setting.above=many"));
        let wrong = wrong.settings(&schema, TEXT).unwrap_err();
        assert_eq!(wrong.errors()[0].field, "settings.above");
        assert_eq!(
            wrong.errors()[0].reason,
            "Das ist eine Zahl, etwa 5 oder 2,5."
        );
    }
}
