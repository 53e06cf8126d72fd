//! An event as a sentence, with the place in it where its subject stands and can be followed.

use crate::activity::{Actor, ActorKind, Event, SubjectKind};
use crate::http::console::text::Text;

/// Stands for the subject while the sentence is made; of Unicode's private use, which no name of a thing contains.
const SUBJECT: &str = "\u{e000}";

/// A sentence around its subject.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sentence {
    pub(super) before: String,
    pub(super) subject: String,
    pub(super) after: String,
}

// === impl Sentence ===

impl Sentence {
    pub(super) fn of(event: &Event, text: Text) -> Self {
        let id = format!("event-{}", event.kind.as_str());
        let actor = actor(&event.actor, text);
        let values = [("actor", actor.into()), ("subject", SUBJECT.into())];
        let whole = text.with(&id, &values);
        let (before, after) = whole.split_once(SUBJECT).unwrap_or((&whole, ""));
        Self {
            before: before.to_owned(),
            subject: subject(event, text),
            after: after.to_owned(),
        }
    }
}

/// As the first word of a sentence.
fn actor(actor: &Actor, text: Text) -> String {
    let name = actor.name.as_deref().unwrap_or_default();
    match actor.kind {
        ActorKind::User => name.to_owned(),
        kind => text.name(&format!("actor-{}", kind.as_str()), name),
    }
}

fn subject(event: &Event, text: Text) -> String {
    match (event.subject.kind, event.subject.name.as_str()) {
        (SubjectKind::Orders, "") => text.say("subject-orders-some"),
        (_, name) => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activity::{EventKind, Subject};
    use crate::http::console::language::Language;
    use crate::id::AccountId;

    fn sentence(kind: EventKind, actor: Actor, subject: Subject, language: Language) -> Sentence {
        let event = Event::new(AccountId::new(), kind, actor, subject);
        Sentence::of(&event, Text::new(language))
    }

    #[test]
    fn every_kind_of_event_is_a_sentence_with_its_subject_in_both_languages() {
        for (kind, language) in EventKind::ALL
            .iter()
            .flat_map(|kind| Language::ALL.map(|language| (*kind, language)))
        {
            let id = format!("event-{kind}");
            let values = [("actor", "Ada".into()), ("subject", SUBJECT.into())];
            let whole = Text::new(language).with(&id, &values);
            assert!(whole.ends_with('.'), "{whole}");
            assert_eq!(whole.matches(SUBJECT).count(), 1, "{id}: {whole}");
        }
    }

    #[test]
    fn a_sentence_says_who_did_what_to_what() {
        let shop = || Subject::new(SubjectKind::Connection, 1, "Shop");
        let made = EventKind::ConnectionMade;
        let english = sentence(made, Actor::user("Ada"), shop(), Language::En);
        assert_eq!(english.before, "Ada made the connection ");
        assert_eq!(
            (english.subject.as_str(), english.after.as_str()),
            ("Shop", ".")
        );
        let german = sentence(made, Actor::CONFIG_FILE, shop(), Language::De);
        assert_eq!(
            (german.before.as_str(), german.after.as_str()),
            ("Die Konfigurationsdatei hat die Verbindung ", " angelegt.")
        );
    }

    #[test]
    fn orders_without_a_name_are_called_orders() {
        let moved = EventKind::OrdersMoved;
        let told = sentence(moved, Actor::user("Ada"), Subject::orders(""), Language::De);
        assert_eq!(told.subject, "Bestellungen");
    }
}
