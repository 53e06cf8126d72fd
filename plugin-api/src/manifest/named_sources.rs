//! Which inventory sources a connection's settings name, by the schema of the settings.

use serde_json::Value;

use super::Manifest;
use crate::sources::SOURCE_FORMAT;
use crate::{Capability, SourceId};

/// Schemas inside schemas: settings are a form, and a form is flat.
const DEPTH_MAX: usize = 8;
/// What a schema says of a value beside itself.
const ALTERNATIVES: [&str; 3] = ["anyOf", "oneOf", "allOf"];

// === impl Manifest ===

impl Manifest {
    /// Whether it asks to read other inventory sources of the account.
    #[must_use]
    pub fn reads_sources(&self) -> bool {
        self.capabilities.contains(&Capability::SourceReads)
    }

    /// The inventory sources that these settings name, each with its place in them (`sources.0`), in the order of the
    /// settings. Only these may be read; none without [`SourceReads`](crate::SourceReads).
    #[must_use]
    pub fn named_sources(&self, settings: &Value) -> Vec<(String, SourceId)> {
        let mut found = Vec::new();
        if self.reads_sources() {
            let schema = &self.settings_schema;
            gather(schema, schema, settings, "", DEPTH_MAX, &mut found);
        }
        found
    }
}

fn gather(
    root: &Value,
    schema: &Value,
    value: &Value,
    path: &str,
    depth: usize,
    found: &mut Vec<(String, SourceId)>,
) {
    let Some(depth) = depth.checked_sub(1) else {
        return;
    };
    if let (Some(SOURCE_FORMAT), Value::String(id)) = (schema["format"].as_str(), value) {
        found.push((path.into(), SourceId(id.clone())));
        return;
    }
    let pointer = schema["$ref"]
        .as_str()
        .and_then(|path| path.strip_prefix('#'));
    if let Some(target) = pointer.and_then(|pointer| root.pointer(pointer)) {
        gather(root, target, value, path, depth, found);
    }
    for schema in ALTERNATIVES
        .iter()
        .filter_map(|word| schema[*word].as_array())
        .flatten()
    {
        gather(root, schema, value, path, depth, found);
    }
    match value {
        Value::Array(items) => {
            for (position, item) in items.iter().enumerate() {
                let path = below(path, &position.to_string());
                gather(root, &schema["items"], item, &path, depth, found);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                let schema = &schema["properties"][name];
                gather(root, schema, field, &below(path, name), depth, found);
            }
        }
        _ => {}
    }
}

fn below(path: &str, name: &str) -> String {
    match path {
        "" => name.into(),
        path => format!("{path}.{name}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn sources_are_found_by_the_schema_wherever_the_settings_name_them() {
        let mut manifest = Manifest::new("sum", "Sum", "1.0.0");
        manifest.settings_schema = json!({
            "properties": {
                "sources": { "type": "array", "items": { "type": "string", "format": SOURCE_FORMAT } },
                "spare": { "$ref": "#/$defs/Spare" },
                "note": { "type": "string" },
            },
            "$defs": { "Spare": { "properties": { "id": {
                "anyOf": [{ "type": "string", "format": SOURCE_FORMAT }, { "type": "null" }],
            } } } },
        });
        let settings = json!({ "sources": ["a", "b"], "spare": { "id": "c" }, "note": "d" });
        assert!(
            manifest.named_sources(&settings).is_empty(),
            "it does not ask for the right"
        );
        manifest.capabilities.push(Capability::SourceReads);
        let named = manifest.named_sources(&settings);
        let named: Vec<_> = named
            .iter()
            .map(|(path, id)| (path.as_str(), id.0.as_str()))
            .collect();
        assert_eq!(
            named,
            [("sources.0", "a"), ("sources.1", "b"), ("spare.id", "c")]
        );
    }
}
