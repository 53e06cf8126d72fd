//! The published schema of the newer API, when it is there: answers are held against it.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::super::support::Answer;

/// Fails when an answer is not what the schema says of this operation.
pub(super) fn check(path: &str, answer: &Answer) {
    let Some(schema) = schema() else { return };
    let shown = match answer.status {
        200 => {
            let content = &schema["paths"][path]["get"]["responses"]["200"]["content"];
            strict(content["application/json"]["schema"].clone())
        }
        _ => json!({ "$ref": "#/components/schemas/error_response_body" }),
    };
    validate(&schema, &shown, answer);
    if answer.status == 200 && answer.json().get("total").is_some() {
        let paged = json!({ "$ref": "#/components/schemas/paged_list_response_body" });
        validate(&schema, &paged, answer);
    }
}

fn validate(schema: &Value, part: &Value, answer: &Answer) {
    let mut components = json!({
        "uuid": { "type": "string", "format": "uuid" },
        "url": { "type": "string", "format": "uri" },
    });
    for group in ["paging", "error_envelope"] {
        for (name, value) in schema[group].as_object().unwrap() {
            // Its `link` takes no property but those of another schema, which JSON Schema cannot say in this way.
            let mut value = value.clone();
            if name == "link" {
                value
                    .as_object_mut()
                    .unwrap()
                    .remove("additionalProperties");
            }
            components[name] = value;
        }
    }
    let root = json!({ "allOf": [part], "components": { "schemas": components } });
    let options = jsonschema::options().should_validate_formats(true);
    let validator = options.build(&root).unwrap();
    let body = answer.json();
    let errors: Vec<String> = validator
        .iter_errors(&body)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}\n{body:#}");
}

/// The same, but nothing may be there that the schema does not name.
fn strict(mut schema: Value) -> Value {
    match &mut schema {
        Value::Object(object) => {
            for value in object.values_mut() {
                *value = strict(value.take());
            }
            if object.contains_key("properties") {
                object.insert("additionalProperties".into(), false.into());
            }
        }
        Value::Array(list) => list
            .iter_mut()
            .for_each(|value| *value = strict(value.take())),
        _ => {}
    }
    schema
}

fn schema() -> Option<Value> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data");
    let folder = std::env::var_os("BESTAND_DATA").map_or(beside.into(), PathBuf::from);
    match std::fs::read(folder.join("shipstation-v2-inventory.json")) {
        Ok(text) => Some(serde_json::from_slice(&text).unwrap()),
        Err(_) => {
            println!(
                "not held against the published schema: ../shared/data (or BESTAND_DATA) has none"
            );
            None
        }
    }
}
