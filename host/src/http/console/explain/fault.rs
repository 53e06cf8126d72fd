//! What is wrong with a field of a connection.

use super::connection;
use super::told::Told;
use crate::connection::setting_fault::{Rule, SettingFault};
use crate::connection::{Fault, FieldFault};
use crate::http::console::number;
use crate::http::console::text::Text;

/// What is wrong with a field of a connection.
pub(in crate::http::console) fn of_connection(fault: &Fault, text: Text) -> Told {
    match fault {
        Fault::NameLength { max } => Told::new(text.count("fault-name-length", *max)),
        Fault::Interval { shortest, longest } => Told::new(interval(*shortest, *longest, text)),
        Fault::Setting { wrong } => Told::new(of_setting(wrong, text)),
        Fault::BrokenSchema { said, .. } => Told::quoting(text.say("fault-broken-schema"), said),
        Fault::NoAdapter { why } => connection::no_adapter(why, text),
        Fault::MadeByPush => Told::new(text.say("fault-made-by-push")),
        Fault::NoSuchSource => Told::new(text.say("fault-no-such-source")),
        Fault::SourceOfItself => Told::new(text.say("fault-source-of-itself")),
        Fault::SourceTooDeep { max } => Told::new(text.count("fault-source-too-deep", *max)),
        Fault::NoSuchSecret { .. } => Told::new(text.say("fault-no-such-secret")),
        Fault::SecretNeeded { .. } => Told::new(text.say("rule-required")),
        Fault::SecretEmpty => Told::new(text.say("fault-secret-empty")),
        Fault::SecretToRepeat { settings } => {
            Told::new(text.name("fault-secret-to-repeat", settings.join(", ")))
        }
        Fault::SecretUnreadable { said } => {
            Told::quoting(text.say("fault-secret-unreadable"), said)
        }
    }
}

/// The field that a form shows it beside: a setting that is missing is looked for in its own place, and what is wrong
/// with a part of one in the place of the whole. Empty for what a form has no field for.
pub(in crate::http::console) fn place(wrong: &FieldFault) -> String {
    if let Fault::Setting { wrong: rule } = &wrong.fault
        && let Rule::Required { setting } = &rule.rule
        && wrong.field == "settings"
    {
        return format!("settings.{setting}");
    }
    let parts: Vec<&str> = wrong.field.splitn(3, '.').collect();
    match parts.as_slice() {
        ["settings", name, _] => format!("settings.{name}"),
        ["settings" | "adapter"] => String::new(),
        _ => wrong.field.clone(),
    }
}

/// As the form asks for it, in minutes.
fn interval(shortest_secs: i64, longest_secs: i64, text: Text) -> String {
    let minutes = |count| number::whole(text.language(), count);
    let shortest = minutes((shortest_secs + 59) / 60);
    let longest = minutes(longest_secs / 60);
    text.with(
        "fault-interval",
        &[("least", shortest.into()), ("most", longest.into())],
    )
}

fn of_setting(wrong: &SettingFault, text: Text) -> String {
    match &wrong.rule {
        Rule::Required { .. } => text.say("rule-required"),
        Rule::NotThere { settings } => text.name("rule-not-there", settings.join(", ")),
        Rule::Type => text.say("rule-type"),
        Rule::Form => text.say("rule-form"),
        Rule::OneOf { choices } => text.name("rule-one-of", choices.join(", ")),
        Rule::TooFew { least } => text.count("rule-too-few", *least),
        Rule::TooMany { most } => text.count("rule-too-many", *most),
        Rule::TooSmall { bound } => text.name("rule-too-small", bound),
        Rule::TooLarge { bound } => text.name("rule-too-large", bound),
        Rule::Twice => text.say("rule-twice"),
        Rule::Other => text.say("rule-other"),
    }
}
