//! Why an answer is what it is, and what to do, in the visitor's language.
//!
//! The API says the same in English (`verdict::explain`). What an adapter or its system says stays as it was said.

use fluent_bundle::FluentValue;

use super::visitor::Visitor;
use crate::verdict::line::{Cause, LineAnswer};
use crate::verdict::trouble::Trouble;

/// Why a line is what it is; empty for an article that is simply there.
pub(super) fn reason(line: &LineAnswer, visitor: &Visitor) -> String {
    let text = visitor.text();
    let needed = visitor.quantity(line.required);
    let available = line.available.unwrap_or_default();
    let main = match line.cause {
        Cause::Enough => String::new(),
        Cause::TooFew => {
            let available = visitor.quantity(available);
            text.with(
                "cause-too-few",
                &[("needed", needed.into()), ("available", available.into())],
            )
        }
        Cause::Oversold => {
            let missing = visitor.quantity(-available);
            text.with(
                "cause-oversold",
                &[("needed", needed.into()), ("missing", missing.into())],
            )
        }
        Cause::NoneLeft => text.with("cause-none-left", &[("needed", needed.into())]),
        Cause::HeldBack => {
            let kept = visitor.quantity(line.withheld);
            text.with(
                "cause-held-back",
                &[("needed", needed.into()), ("kept", kept.into())],
            )
        }
        Cause::NotStocked => text.say("cause-not-stocked"),
        Cause::NotListed => text.say("cause-not-listed"),
        Cause::NotTracked => text.say("cause-not-tracked"),
        Cause::Ambiguous => text.say("cause-ambiguous"),
        Cause::NotCounted => text.say("cause-not-counted"),
        Cause::NotRetrieved => line.trouble.as_deref().map_or_else(
            || text.say("cause-not-retrieved"),
            |trouble| trouble_reason(trouble, visitor),
        ),
    };
    match (line.stale, line.trouble.as_deref()) {
        (true, Some(trouble)) if line.cause != Cause::NotRetrieved => {
            let why = trouble_reason(trouble, visitor);
            [main, why]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(" ")
        }
        _ => main,
    }
}

/// What to do about it; empty where nothing is to be done.
pub(super) fn advice(line: &LineAnswer, visitor: &Visitor) -> String {
    let id = match line.cause {
        Cause::NotListed => "advice-not-listed",
        Cause::NotTracked => "advice-not-tracked",
        Cause::Ambiguous => "advice-ambiguous",
        Cause::NotCounted => "advice-not-counted",
        Cause::NotStocked => "advice-not-stocked",
        _ => {
            let trouble = line.trouble.as_deref();
            return trouble
                .map(|trouble| trouble_advice(trouble, visitor))
                .unwrap_or_default();
        }
    };
    visitor.text().say(id)
}

/// Why there is no count, or no fresher one.
pub(super) fn trouble_reason(trouble: &Trouble, visitor: &Visitor) -> String {
    match trouble {
        Trouble::NotAnswered { reason, .. } => visitor.text().name("trouble-not_answered", reason),
        other => said(&format!("trouble-{}", other.code()), other, visitor),
    }
}

/// What to do about that.
pub(super) fn trouble_advice(trouble: &Trouble, visitor: &Visitor) -> String {
    match trouble {
        Trouble::NotAnswered {
            advice, contact, ..
        } => match contact {
            Some(contact) => visitor.text().with(
                "trouble-ask",
                &[
                    ("advice", advice.as_str().into()),
                    ("contact", contact.as_str().into()),
                ],
            ),
            None => advice.clone(),
        },
        other => said(&format!("trouble-advice-{}", other.code()), other, visitor),
    }
}

fn said(id: &str, trouble: &Trouble, visitor: &Visitor) -> String {
    let name = match trouble {
        Trouble::NoSource { ship_from } => ship_from.as_str(),
        Trouble::SourceClosed { source } | Trouble::NotListedYet { source } => source.as_str(),
        _ => "",
    };
    visitor
        .text()
        .with(id, &[("name", FluentValue::from(name.to_owned()))])
}
