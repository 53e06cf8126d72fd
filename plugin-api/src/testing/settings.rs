//! What the daemon looks at before an adapter hears of a connection: the manifest, and the settings by their schema.

use serde_json::Value;

use crate::{AdapterError, Manifest, Result};

/// The first thing that keeps the daemon from opening such a connection.
pub(super) fn check(manifest: &Manifest, settings: &Value) -> Result<()> {
    if let Some(problem) = manifest.problems().first() {
        return Err(AdapterError::bug(format!(
            "the daemon refuses the manifest: {problem}"
        )));
    }
    let schema = jsonschema::validator_for(&manifest.settings_schema)
        .map_err(|error| AdapterError::bug(format!("the settings schema is broken: {error}")))?;
    let Some(error) = schema.iter_errors(settings).next() else {
        return Ok(());
    };
    let field = format!("settings{}", error.instance_path()).replace('/', ".");
    Err(AdapterError::config(field, error.to_string()))
}
