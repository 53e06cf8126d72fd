//! Every kind is said in both languages, in sentences.
//!
//! That no kind is forgotten is for the compiler: what says them matches exhaustively. That each text is there is proven
//! here, by every id that those sources name.

use std::sync::Arc;

use bestand_plugin_api::{AdapterError, Timestamp};
use jiff::tz::TimeZone;

use super::*;
use crate::api_key::Role;
use crate::connection::advice::Advice;
use crate::connection::reason::Reason;
use crate::connection::setting_fault::{Rule, SettingFault};
use crate::connection::trouble::Trouble as ConnectionTrouble;
use crate::connection::{Fault, FieldFault};
use crate::http::console::language::Language;
use crate::http::console::text::Text;
use crate::http::console::visitor::Reader;
use crate::id::{AccountId, UserId, UserSessionId};
use crate::plugin::NoAdapter;
use crate::user::User;
use crate::verdict::trouble::Trouble;
use crate::verdict::unanswered::Unanswered;

const NOON: Timestamp = Timestamp::from_secs(1_700_000_000);
const SOURCES: [&str; 6] = [
    include_str!("../activity/words.rs"),
    include_str!("../explain.rs"),
    include_str!("connection.rs"),
    include_str!("fault.rs"),
    include_str!("source.rs"),
    include_str!("trouble.rs"),
];

fn visitor(language: Language) -> Visitor {
    let user = User {
        id: UserId::new(),
        account_id: AccountId::new(),
        name: "ada".parse().unwrap(),
        role: Role::Operator,
        created_at: NOON,
        disabled_at: None,
        last_seen_at: None,
    };
    let (text, zone) = (Text::new(language), TimeZone::UTC);
    Visitor {
        user: Arc::new(user),
        session: UserSessionId::new(),
        reader: Reader { text, zone },
        now: NOON,
    }
}

/// The literals of a source that can be ids of texts.
fn ids(source: &str) -> impl Iterator<Item = &str> {
    let is_id = |text: &&str| {
        let allowed = |c: char| c.is_ascii_lowercase() || c == '-' || c == '_';
        text.contains('-') && text.chars().all(allowed) && !text.ends_with('-')
    };
    source.split('"').skip(1).step_by(2).filter(is_id)
}

#[test]
fn every_text_that_explains_something_is_there_in_both_languages() {
    let ids: Vec<&str> = SOURCES.into_iter().flat_map(ids).collect();
    assert!(ids.len() > 60, "{ids:?}");
    for id in ids {
        let [english, german] = Language::ALL.map(|language| Text::new(language).say(id));
        assert_ne!(english, id, "no English text");
        assert_ne!(german, english, "no German text for `{id}`");
    }
}

#[test]
fn what_others_say_follows_a_sentence_of_ours() {
    let refused = AdapterError::auth("the key is refused");
    let reason = Reason::Failed {
        system: "Acme".into(),
        error: refused,
    };
    let told = connection::reason(&reason, Text::new(Language::De));
    assert_eq!(told.sentence, "Acme nimmt die Zugangsdaten nicht an.");
    assert_eq!(told.said, "the key is refused");
}

#[test]
fn a_missing_count_is_explained_down_to_the_connection() {
    let visitor = visitor(Language::De);
    let why = Unanswered::Connection(ConnectionTrouble {
        reason: Reason::Paused,
        advice: Advice::Resume,
    });
    let (why, contact) = (Box::new(why), Some("Acme support".into()));
    let trouble = Trouble::NotAnswered { why, contact };
    assert_eq!(
        trouble::reason(&trouble, visitor.text()).sentence,
        "Eine frische Zahl konnte nicht abgerufen werden. Die Verbindung ist angehalten."
    );
    assert_eq!(
        trouble::advice(&trouble, &visitor),
        "Setzen Sie sie unter „Verbindungen“ fort. Acme support kann helfen."
    );
}

#[test]
fn whom_to_ask_is_said_even_when_nobody_is_named() {
    let visitor = visitor(Language::De);
    let advice = connection::advice(&Advice::Report { whom: "".into() }, &visitor);
    assert!(
        advice.ends_with("der Herausgeber des Adapters."),
        "{advice}"
    );
    let until = Timestamp::from_secs(1_700_000_030);
    let advice = connection::advice(&Advice::Wait { until }, &visitor);
    assert_eq!(
        advice,
        "Noch nichts; der nächste Versuch ist in 30 Sekunden."
    );
}

#[test]
fn a_setting_that_is_missing_is_told_in_its_own_place() {
    let rule = Rule::Required {
        setting: "account".into(),
    };
    let said = "\"account\" is a required property".into();
    let wrong = SettingFault { rule, said };
    let missing = FieldFault::new("settings", Fault::Setting { wrong });
    assert_eq!(fault::place(&missing), "settings.account");
    let told = connection::reason(
        &Reason::Misfit {
            faults: vec![missing],
        },
        Text::new(Language::De),
    );
    assert_eq!(
        told.sentence,
        "Einstellungen oder Zugangsdaten passen nicht. account: Das wird gebraucht."
    );
}

#[test]
fn a_refused_plugin_is_quoted_where_its_adapter_is_missed() {
    let why = NoAdapter::Refused {
        id: "acme".into(),
        said: "`acme.so` does not start".into(),
    };
    let told = connection::no_adapter(&why, Text::new(Language::De));
    assert_eq!(told.said, "`acme.so` does not start");
    assert!(told.sentence.contains("„acme“"), "{told:?}");
}
