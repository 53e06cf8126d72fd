//! Why a plugin is not used.

use super::told::Told;
use crate::http::console::text::Text;
use crate::plugin::directory::Setback;
use crate::plugin::refusal::RefusalKind;

/// Why a plugin is not used; `said` is the same in English, with names and the way out.
pub(in crate::http::console) fn refused(kind: RefusalKind, said: &str, text: Text) -> Told {
    let id = match kind {
        RefusalKind::Untrusted => "refusal-untrusted",
        RefusalKind::Loose => "refusal-loose",
        RefusalKind::NotInstalled => "refusal-not-installed",
        RefusalKind::Package => "refusal-package",
        RefusalKind::Pinned => "refusal-pinned",
        RefusalKind::Manifest => "refusal-manifest",
        RefusalKind::Duplicate => "refusal-duplicate",
        RefusalKind::NoPlugin => "refusal-no-plugin",
        RefusalKind::OtherContract => "refusal-other-contract",
        RefusalKind::NotStarted => "refusal-not-started",
    };
    Told::quoting(text.say(id), said)
}

/// What was found and not put in its place.
pub(in crate::http::console) fn setback(setback: &Setback, text: Text) -> Told {
    let sentence = match &setback.new {
        Some(version) => text.name("plugin-setback", version),
        None => text.say("plugin-setback-unknown"),
    };
    Told::quoting(sentence, &setback.why)
}
