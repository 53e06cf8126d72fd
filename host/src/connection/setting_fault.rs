//! What a setting is not, of what its adapter's JSON Schema asks for.

use std::fmt;

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a setting is not. What the schema says stays with it, for the API, which tells it in JSON Schema's own terms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingFault {
    /// The part of the schema that it does not keep to.
    pub rule: Rule,
    /// The same in English, with the value.
    pub said: String,
}

/// A part of a JSON Schema that a setting may not keep to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Rule {
    /// A setting that has to be there is not.
    Required {
        /// Its name.
        setting: String,
    },
    /// There is no setting of these names.
    NotThere {
        /// The names.
        settings: Vec<String>,
    },
    /// It is of another type.
    Type,
    /// It has not the form that is asked for.
    Form,
    /// It is none of these.
    OneOf {
        /// What it may be.
        choices: Vec<String>,
    },
    /// It has fewer characters or entries than this.
    TooFew {
        /// How many it must have.
        least: u64,
    },
    /// It has more characters or entries than this.
    TooMany {
        /// How many it may have.
        most: u64,
    },
    /// It is below this, or not above it.
    TooSmall {
        /// The bound.
        bound: String,
    },
    /// It is above this, or not below it.
    TooLarge {
        /// The bound.
        bound: String,
    },
    /// An entry stands there twice.
    Twice,
    /// Anything else that a schema can ask for.
    Other,
}

// === impl SettingFault ===

impl SettingFault {
    /// As the schema's validator tells it.
    #[must_use]
    pub fn of(error: &ValidationError<'_>) -> Self {
        Self {
            rule: Rule::of(error.kind()),
            said: error.to_string(),
        }
    }
}

impl fmt::Display for SettingFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said)
    }
}

// === impl Rule ===

impl Rule {
    fn of(kind: &ValidationErrorKind) -> Self {
        use ValidationErrorKind as Kind;
        match kind {
            Kind::Required { property } => Self::Required {
                setting: plain(property),
            },
            Kind::AdditionalProperties { unexpected }
            | Kind::UnevaluatedProperties { unexpected } => Self::NotThere {
                settings: unexpected.clone(),
            },
            Kind::Type { .. } => Self::Type,
            Kind::Pattern { .. } | Kind::Format { .. } => Self::Form,
            Kind::Enum { options } => Self::OneOf {
                choices: options
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(plain)
                    .collect(),
            },
            Kind::Constant { expected_value } => Self::OneOf {
                choices: vec![plain(expected_value)],
            },
            Kind::MinLength { limit }
            | Kind::MinItems { limit }
            | Kind::MinProperties { limit } => Self::TooFew { least: *limit },
            Kind::MaxLength { limit }
            | Kind::MaxItems { limit }
            | Kind::MaxProperties { limit } => Self::TooMany { most: *limit },
            Kind::Minimum { limit } | Kind::ExclusiveMinimum { limit } => Self::TooSmall {
                bound: plain(limit),
            },
            Kind::Maximum { limit } | Kind::ExclusiveMaximum { limit } => Self::TooLarge {
                bound: plain(limit),
            },
            Kind::UniqueItems => Self::Twice,
            _ => Self::Other,
        }
    }
}

/// A text without its quotes, anything else as JSON.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(property: Value, value: Value, expected: Rule) {
        let schema = json!({
            "properties": { "it": property },
            "required": ["it"],
            "additionalProperties": false,
        });
        let schema = jsonschema::validator_for(&schema).unwrap();
        let error = schema.iter_errors(&value).next().unwrap();
        assert_eq!(SettingFault::of(&error).rule, expected, "{error}");
    }

    #[test]
    fn each_rule_of_a_schema_is_told_by_its_kind() {
        let setting = || "it".to_owned();
        check(json!({}), json!({}), Rule::Required { setting: setting() });
        let more = json!({ "it": 1, "other": 2 });
        let settings = vec!["other".to_owned()];
        check(json!({}), more, Rule::NotThere { settings });
        check(json!({ "type": "string" }), json!({ "it": 1 }), Rule::Type);
        check(json!({ "pattern": "^a" }), json!({ "it": "b" }), Rule::Form);
        let choices = vec!["a".to_owned(), "b".to_owned()];
        let choice = json!({ "enum": ["a", "b"] });
        check(choice, json!({ "it": "c" }), Rule::OneOf { choices });
        check(
            json!({ "minLength": 2 }),
            json!({ "it": "c" }),
            Rule::TooFew { least: 2 },
        );
        check(
            json!({ "maxItems": 1 }),
            json!({ "it": [1, 2] }),
            Rule::TooMany { most: 1 },
        );
        let bound = || "3".to_owned();
        check(
            json!({ "minimum": 3 }),
            json!({ "it": 2 }),
            Rule::TooSmall { bound: bound() },
        );
        check(
            json!({ "maximum": 3 }),
            json!({ "it": 4 }),
            Rule::TooLarge { bound: bound() },
        );
        check(
            json!({ "uniqueItems": true }),
            json!({ "it": [1, 1] }),
            Rule::Twice,
        );
        check(json!({ "multipleOf": 2 }), json!({ "it": 3 }), Rule::Other);
    }
}
