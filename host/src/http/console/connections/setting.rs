//! The fields of a form, as the adapter's schema asks for them.

use bestand_plugin_api::SecretSpec;
use bestand_plugin_api::sources::{SOURCE_FORMAT, SOURCES_MAX};
use serde_json::Value;

use super::draft::Draft;
use crate::http::console::form::Faults;

/// Choices that are shown beyond those that are made: a form without a script cannot add one.
const SPARE_CHOICES: usize = 3;

/// A field for a setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Setting {
    /// As the schema names it.
    pub(super) name: String,
    /// As the page names its field.
    pub(super) id: String,
    pub(super) label: String,
    pub(super) help: String,
    pub(super) control: Control,
    /// What it holds, as text.
    pub(super) value: String,
    pub(super) is_required: bool,
    pub(super) error: String,
}

/// What a setting is entered in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Control {
    Text,
    Number,
    Tick,
    /// One of these: word and explanation.
    Choice(Vec<(String, String)>),
    /// A line for each.
    Lines,
    /// Inventory sources of the account, one choice for each, in order.
    Sources,
    /// A line `name = value` for each.
    Pairs,
    /// Anything else, as JSON.
    Json,
}

/// A field for a secret: it is only ever written.
#[derive(Clone, Debug)]
pub(super) struct Secret {
    pub(super) name: String,
    /// As the page names its field.
    pub(super) id: String,
    pub(super) label: String,
    pub(super) help: String,
    pub(super) is_optional: bool,
    pub(super) error: String,
}

// === impl Setting ===

impl Setting {
    /// The fields of a schema, those that must be filled in first.
    pub(super) fn all(schema: &Value, draft: &Draft, faults: &Faults) -> Vec<Self> {
        let required = |name: &str| {
            let names = schema["required"].as_array();
            names.is_some_and(|names| names.iter().any(|required| required == name))
        };
        let properties = schema["properties"].as_object().into_iter().flatten();
        let field = |(name, property): (&String, &Value)| {
            let property = resolved(schema, property);
            let stored = draft.settings.get(name);
            let value = stored
                .cloned()
                .unwrap_or_else(|| shown(property["default"].clone()));
            Self {
                label: property["title"]
                    .as_str()
                    .map_or_else(|| label(name), str::to_owned),
                help: property["description"]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned(),
                control: Control::of(schema, &property),
                value,
                is_required: required(name),
                error: faults.of(&format!("settings.{name}")).to_owned(),
                id: format!("setting-{name}"),
                name: name.clone(),
            }
        };
        let mut fields: Vec<_> = properties.map(field).collect();
        fields.sort_by_key(|field| !field.is_required);
        fields
    }

    /// What is chosen, each in a choice of its own, and some choices for more.
    pub(super) fn slots(&self) -> Vec<&str> {
        let chosen = self.value.lines().filter(|line| !line.is_empty());
        let slots = chosen.chain(std::iter::repeat_n("", SPARE_CHOICES));
        slots.take(SOURCES_MAX).collect()
    }

    pub(super) fn is_ticked(&self) -> bool {
        self.value == "true"
    }
}

/// A setting as text, one that is not there as none.
pub(super) fn shown(value: Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text,
        Value::Array(items) if items.iter().all(Value::is_string) => {
            let lines: Vec<_> = items.iter().filter_map(Value::as_str).collect();
            lines.join("\n")
        }
        Value::Object(pairs) if pairs.values().all(Value::is_string) => {
            let lines = pairs
                .iter()
                .map(|(name, value)| format!("{name} = {}", value.as_str().unwrap_or_default()));
            lines.collect::<Vec<_>>().join("\n")
        }
        other => other.to_string(),
    }
}

/// A property with what it refers to: its own words stand above those of the definition.
fn resolved(schema: &Value, property: &Value) -> Value {
    let target = property["$ref"]
        .as_str()
        .and_then(|path| path.strip_prefix('#'));
    let Some(definition) = target.and_then(|path| schema.pointer(path)) else {
        return property.clone();
    };
    let mut whole = definition.clone();
    if let (Some(whole), Some(own)) = (whole.as_object_mut(), property.as_object()) {
        whole.extend(own.iter().map(|(key, value)| (key.clone(), value.clone())));
    }
    whole
}

/// `base_url` as people read it where its schema has no title: `Base url`.
fn label(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

// === impl Control ===

impl Control {
    pub(super) fn of(schema: &Value, property: &Value) -> Self {
        if let Some(choices) = choices(property) {
            return Self::Choice(choices);
        }
        let types: Vec<&str> = match &property["type"] {
            Value::String(name) => vec![name],
            Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
            _ => vec![],
        };
        let is = |name: &str| {
            types.iter().all(|found| *found == name || *found == "null") && types.contains(&name)
        };
        let holds_text = |place: &str| resolved(schema, &property[place])["type"] == "string";
        let names_sources = resolved(schema, &property["items"])["format"] == SOURCE_FORMAT;
        match () {
            () if is("string") => Self::Text,
            () if is("integer") || is("number") => Self::Number,
            () if is("boolean") => Self::Tick,
            () if is("array") && names_sources => Self::Sources,
            () if is("array") && holds_text("items") => Self::Lines,
            () if is("object") && holds_text("additionalProperties") => Self::Pairs,
            () => Self::Json,
        }
    }

    pub(super) fn is_long(&self) -> bool {
        matches!(self, Self::Lines | Self::Pairs | Self::Json)
    }

    pub(super) fn choices(&self) -> &[(String, String)] {
        match self {
            Self::Choice(choices) => choices,
            _ => &[],
        }
    }
}

fn choices(property: &Value) -> Option<Vec<(String, String)>> {
    let word = |choice: &Value| {
        let word = choice["const"].as_str()?;
        let said = choice["description"].as_str().unwrap_or(word);
        Some((word.to_owned(), said.to_owned()))
    };
    if let Some(variants) = property["oneOf"].as_array() {
        return variants.iter().map(word).collect();
    }
    let words = property["enum"].as_array()?;
    let word = |word: &Value| Some((word.as_str()?.to_owned(), label(word.as_str()?)));
    words.iter().map(word).collect()
}

// === impl Secret ===

impl Secret {
    pub(super) fn all(specs: &[SecretSpec], faults: &Faults) -> Vec<Self> {
        let secret = |spec: &SecretSpec| Self {
            name: spec.name.clone(),
            id: format!("secret-{}", spec.name),
            label: spec.label.clone(),
            help: spec.help.clone(),
            is_optional: spec.optional,
            error: faults.of(&format!("secrets.{}", spec.name)).to_owned(),
        };
        specs.iter().map(secret).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(property: Value, expected: Control) {
        let schema = json!({ "$defs": { "Way": { "oneOf": [
            { "const": "near", "type": "string", "description": "Close by." },
            { "const": "far", "type": "string" },
        ] } } });
        let whole = resolved(&schema, &property);
        assert_eq!(Control::of(&schema, &whole), expected, "{property}");
    }

    #[test]
    fn each_setting_is_entered_in_what_fits_its_schema() {
        check(json!({ "type": "string" }), Control::Text);
        check(json!({ "type": ["string", "null"] }), Control::Text);
        check(json!({ "type": "integer", "minimum": 0 }), Control::Number);
        check(json!({ "type": "boolean" }), Control::Tick);
        check(
            json!({ "type": "array", "items": { "type": "string" } }),
            Control::Lines,
        );
        check(
            json!({ "type": "array", "items": { "type": "string", "format": "inventory-source" } }),
            Control::Sources,
        );
        check(
            json!({ "type": "array", "items": { "type": "integer" } }),
            Control::Json,
        );
        check(
            json!({ "type": "object", "additionalProperties": { "type": "string" } }),
            Control::Pairs,
        );
        let choices = vec![
            ("near".into(), "Close by.".into()),
            ("far".into(), "far".into()),
        ];
        check(
            json!({ "$ref": "#/$defs/Way", "default": "near" }),
            Control::Choice(choices),
        );
        check(json!({}), Control::Json);
    }
}
