//! Settings that say where secrets are sent: who changes them must know the secrets, or could have them sent to
//! himself.

use bestand_plugin_api::Manifest;
use serde_json::Value;

/// The settings that name a host to speak to, and name another one in `after` than in `before`.
pub(super) fn moved_addresses<'m>(
    manifest: &'m Manifest,
    before: &Value,
    after: &Value,
) -> Vec<&'m str> {
    let rules = manifest.outbound.iter();
    let settings = rules.filter_map(|rule| rule.strip_prefix('{')?.strip_suffix('}'));
    settings
        .filter(|setting| before.get(setting) != after.get(setting))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(before: &Value, after: &Value, expected: &[&str]) {
        let mut manifest = Manifest::new("shelf", "Shelf", "1.0.0");
        manifest.outbound = vec!["*.shelf.example".into(), "{base_url}".into()];
        assert_eq!(moved_addresses(&manifest, before, after), expected);
    }

    #[test]
    fn only_a_setting_that_names_a_host_moves_an_address() {
        let ours = json!({ "account": "acme", "base_url": "https://shelf.example" });
        let renamed = json!({ "account": "other", "base_url": "https://shelf.example" });
        check(&ours, &renamed, &[]);
        let moved = json!({ "account": "acme", "base_url": "https://evil.example" });
        check(&ours, &moved, &["base_url"]);
        check(&ours, &json!({ "account": "acme" }), &["base_url"]);
        check(&json!({}), &moved, &["base_url"]);
    }
}
