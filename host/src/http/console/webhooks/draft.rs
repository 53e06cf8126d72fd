//! A webhook as a form has it: text, until it is checked.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::event_log::EventType;
use crate::http::api::webhooks::{WebhookChange, WebhookToMake};
use crate::http::console::form::Faults;
use crate::http::console::text::Text;
use crate::http::console::visitor::Visitor;
use crate::http::problem::{FieldError, Problem};
use crate::id::SourceId;
use crate::source::InventorySource;
use crate::webhook::{Webhook, WebhookDraft};

/// Before the name of a type that is ticked.
const TYPE: &str = "type.";
/// Before the id of a source that is ticked.
const SOURCE: &str = "source.";

/// What the form holds; what was typed stays in it when something is wrong.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::http::console) struct Draft {
    pub(super) name: String,
    pub(super) url: String,
    /// One on each line.
    pub(super) skus: String,
    /// `on` when messages are sent.
    pub(super) enabled: String,
    /// What a change is based on.
    pub(super) version: String,
    /// The types and sources that are ticked.
    #[serde(flatten)]
    ticked: BTreeMap<String, String>,
}

/// Something that can be ticked.
pub(super) struct Choice {
    /// As the form sends it.
    pub(super) name: String,
    pub(super) label: String,
    pub(super) is_ticked: bool,
}

// === impl Draft ===

impl Draft {
    pub(super) fn of(webhook: &Webhook) -> Self {
        let filter = &webhook.filter;
        let types = filter.types.iter().map(|kind| format!("{TYPE}{kind}"));
        let sources = filter.sources.iter().map(|id| format!("{SOURCE}{id}"));
        let skus: Vec<&str> = filter.skus.iter().map(|sku| sku.as_str()).collect();
        Self {
            name: webhook.name.clone(),
            url: webhook.url.clone(),
            skus: skus.join("\n"),
            enabled: if webhook.enabled { "on" } else { "" }.to_owned(),
            version: webhook.version.to_string(),
            ticked: types
                .chain(sources)
                .map(|name| (name, "on".to_owned()))
                .collect(),
        }
    }

    pub(super) fn to_new(&self) -> Result<WebhookDraft, Problem> {
        let new = WebhookToMake {
            name: self.name.clone(),
            url: self.url.clone(),
            types: self.types(),
            sources: self.sources(),
            skus: self.skus(),
            enabled: true,
        };
        new.into_draft()
    }

    /// The webhook as it is to be, based on the version that the form shows.
    pub(super) fn applied_to(&self, mut webhook: Webhook) -> Result<Webhook, Problem> {
        let version = self.version.parse();
        webhook.version = version.map_err(|_| Problem::field("version", "it is no number"))?;
        let change = WebhookChange {
            name: Some(self.name.clone()),
            url: Some(self.url.clone()),
            types: Some(self.types()),
            sources: Some(self.sources()),
            skus: Some(self.skus()),
            enabled: Some(!self.enabled.is_empty()),
        };
        change.apply_to(webhook)
    }

    fn types(&self) -> Vec<EventType> {
        let all = EventType::ALL.into_iter();
        all.filter(|kind| self.ticks(TYPE, kind.as_str())).collect()
    }

    fn sources(&self) -> Vec<SourceId> {
        let names = self.ticked.keys();
        let ids = names.filter_map(|name| name.strip_prefix(SOURCE));
        ids.filter_map(|id| id.parse().ok()).collect()
    }

    fn skus(&self) -> Vec<String> {
        let lines = self.skus.lines().map(str::trim);
        lines
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect()
    }

    fn ticks(&self, sort: &str, name: &str) -> bool {
        self.ticked.contains_key(&format!("{sort}{name}"))
    }
}

// === impl Choice ===

impl Choice {
    pub(super) fn types(draft: &Draft, visitor: &Visitor) -> Vec<Self> {
        let choice = |kind: EventType| Self {
            name: format!("{TYPE}{kind}"),
            label: visitor
                .text()
                .say(&format!("told-{}", kind.as_str().replace('.', "-"))),
            is_ticked: draft.ticks(TYPE, kind.as_str()),
        };
        EventType::ALL.map(choice).into()
    }

    pub(super) fn sources(draft: &Draft, sources: Vec<InventorySource>) -> Vec<Self> {
        let choice = |source: InventorySource| Self {
            name: format!("{SOURCE}{}", source.id),
            is_ticked: draft.ticks(SOURCE, &source.id.to_string()),
            label: source.name,
        };
        sources.into_iter().map(choice).collect()
    }
}

/// What is wrong with a draft, in the visitor's language.
pub(super) fn faults(problem: &Problem, text: Text) -> Faults {
    let is_sku = |error: &&FieldError| error.field.starts_with("skus[");
    match problem.errors().iter().find(is_sku) {
        Some(_) => Faults::one("skus", text.say("webhook-sku-invalid")),
        None => Faults::of_problem(problem, text),
    }
}
