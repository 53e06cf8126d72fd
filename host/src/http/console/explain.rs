//! Why an answer is what it is, and what to do, in the visitor's language.
//!
//! The API says the same in English. What an adapter or its system says stays as it was said, behind a sentence of ours.

use super::visitor::Visitor;
use crate::verdict::line::{Cause, LineAnswer};

pub(super) mod connection;
pub(super) mod fault;
pub(super) mod plugin;
pub(super) mod problem;
pub(super) mod source;
pub(super) mod told;
pub(super) mod trouble;
pub(super) mod webhook;

use told::Told;

/// Why a line is what it is; empty for an article that is simply there.
pub(super) fn reason(line: &LineAnswer, visitor: &Visitor) -> Told {
    if let Some(part) = line.decisive() {
        let told = reason(&part.line, visitor);
        let called = match line.is_kit() {
            true => ("reason-component", &part.component.sku),
            false => ("reason-called", &part.component.source_sku),
        };
        let before = || {
            visitor
                .text()
                .with(called.0, &[("sku", called.1.to_string().into())])
        };
        return match told.is_empty() {
            true => told,
            false => told.after(&before()),
        };
    }
    let main = cause(line, visitor);
    let Some(trouble) = line.trouble.as_deref() else {
        return Told::new(main);
    };
    match line.cause {
        Cause::NotRetrieved => trouble::reason(trouble, visitor.text()),
        _ if line.stale => trouble::reason(trouble, visitor.text()).after(&main),
        _ => Told::new(main),
    }
}

fn cause(line: &LineAnswer, visitor: &Visitor) -> String {
    let text = visitor.text();
    let needed = visitor.quantity(line.required);
    let available = line.available.unwrap_or_default();
    match line.cause {
        Cause::Enough | Cause::Allocated => String::new(),
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
        Cause::Incomplete => text.say("cause-incomplete"),
        Cause::NotCounted => text.say("cause-not-counted"),
        Cause::NotRetrieved => text.say("cause-not-retrieved"),
    }
}

/// What to do about it; empty where nothing is to be done.
pub(super) fn advice(line: &LineAnswer, visitor: &Visitor) -> String {
    let id = match line.cause {
        Cause::NotListed => "advice-not-listed",
        Cause::NotTracked => "advice-not-tracked",
        Cause::Ambiguous => "advice-ambiguous",
        Cause::Incomplete => "advice-incomplete",
        Cause::NotCounted => "advice-not-counted",
        Cause::NotStocked => "advice-not-stocked",
        _ => {
            let trouble = line.trouble.as_deref();
            return trouble
                .map(|trouble| trouble::advice(trouble, visitor))
                .unwrap_or_default();
        }
    };
    visitor.text().say(id)
}

#[cfg(test)]
mod tests;
