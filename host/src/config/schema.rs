//! The JSON Schema of the config file, made from the section structs, and what a file that breaks it is told.

use std::sync::LazyLock;

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{ValidationError, Validator};
use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::check::Check;
use super::format::{self, FORMATS};
use super::key_path::KeyPath;
use super::sections::Sections;

/// Marks the places in the schema where a secret's whereabouts are written.
pub(super) const SECRET: &str = "x-secret";
/// How alike two keys must be for one to be taken for a misspelling of the other.
const ALIKE: f64 = 0.75;

static SCHEMA: LazyLock<Value> = LazyLock::new(|| {
    let inline = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    inline
        .into_generator()
        .into_root_schema_for::<Sections>()
        .to_value()
});

static VALIDATOR: LazyLock<Validator> = LazyLock::new(|| {
    let strict = jsonschema::options().should_validate_formats(true);
    let options = FORMATS.iter().fold(strict, |options, format| {
        options.with_format(format.name, format.fits)
    });
    options
        .build(&SCHEMA)
        .expect("the schema is made from types")
});

/// The schema.
pub(super) fn of_file() -> Value {
    SCHEMA.clone()
}

/// Notes all that breaks the schema, and returns what keeps it.
pub(super) fn validate(merged: &Value, check: &mut Check<'_>) -> Value {
    let mut kept = merged.clone();
    make_whole_numbers(&mut kept, &SCHEMA);
    let broken: Vec<_> = VALIDATOR
        .iter_errors(&kept)
        .flat_map(|error| complaints(&error))
        .collect();
    for (key, message) in broken {
        check.refuse(&key, message);
        remove(&mut kept, &key);
    }
    kept
}

/// Whether the schema wants a text at this key.
pub(super) fn wants_text(key: &KeyPath) -> bool {
    at(key).is_some_and(|schema| types(schema).any(|name| name == "string"))
}

/// What one error says, as one complaint per key.
fn complaints(error: &ValidationError<'_>) -> Vec<(KeyPath, String)> {
    let key: KeyPath = error
        .instance_path()
        .into_iter()
        .map(|segment| segment.to_string())
        .collect();
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => unexpected
            .iter()
            .map(|name| (key.then(name), unknown(&key, name)))
            .collect(),
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            vec![(key.then(name), "is missing".into())]
        }
        kind => {
            let message = message(kind, error.instance(), &key);
            vec![(key, message)]
        }
    }
}

fn message(kind: &ValidationErrorKind, found: &Value, key: &KeyPath) -> String {
    match kind {
        ValidationErrorKind::Type { kind } => wrong_type(kind, found, key),
        ValidationErrorKind::Minimum { limit } => format!("must be at least {limit}"),
        ValidationErrorKind::Maximum { limit } => format!("must be at most {limit}"),
        ValidationErrorKind::MinLength { .. } => "must not be empty".into(),
        ValidationErrorKind::MaxLength { limit } => {
            format!("must be at most {limit} characters long")
        }
        ValidationErrorKind::MinItems { .. } => "must name at least one".into(),
        ValidationErrorKind::OneOfNotValid { .. } => not_among(key, found),
        ValidationErrorKind::Format { format } => format::must(format).into(),
        other => format!(
            "breaks the rule `{}` of the config's schema",
            other.keyword()
        ),
    }
}

fn wrong_type(wanted: &TypeKind, found: &Value, key: &KeyPath) -> String {
    if at(key).is_some_and(|schema| schema.get(SECRET).is_some()) {
        return "must say where the secret is: { env = \"NAME\" }, { file = \"path\" } or { credential = \"name\" }; \
                secrets themselves are never written in the config"
            .into();
    }
    let wanted: Vec<_> = match wanted {
        TypeKind::Single(one) => vec![in_words(one.as_str())],
        TypeKind::Multiple(several) => several
            .iter()
            .filter(|one| one.as_str() != "null")
            .map(|one| in_words(one.as_str()))
            .collect(),
    };
    format!(
        "must be {}, not {}",
        wanted.join(" or "),
        in_words(type_of(found))
    )
}

/// For an enum, which the schema writes as one constant per documented variant.
fn not_among(key: &KeyPath, found: &Value) -> String {
    let variants = at(key)
        .and_then(|schema| schema["oneOf"].as_array())
        .into_iter()
        .flatten();
    let names: Vec<_> = variants
        .filter_map(|variant| variant["const"].as_str())
        .collect();
    let listed = names
        .iter()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(" or ");
    match found
        .as_str()
        .and_then(|text| nearest(text, names.into_iter()))
    {
        Some(near) => format!("must be {listed}; did you mean `{near}`?"),
        None => format!("must be {listed}"),
    }
}

fn unknown(table: &KeyPath, name: &str) -> String {
    let known: Vec<_> = at(table)
        .and_then(|schema| schema["properties"].as_object())
        .map(|properties| properties.keys().map(String::as_str).collect())
        .unwrap_or_default();
    match nearest(name, known.iter().copied()) {
        Some(near) => format!("is unknown; did you mean `{near}`?"),
        None => format!("is unknown; known here are `{}`", known.join("`, `")),
    }
}

fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let likeness = |candidate: &str| strsim::jaro_winkler(name, candidate);
    let (best, score) = known
        .map(|candidate| (candidate, likeness(candidate)))
        .max_by(|a, b| a.1.total_cmp(&b.1))?;
    (score >= ALIKE).then_some(best)
}

/// The schema of the value at this key.
fn at(key: &KeyPath) -> Option<&'static Value> {
    key.segments()
        .iter()
        .try_fold(&*SCHEMA, |schema, segment| below(schema, segment))
}

fn below<'a>(schema: &'a Value, segment: &str) -> Option<&'a Value> {
    let property = schema
        .get("properties")
        .and_then(|properties| properties.get(segment));
    let free = || {
        schema
            .get("additionalProperties")
            .filter(|schema| schema.is_object())
    };
    property.or_else(|| schema.get("items")).or_else(free)
}

fn types(schema: &Value) -> impl Iterator<Item = &str> {
    let (one, several) = (schema["type"].as_str(), schema["type"].as_array());
    one.into_iter()
        .chain(several.into_iter().flatten().filter_map(Value::as_str))
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn in_words(json_type: &str) -> &'static str {
    match json_type {
        "boolean" => "`true` or `false`",
        "integer" => "a whole number",
        "number" => "a number",
        "string" => "a text",
        "array" => "a list",
        "object" => "a table",
        _ => "left out",
    }
}

/// JSON Schema takes `300.0` for a whole number; Rust does not.
fn make_whole_numbers(value: &mut Value, schema: &Value) {
    match value {
        Value::Object(fields) => {
            let known = fields
                .iter_mut()
                .filter_map(|(name, field)| Some((field, below(schema, name)?)));
            known.for_each(|(field, schema)| make_whole_numbers(field, schema));
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| make_whole_numbers(item, &schema["items"])),
        Value::Number(number) if types(schema).any(|name| name == "integer") => {
            let whole = number
                .as_f64()
                .filter(|float| number.is_f64() && float.fract() == 0.0);
            let shown = whole.and_then(|float| format!("{float:.0}").parse::<i64>().ok());
            *value = shown.map_or_else(|| number.clone().into(), Value::from);
        }
        _ => {}
    }
}

/// Takes the value out. An entry of a list stays, for those behind it must keep their numbers; unless it is in a list
/// of plain values, which goes as a whole.
fn remove(value: &mut Value, key: &KeyPath) {
    let (Some((last, _)), Some(parent)) = (key.segments().split_last(), key.parent()) else {
        return;
    };
    let pointer: String = parent
        .segments()
        .iter()
        .map(|segment| format!("/{segment}"))
        .collect();
    match value.pointer_mut(&pointer) {
        Some(Value::Object(fields)) => drop(fields.remove(last)),
        Some(Value::Array(_)) if parent.segments().len() > 1 => remove(value, &parent),
        _ => {}
    }
}
