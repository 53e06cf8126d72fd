//! What a plugin's signature is worth, in the visitor's language.

use crate::http::console::explain::told::Told;
use crate::http::console::text::Text;
use crate::http::console::tone::Tone;
use crate::plugin::trust::{Trust, TrustWord};

/// In a word.
pub(super) fn tone(trust: &Trust, text: Text) -> Tone {
    let (word, class, icon) = match trust.word() {
        TrustWord::Trusted => ("trusted", "good", "good"),
        TrustWord::Unsigned => ("unsigned", "doubt", "warn"),
        TrustWord::UnknownKey => ("unknown_key", "doubt", "doubt"),
        TrustWord::Modified => ("modified", "bad", "bad"),
        TrustWord::Revoked => ("revoked", "bad", "bad"),
        TrustWord::Expired => ("expired", "doubt", "clock"),
        TrustWord::NotAllowed => ("not_allowed", "bad", "bad"),
    };
    Tone::new(text.say(&format!("signature-{word}")), class, icon)
}

/// Why what has it does not run, with the way out: what [`Trust::why_not`] says.
pub(super) fn why_not(trust: &Trust, id: &str, text: Text) -> Told {
    let key = || trust.key().map(|key| key.to_string()).unwrap_or_default();
    let say = |word: &str, values: &[(&str, String)]| {
        let name = std::iter::once(("name", id.into()));
        let values = values.iter();
        let values = values.map(|(name, value)| (*name, value.as_str().into()));
        let values: Vec<_> = name.chain(values).collect();
        Told::new(text.with(&format!("signature-{word}-why"), &values))
    };
    match trust {
        Trust::Trusted { .. } => Told::default(),
        Trust::Unsigned => say("unsigned", &[]),
        Trust::UnknownKey { .. } => say("unknown_key", &[("key", key())]),
        Trust::Modified { reason } => Told::quoting(say("modified", &[]).sentence, reason),
        Trust::Revoked {
            publisher, since, ..
        } => say(
            "revoked",
            &[
                ("key", key()),
                ("publisher", publisher.clone()),
                ("since", since.to_string()),
            ],
        ),
        Trust::Expired {
            publisher, since, ..
        } => say(
            "expired",
            &[
                ("key", key()),
                ("publisher", publisher.clone()),
                ("since", since.to_string()),
            ],
        ),
        Trust::NotAllowed { publisher, .. } => say(
            "not_allowed",
            &[("key", key()), ("publisher", publisher.clone())],
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::console::language::Language;

    #[test]
    fn a_refusal_names_the_adapter_and_the_way_out() {
        let unsigned = why_not(&Trust::Unsigned, "acme", Text::new(Language::De));
        assert!(unsigned.sentence.contains("„acme“"), "{unsigned:?}");
        assert!(
            unsigned.sentence.contains("bestand plugin sign"),
            "{unsigned:?}"
        );
        let modified = Trust::Modified {
            reason: "a file is missing".into(),
        };
        let modified = why_not(&modified, "acme", Text::new(Language::En));
        assert_eq!(modified.said, "a file is missing");
    }
}
