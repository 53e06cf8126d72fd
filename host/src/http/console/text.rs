//! What the console says, in a visitor's language: Fluent messages by their id.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::langid;

use super::language::Language;

/// Says things in one language.
#[derive(Clone, Copy)]
pub(super) struct Text {
    language: Language,
}

type Bundle = FluentBundle<FluentResource>;

static ENGLISH: LazyLock<Bundle> = LazyLock::new(|| bundle(Language::En));
static GERMAN: LazyLock<Bundle> = LazyLock::new(|| bundle(Language::De));

// === impl Text ===

impl Text {
    pub(super) const fn new(language: Language) -> Self {
        Self { language }
    }

    pub(super) const fn language(&self) -> Language {
        self.language
    }

    /// The message `id`.
    pub(super) fn say(&self, id: &str) -> String {
        self.form(id, None)
    }

    /// The message `id` about `$count` things, in the number's own grammar.
    pub(super) fn count(&self, id: &str, count: impl TryInto<i64>) -> String {
        let count = count.try_into().unwrap_or(i64::MAX);
        let shown = super::number::whole(self.language, count);
        self.with(id, &[("count", count.into()), ("shown", shown.into())])
    }

    /// The message `id` that speaks of `$name`.
    pub(super) fn name(&self, id: &str, name: impl AsRef<str>) -> String {
        self.with(id, &[("name", name.as_ref().into())])
    }

    /// The message `id` with these values.
    pub(super) fn with(&self, id: &str, values: &[(&str, FluentValue<'_>)]) -> String {
        let arguments: FluentArgs<'_> = values.iter().cloned().collect();
        self.form(id, Some(&arguments))
    }

    fn form(&self, id: &str, arguments: Option<&FluentArgs<'_>>) -> String {
        let bundle = match self.language {
            Language::En => &*ENGLISH,
            Language::De => &*GERMAN,
        };
        let Some(pattern) = bundle.get_message(id).and_then(|message| message.value()) else {
            tracing::error!(id, language = self.language.tag(), "a text is missing");
            return id.to_owned();
        };
        let mut errors = Vec::new();
        bundle
            .format_pattern(pattern, arguments, &mut errors)
            .into_owned()
    }
}

fn bundle(language: Language) -> Bundle {
    let (locale, source) = match language {
        Language::En => (langid!("en"), include_str!("text/en.ftl")),
        Language::De => (langid!("de"), include_str!("text/de.ftl")),
    };
    let mut bundle = Bundle::new_concurrent(vec![locale]);
    // The marks around inserted values help no reader of these two languages, and are in the way of copying.
    bundle.set_use_isolating(false);
    let resource =
        FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, errors)| {
            tracing::error!(?errors, "a text of the console cannot be read");
            resource
        });
    bundle.add_resource_overriding(resource);
    bundle
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::collections::BTreeSet;

    use super::*;

    /// The ids of a file, each with the values its message speaks of.
    fn messages(source: &str) -> BTreeMap<String, BTreeSet<String>> {
        let resource = FluentResource::try_new(source.to_owned()).expect("it can be read");
        let mut messages = BTreeMap::new();
        let mut last = String::new();
        for line in source.lines() {
            if let Some((id, _)) = line.split_once(" =")
                && !line.starts_with([' ', '#'])
            {
                id.clone_into(&mut last);
                let known = messages.insert(last.clone(), BTreeSet::new());
                assert!(known.is_none(), "`{last}` stands there twice");
            }
            let values = line.split('$').skip(1).map(|rest| {
                let end = rest.find(|c: char| !c.is_alphanumeric() && c != '-');
                rest[..end.unwrap_or(rest.len())].to_owned()
            });
            messages
                .entry(last.clone())
                .or_insert_with(BTreeSet::new)
                .extend(values);
        }
        messages.remove("");
        let understood = resource
            .entries()
            .filter(|entry| format!("{entry:?}").starts_with("Message"));
        assert_eq!(messages.len(), understood.count());
        messages
    }

    #[test]
    fn both_languages_say_the_same_things_of_the_same_values() {
        let english = messages(include_str!("text/en.ftl"));
        let german = messages(include_str!("text/de.ftl"));
        assert_eq!(english, german);
    }
}
