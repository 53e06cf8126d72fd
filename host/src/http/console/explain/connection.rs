//! Why a connection does not work, and what to do about it.

use std::time::Duration;

use bestand_plugin_api::{AdapterError, ErrorKind};

use super::told::Told;
use super::{fault, plugin};
use crate::connection::FieldFault;
use crate::connection::advice::Advice;
use crate::connection::reason::Reason;
use crate::http::console::text::Text;
use crate::http::console::visitor::Visitor;
use crate::plugin::NoAdapter;

/// Why it does not work.
pub(in crate::http::console) fn reason(reason: &Reason, text: Text) -> Told {
    match reason {
        Reason::Failed { system, error } => failed(system, error, text),
        Reason::NoAdapter { why } => no_adapter(why, text),
        Reason::Misfit { faults } => misfit(faults, text),
        Reason::Quarantined { system, last, .. } => {
            Told::quoting(text.name("reason-quarantined", system), last)
        }
        Reason::Silent {
            partner,
            every_mins,
            ..
        } => Told::new(text.with(
            "reason-silent",
            &[
                ("name", partner.as_str().into()),
                ("minutes", every_mins.to_string().into()),
            ],
        )),
        Reason::Store { .. } => Told::new(text.say("trouble-store_unavailable")),
        Reason::Paused => Told::new(text.say("reason-paused")),
        Reason::Stopped => Told::new(text.say("reason-stopped")),
    }
}

fn failed(system: &str, error: &AdapterError, text: Text) -> Told {
    let name = |id| text.name(id, system);
    let sentence = match &error.kind {
        ErrorKind::Auth => name("failed-auth"),
        ErrorKind::Config { field } => text.with(
            "failed-config",
            &[("name", system.into()), ("field", plain(field).into())],
        ),
        ErrorKind::RateLimited { .. } => name("failed-rate-limited"),
        ErrorKind::Transient => name("failed-transient"),
        ErrorKind::Upstream { status } => text.with(
            "failed-upstream",
            &[
                ("name", system.into()),
                ("status", status.to_string().into()),
            ],
        ),
        ErrorKind::NotFound => name("failed-not-found"),
        ErrorKind::Unsupported => name("failed-unsupported"),
        ErrorKind::Bug => name("failed-bug"),
        // What a newer contract adds makes as little sense here.
        _ => name("failed-protocol"),
    };
    Told::quoting(sentence, &error.message)
}

/// Why there is no adapter.
pub(in crate::http::console) fn no_adapter(why: &NoAdapter, text: Text) -> Told {
    match why {
        NoAdapter::Refused { id, why, said } => {
            let intro = text.name("no-adapter-refused", id);
            plugin::refused(*why, said, text).after(&intro)
        }
        NoAdapter::NotEnabled { id } => Told::new(text.name("no-adapter-not-enabled", id)),
        NoAdapter::NotInstalled { id } => Told::new(text.name("no-adapter-not-installed", id)),
    }
}

fn misfit(faults: &[FieldFault], text: Text) -> Told {
    let fields = faults.iter().map(|wrong| {
        let told = fault::of_connection(&wrong.fault, text);
        let said = Some(told.said).filter(|said| !said.is_empty());
        let sentence = match fault::place(wrong).as_str() {
            "" => told.sentence,
            field => format!("{}: {}", plain(field), told.sentence),
        };
        (sentence, said)
    });
    let (sentences, said): (Vec<String>, Vec<Option<String>>) = fields.unzip();
    let said: Vec<String> = said.into_iter().flatten().collect();
    Told::quoting(sentences.join(" "), said.join("; ")).after(&text.say("reason-misfit"))
}

/// A field as people call it: without the part of the connection that it is in.
fn plain(field: &str) -> &str {
    field.split_once('.').map_or(field, |(_, name)| name)
}

/// What to do about it.
pub(in crate::http::console) fn advice(advice: &Advice, visitor: &Visitor) -> String {
    let text = visitor.text();
    let ask = |id, whom: &str| match whom {
        "" => text.name(id, text.say("publisher-of-adapter")),
        whom => text.name(id, whom),
    };
    match advice {
        Advice::EnterCredentials => text.say("do-enter-credentials"),
        Advice::Reload => text.say("do-reload"),
        Advice::Correct { field } => text.name("do-correct", plain(field)),
        Advice::Report { whom } => ask("do-report", whom),
        Advice::AskForNewer { whom } => ask("do-ask-for-newer", whom),
        Advice::LookThere { whom } => ask("do-look-there", whom),
        Advice::AskPartner { partner } => text.name("do-ask-partner", partner),
        Advice::ReadLog => text.say("trouble-advice-store_unavailable"),
        Advice::Release => text.say("do-release"),
        Advice::Resume => text.say("do-resume"),
        Advice::Wait { until } => {
            // What is overdue is about to be tried.
            let soon = visitor.now.after(Duration::from_millis(1));
            text.name("do-wait", visitor.when(soon.max(*until)).ago)
        }
    }
}
