//! Why there is no count, or no fresher one, and what to do about it.

use super::connection;
use super::told::Told;
use crate::http::console::text::Text;
use crate::http::console::visitor::Visitor;
use crate::verdict::trouble::Trouble;
use crate::verdict::unanswered::Unanswered;

/// Why.
pub(in crate::http::console) fn reason(trouble: &Trouble, text: Text) -> Told {
    match trouble {
        Trouble::NotAnswered { why, .. } => {
            unanswered(why, text).after(&text.say("trouble-not_answered"))
        }
        other => Told::new(said(&format!("trouble-{}", other.code()), other, text)),
    }
}

/// What to do.
pub(in crate::http::console) fn advice(trouble: &Trouble, visitor: &Visitor) -> String {
    let text = visitor.text();
    match trouble {
        Trouble::NotAnswered { why, contact } => {
            let advice = what_to_do(why, visitor);
            match contact {
                Some(contact) => text.with(
                    "trouble-ask",
                    &[
                        ("advice", advice.into()),
                        ("contact", contact.as_str().into()),
                    ],
                ),
                None => advice,
            }
        }
        other => said(&format!("trouble-advice-{}", other.code()), other, text),
    }
}

fn said(id: &str, trouble: &Trouble, text: Text) -> String {
    let name = match trouble {
        Trouble::NoSource { ship_from } => ship_from.as_str(),
        Trouble::SourceClosed { source }
        | Trouble::SourceNotRead { source }
        | Trouble::NotListedYet { source } => source.as_str(),
        _ => "",
    };
    text.name(id, name)
}

fn unanswered(why: &Unanswered, text: Text) -> Told {
    match why {
        Unanswered::TooSlow { waited_ms } => {
            Told::new(text.count("unanswered-too-slow", *waited_ms))
        }
        Unanswered::Connection(trouble) => connection::reason(&trouble.reason, text),
        Unanswered::Call(reason) => connection::reason(reason, text),
        Unanswered::Connecting => Told::new(text.say("unanswered-connecting")),
        Unanswered::NotAskable => Told::new(text.say("unanswered-not-askable")),
        Unanswered::Dropped => Told::new(text.say("unanswered-dropped")),
        Unanswered::SourceGone => Told::new(text.say("unanswered-source-gone")),
        Unanswered::Store(_) => Told::new(text.say("trouble-store_unavailable")),
        Unanswered::Article { system, said } => {
            Told::quoting(text.name("unanswered-article", system), said)
        }
    }
}

fn what_to_do(why: &Unanswered, visitor: &Visitor) -> String {
    let id = match why {
        Unanswered::Connection(trouble) => return connection::advice(&trouble.advice, visitor),
        Unanswered::TooSlow { .. }
        | Unanswered::Connecting
        | Unanswered::Dropped
        | Unanswered::Article { .. } => "do-look-again",
        Unanswered::NotAskable => "do-wait-for-sync",
        Unanswered::SourceGone => "do-link-another",
        Unanswered::Store(_) => "trouble-advice-store_unavailable",
        Unanswered::Call(_) => "do-read-with-age",
    };
    visitor.text().say(id)
}
