//! Every kind is said in both languages, in sentences.
//!
//! That no kind is forgotten is for the compiler: what says them matches exhaustively. That each text is there is proven
//! here, by every id that those sources name.

use std::collections::BTreeSet;
use std::sync::Arc;

use bestand_plugin_api::{AdapterError, Timestamp};
use jiff::tz::TimeZone;

use super::*;
use crate::api_key::Role;
use crate::connection::advice::Advice;
use crate::connection::reason::Reason;
use crate::connection::setting_fault::{Rule, SettingFault};
use crate::connection::trouble::Trouble as ConnectionTrouble;
use crate::connection::{EditError, Fault, FieldFault};
use crate::http::console::form::Faults;
use crate::http::console::language::Language;
use crate::http::console::text::Text;
use crate::http::console::visitor::Reader;
use crate::http::problem::{Kind, Problem};
use crate::id::{AccountId, UserId, UserSessionId};
use crate::plugin::NoAdapter;
use crate::plugin::refusal::RefusalKind;
use crate::store::{self, Clash};
use crate::user::User;
use crate::verdict::trouble::Trouble;
use crate::verdict::unanswered::Unanswered;

const NOON: Timestamp = Timestamp::from_secs(1_700_000_000);
const SOURCES: [&str; 8] = [
    include_str!("../activity/words.rs"),
    include_str!("../explain.rs"),
    include_str!("connection.rs"),
    include_str!("fault.rs"),
    include_str!("plugin.rs"),
    include_str!("problem.rs"),
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
    let advice = connection::advice(&Advice::Wait { until: NOON }, &visitor);
    assert_eq!(advice, "Noch nichts; der nächste Versuch ist gleich.");
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
        why: RefusalKind::NotStarted,
        said: "`acme.so` does not start".into(),
    };
    let told = connection::no_adapter(&why, Text::new(Language::De));
    assert_eq!(told.said, "`acme.so` does not start");
    assert!(told.sentence.contains("„acme“"), "{told:?}");
}

#[test]
fn every_kind_of_problem_has_a_sentence_of_its_own() {
    for kind in Kind::ALL {
        let problem = Problem::new(*kind, "the detail is for the API");
        let said = Language::ALL.map(|language| problem::whole(&problem, Text::new(language)));
        assert!(said.iter().all(|said| said.ends_with('.')), "{said:?}");
        assert_ne!(said[0], said[1]);
    }
}

#[test]
fn every_trouble_and_what_to_do_about_it_is_said() {
    let name = || "Berlin".to_owned();
    for trouble in [
        Trouble::NoShipFrom,
        Trouble::ShipFromGone,
        Trouble::NoSource { ship_from: name() },
        Trouble::SourceClosed { source: name() },
        Trouble::SourceNotRead { source: name() },
        Trouble::NotListedYet { source: name() },
        Trouble::StoreUnavailable,
    ] {
        let [english, german] = Language::ALL.map(visitor);
        for said in [
            [&english, &german].map(|visitor| trouble::reason(&trouble, visitor.text()).sentence),
            [&english, &german].map(|visitor| trouble::advice(&trouble, visitor)),
        ] {
            assert!(said.iter().all(|said| said.ends_with('.')), "{said:?}");
            assert_ne!(said[0], said[1]);
        }
    }
}

#[test]
fn a_form_says_what_is_wrong_beside_each_field_and_the_rest_above_it() {
    let rule = |field: &str, rule| {
        let said = "in the words of JSON Schema".into();
        let wrong = SettingFault { rule, said };
        FieldFault::new(field, Fault::Setting { wrong })
    };
    let account = "account".into();
    let problem = Problem::from(EditError::Invalid(vec![
        FieldFault::new("name", Fault::NameLength { max: 100 }),
        FieldFault::new("sync_interval_secs", Fault::interval()),
        FieldFault::new("secrets.key", Fault::SecretEmpty),
        rule("settings", Rule::Required { setting: account }),
        rule("settings.places.0", Rule::Type),
        rule(
            "settings",
            Rule::NotThere {
                settings: vec!["shop".into()],
            },
        ),
    ]));
    let faults = Faults::of_problem(&problem, Text::new(Language::De));
    for (field, said) in [
        ("name", "Ein Name hat 1 bis 100 Zeichen."),
        (
            "sync_interval_secs",
            "Das ist eine ganze Zahl von Minuten, von 1 bis 1.440.",
        ),
        ("secrets.key", "Das darf nicht leer sein."),
        ("settings.account", "Das wird gebraucht."),
        ("settings.places", "Ein solcher Wert gehört hier nicht hin."),
        ("", "Eine solche Einstellung hat der Adapter nicht: shop."),
    ] {
        assert_eq!(faults.of(field), said, "{field}");
    }
}

#[test]
fn a_clash_is_told_without_the_words_of_the_store() {
    let text = Text::new(Language::De);
    let said = |error: store::Error| problem::whole(&error.into(), text);
    let (what, name) = ("a connection", "Shop".into());
    assert_eq!(
        said(store::Error::Conflict(Clash::Taken { what, name })),
        "Den Namen „Shop“ gibt es schon; wählen Sie einen anderen."
    );
    let changed = said(store::Error::changed_meanwhile("connection", 1));
    assert!(changed.starts_with("Das hat inzwischen jemand anderes geändert."));
    let owned = EditError::ConfigOwned("Shop".into());
    assert_eq!(
        problem::whole(&owned.into(), text),
        text.say("of-config-how")
    );
}

#[test]
fn every_refusal_of_a_plugin_has_a_sentence_of_its_own() {
    let text = Text::new(Language::De);
    let said = RefusalKind::ALL.map(|kind| plugin::refused(kind, "why", text).sentence);
    assert!(said.iter().all(|said| said.ends_with('.')), "{said:?}");
    let apart: BTreeSet<&String> = said.iter().collect();
    assert_eq!(apart.len(), said.len(), "{said:?}");
}
