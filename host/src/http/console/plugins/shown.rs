//! A plugin as the page shows it.

use std::collections::BTreeSet;

use super::chart::Chart;
use super::log::{self, Record};
use super::process::Process;
use super::signature;
use crate::http::console::explain;
use crate::http::console::explain::told::Told;
use crate::http::console::number;
use crate::http::console::tone::Tone;
use crate::http::console::visitor::Visitor;
use crate::plugin::package::contents::capabilities;
use crate::plugin::refusal::RefusalKind;
use crate::plugin::sandbox::health::Phase;
use crate::plugin::trust::Trust;
use crate::plugin::{Adapter, Directory, Plugin, PluginState};

/// A plugin.
pub(super) struct Shown {
    /// What links go to; the file where no adapter has said its id.
    pub(super) id: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) file: String,
    pub(super) version: String,
    pub(super) publisher: String,
    pub(super) state: Tone,
    /// Why it does not run, with the way out.
    pub(super) reason: Told,
    /// What was found and not put in its place.
    pub(super) setback: Told,
    pub(super) signature: Option<Tone>,
    pub(super) signed_by: String,
    pub(super) generation: String,
    pub(super) is_granted: bool,
    pub(super) capabilities: Vec<String>,
    pub(super) hosts: Vec<String>,
    pub(super) is_quarantined: bool,
    pub(super) process: Option<Process>,
    /// Nothing for one that does not run.
    pub(super) run: Option<Run>,
}

/// What a plugin did since it was started.
pub(super) struct Run {
    pub(super) calls: String,
    pub(super) errors: String,
    pub(super) charts: Vec<Chart>,
    /// Newest first.
    pub(super) log: Vec<Record>,
}

// === impl Shown ===

impl Shown {
    pub(super) fn of(plugin: &Plugin, directory: &Directory, visitor: &Visitor) -> Self {
        let text = visitor.text();
        let file = plugin.path.file_name().unwrap_or_default();
        let file = file.to_string_lossy().into_owned();
        let id = plugin.id().unwrap_or(&file).to_owned();
        let running = match plugin.state {
            PluginState::Ready => directory.adapter(&id),
            PluginState::Disabled | PluginState::Refused { .. } => None,
        };
        let health = running.and_then(|adapter| adapter.health());
        let phase = health.as_ref().map(|health| &health.phase);
        let manifest = plugin.manifest.as_ref();
        let setback = directory.setbacks().iter().find(|setback| setback.id == id);
        let installed = plugin.installed.as_ref();
        let generation = installed.map(|installed| installed.number);
        let (capabilities, hosts) = grants(plugin);
        Self {
            name: manifest.map_or_else(|| id.clone(), |manifest| manifest.name.clone()),
            description: manifest
                .map(|manifest| manifest.description.clone())
                .unwrap_or_default(),
            version: plugin.version().unwrap_or_else(|| number::UNKNOWN.into()),
            publisher: manifest
                .map(|manifest| manifest.publisher.clone())
                .filter(|publisher| !publisher.is_empty())
                .unwrap_or_else(|| number::UNKNOWN.into()),
            state: state(plugin, phase, visitor),
            reason: reason(plugin, phase, &id, visitor),
            setback: setback
                .map(|setback| explain::plugin::setback(setback, text))
                .unwrap_or_default(),
            signature: plugin
                .trust
                .as_ref()
                .map(|trust| signature::tone(trust, text)),
            signed_by: plugin
                .trust
                .as_ref()
                .and_then(Trust::publisher)
                .unwrap_or_default()
                .to_owned(),
            generation: generation
                .map(|number| number.to_string())
                .unwrap_or_default(),
            is_granted: plugin.installed.is_some(),
            capabilities: capabilities
                .iter()
                .map(|word| capability(word, visitor))
                .collect(),
            hosts,
            is_quarantined: phase == Some(&Phase::Quarantined),
            process: health.map(|health| Process::of(health, visitor)),
            run: running.map(|adapter| Run::of(adapter, visitor)),
            id,
            file,
        }
    }
}

fn state(plugin: &Plugin, phase: Option<&Phase>, visitor: &Visitor) -> Tone {
    let (word, class, icon) = match (&plugin.state, phase) {
        (PluginState::Ready, Some(Phase::Restarting)) => ("restarting", "doubt", "busy"),
        (PluginState::Ready, Some(Phase::Quarantined)) => ("quarantined", "bad", "warn"),
        (PluginState::Ready, _) => ("running", "good", "good"),
        (PluginState::Disabled, _) => ("disabled", "", "pause"),
        (PluginState::Refused { .. }, _) => ("refused", "bad", "bad"),
    };
    Tone::new(visitor.text().say(&format!("plugin-{word}")), class, icon)
}

/// What the daemon says itself is said in the visitor's language; what a file or a process says stays as it is.
fn reason(plugin: &Plugin, phase: Option<&Phase>, id: &str, visitor: &Visitor) -> Told {
    let text = visitor.text();
    match (&plugin.state, phase) {
        (PluginState::Ready, Some(Phase::Quarantined)) => {
            Told::new(text.say("plugin-quarantined-why"))
        }
        (PluginState::Ready, Some(Phase::Restarting)) => {
            Told::new(text.say("plugin-restarting-why"))
        }
        (PluginState::Ready, _) => Told::default(),
        (PluginState::Disabled, _) => Told::new(text.name("plugin-disabled-why", id)),
        (PluginState::Refused { kind, reason, .. }, _) => match (kind, &plugin.trust) {
            (RefusalKind::Untrusted, Some(trust)) => signature::why_not(trust, id, text),
            _ => explain::plugin::refused(*kind, reason, text),
        },
    }
}

/// What the operator has granted it or, where nothing is installed, what it asks for.
fn grants(plugin: &Plugin) -> (BTreeSet<String>, Vec<String>) {
    match (&plugin.installed, &plugin.manifest) {
        (Some(installed), _) => {
            let hosts = installed.pin.hosts.iter().cloned();
            (installed.pin.capabilities.clone(), hosts.collect())
        }
        (None, Some(manifest)) => (capabilities(manifest), manifest.outbound.clone()),
        (None, None) => Default::default(),
    }
}

fn capability(word: &str, visitor: &Visitor) -> String {
    match word {
        "stock_listing" | "stock_by_sku" | "stock_changes" | "inbound" | "stock_writes"
        | "location_writes" | "stock_pushes" | "source_reads" => {
            visitor.text().say(&format!("capability-{word}"))
        }
        other => other.to_owned(),
    }
}

// === impl Run ===

impl Run {
    fn of(adapter: &Adapter, visitor: &Visitor) -> Self {
        let usage = adapter.usage();
        let recent = adapter.recent(visitor.account());
        Self {
            calls: visitor.whole(usage.calls),
            errors: visitor.whole(usage.errors),
            charts: [
                Some(Chart::of_calls(&recent.minutes, visitor)),
                Some(Chart::of_times(&recent.minutes, visitor)),
                Chart::of_memory(&recent.minutes, visitor),
            ]
            .into_iter()
            .flatten()
            .collect(),
            log: log::newest(recent.log, visitor),
        }
    }
}
