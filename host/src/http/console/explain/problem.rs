//! Why a request came to nothing, and what is wrong with the fields of a form.

use super::{connection, fault, webhook};
use crate::connection::FieldFault;
use crate::http::console::text::Text;
use crate::http::problem::{Cause, Fault, FieldError, Problem};
use crate::store::Clash;

/// Why a request came to nothing.
pub(in crate::http::console) fn whole(problem: &Problem, text: Text) -> String {
    if !problem.errors().is_empty() {
        let sentences = problem.errors().iter().map(|error| field(error, text));
        return sentences.collect::<Vec<_>>().join(" ");
    }
    match problem.cause() {
        Cause::ForVisitor => problem.detail().to_owned(),
        Cause::Clash(Clash::Taken { name, .. }) => text.name("clash-taken", name),
        Cause::Clash(Clash::Changed { .. }) => text.say("clash-changed"),
        Cause::ConfigOwned => text.say("of-config-how"),
        Cause::NeedsAdmin(settings) => text.name("problem-needs-admin", settings),
        Cause::PrivateNetwork => text.say("connection-private-hint"),
        Cause::NoAdapter(why) => connection::no_adapter(why, text).sentence,
        Cause::Clash(Clash::Rule(_)) | Cause::Other => {
            text.say(&format!("problem-kind-{}", problem.kind().slug()))
        }
    }
}

/// What is wrong with a field.
pub(in crate::http::console) fn field(error: &FieldError, text: Text) -> String {
    match &error.fault {
        Fault::ForVisitor => error.reason.clone(),
        Fault::Connection(wrong) => fault::of_connection(wrong, text).sentence,
        Fault::Webhook(wrong) => webhook::fault(wrong, text),
        Fault::Length { least: 0, most } => text.count("fault-too-long", *most),
        Fault::Length { most, .. } => text.count("fault-name-length", *most),
        Fault::Negative => text.say("fault-negative"),
        Fault::Other => text.say("fault-other"),
    }
}

/// The field that a form shows it beside; empty for what belongs to none of them.
pub(in crate::http::console) fn place(error: &FieldError) -> String {
    match &error.fault {
        Fault::Connection(wrong) => {
            fault::place(&FieldFault::new(error.field.clone(), wrong.clone()))
        }
        _ => error.field.clone(),
    }
}
