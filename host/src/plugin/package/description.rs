//! `adapter.toml`: an adapter's manifest beside its library, so that it can be looked at without running anything.

use bestand_plugin_api::Manifest;
use serde_json::Value;

use super::PackageError;

/// The manifest as TOML.
///
/// # Errors
/// When it holds something that TOML cannot, such as a number beyond 64 bits.
pub fn to_toml(manifest: &Manifest) -> Result<String, PackageError> {
    let fields = fields(manifest)?;
    toml_edit::ser::to_string_pretty(&fields).map_err(|error| {
        PackageError::unusable(format!("the manifest cannot be written as TOML: {error}"))
    })
}

/// The manifest in a TOML text.
///
/// # Errors
/// When it is none.
pub fn from_toml(text: &str) -> Result<Manifest, PackageError> {
    toml_edit::de::from_str(text).map_err(|error| {
        PackageError::unusable(format!("`adapter.toml` is no adapter's manifest: {error}"))
    })
}

/// The first field in which what the code says differs from what stands in `adapter.toml`.
///
/// TOML has no null, so nulls of a settings schema do not count.
#[must_use]
pub fn difference(written: &Manifest, told: &Manifest) -> Option<String> {
    let (Ok(Value::Object(written)), Ok(Value::Object(told))) = (fields(written), fields(told))
    else {
        return Some("form".into());
    };
    let names = written.keys().chain(told.keys());
    names
        .into_iter()
        .find(|name| written.get(*name) != told.get(*name))
        .cloned()
}

fn fields(manifest: &Manifest) -> Result<Value, PackageError> {
    let fields = serde_json::to_value(manifest)
        .map_err(|error| PackageError::unusable(error.to_string()))?;
    Ok(without_nulls(fields))
}

fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let kept = fields.into_iter().filter(|(_, field)| !field.is_null());
            kept.map(|(name, field)| (name, without_nulls(field)))
                .collect()
        }
        Value::Array(items) => {
            let kept = items.into_iter().filter(|item| !item.is_null());
            kept.map(without_nulls).collect()
        }
        plain => plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        let mut manifest = Manifest::new("acme", "Acme", "1.2.0");
        manifest.outbound = vec!["api.acme.example".into()];
        manifest.icon = Some("<svg xmlns=\"…\"/>".into());
        manifest.settings_schema = serde_json::json!({
            "type": "object",
            "properties": {"site": {"type": ["string", "null"], "default": null}, "rate": {"maximum": 1.5, "minimum": 1}},
        });
        manifest
    }

    #[test]
    fn a_manifest_goes_to_toml_and_back() {
        let written = from_toml(&to_toml(&manifest()).unwrap()).unwrap();
        assert_eq!(difference(&written, &manifest()), None);
        let mut bare = manifest();
        bare.settings_schema = Value::Null;
        assert_eq!(
            difference(&from_toml(&to_toml(&bare).unwrap()).unwrap(), &bare),
            None
        );
    }

    #[test]
    fn a_field_that_differs_is_named() {
        let mut told = manifest();
        told.outbound.push("evil.example".into());
        assert_eq!(difference(&manifest(), &told).unwrap(), "outbound");
        let mut told = manifest();
        told.icon = None;
        assert_eq!(difference(&manifest(), &told).unwrap(), "icon");
    }
}
