//! The test of a manifest that every adapter wants.

use serde_json::Value;

use crate::export::Wiring;
use crate::{Adapter, Manifest};

/// What a setting's name must not end with: such a value belongs among the secrets.
const SECRET_WORDS: [&str; 7] = [
    "secret",
    "password",
    "passphrase",
    "token",
    "credential",
    "credentials",
    "apikey",
];
/// The same for names of two words.
const SECRET_PAIRS: [[&str; 2]; 3] = [["api", "key"], ["access", "key"], ["private", "key"]];

/// Checks the manifest of an adapter: against the daemon's rules ([`Manifest::problems`]), and for what a partner
/// would regret, such as a setting that is a secret or a heading that nobody explains.
///
/// ```no_run
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shelf.rs"));
/// # export_adapter!(Shelf);
/// # fn main() {}
/// #[test]
/// fn the_manifest_is_in_order() {
///     bestand_plugin_api::testing::check_manifest(wiring);
/// }
/// ```
///
/// # Panics
/// With all that is wrong, one line each.
pub fn check_manifest<A: Adapter>(wiring: impl FnOnce() -> Wiring<A>) {
    let wiring = wiring();
    let manifest = wiring.manifest();
    let mut problems = manifest.problems();
    problems.extend(regrets(manifest));
    let list = problems.join("\n- ");
    assert!(
        problems.is_empty(),
        "the manifest of `{}` is not in order:\n- {list}",
        manifest.id
    );
}

/// What the daemon takes, and a partner would regret.
pub(crate) fn regrets(manifest: &Manifest) -> Vec<String> {
    let mut regrets = Vec::new();
    let support = &manifest.support;
    if manifest.publisher.trim().is_empty() {
        regrets.push("`publisher` is empty; operators want to know whose code they run".into());
    }
    if support.name.is_empty() && support.email.is_empty() && support.url.is_empty() {
        regrets.push(
            "`support` names nobody; staff are told whom to ask when a count is missing".into(),
        );
    }
    if manifest.semantics.available.trim().is_empty() {
        regrets.push(
            "`semantics.available` is empty; say how the number comes about, so that it can be checked".into(),
        );
    }
    settings_that_are_secrets(&manifest.settings_schema, &mut regrets);
    regrets
}

/// Settings are shown, exported and logged; secrets are not.
fn settings_that_are_secrets(schema: &Value, regrets: &mut Vec<String>) {
    match schema {
        Value::Object(object) => {
            if let Some(Value::Object(fields)) = object.get("properties") {
                let secrets = fields.keys().filter(|name| is_secret(name));
                regrets.extend(secrets.map(|name| {
                    format!("setting `{name}` is named like a secret; declare it in `manifest.secrets` instead")
                }));
            }
            for value in object.values() {
                settings_that_are_secrets(value, regrets);
            }
        }
        Value::Array(values) => {
            for value in values {
                settings_that_are_secrets(value, regrets);
            }
        }
        _ => {}
    }
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let words: Vec<&str> = name.split(['_', '-', ' ']).collect();
    let last = words.last().is_some_and(|word| SECRET_WORDS.contains(word));
    last || SECRET_PAIRS.iter().any(|pair| words.ends_with(pair))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_is_a_secret_by_the_end_of_its_name() {
        for secret in [
            "password",
            "api_key",
            "access_token",
            "client_secret",
            "Private-Key",
        ] {
            assert!(is_secret(secret), "{secret}");
        }
        for plain in [
            "token_url",
            "base_url",
            "key_column",
            "password_policy",
            "shipping",
            "keys",
        ] {
            assert!(!is_secret(plain), "{plain}");
        }
    }
}
