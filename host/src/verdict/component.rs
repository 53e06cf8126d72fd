//! From what items are made of at a source to one answer for each: a kit's components are asked for, over all lines of
//! an order, and answer for it together.

use bestand_plugin_api::Quantity;

use super::line::{Cause, LineAnswer, LineStatus};
use super::{Decision, Item, Verdict, required_per_sku};
use crate::article::{Component, SourceNaming};

/// What goes into an item, and what is there of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComponentAnswer {
    /// What it is.
    pub component: Component,
    /// What is there of it: under the source's SKU, and in the source's units.
    pub line: LineAnswer,
}

/// Items, and what the source is asked for instead of them.
#[derive(Debug)]
pub struct Asked {
    items: Vec<Item>,
    /// Of each item, what it is made of; empty where it is asked for itself.
    made_of: Vec<Vec<Component>>,
}

// === impl Asked ===

impl Asked {
    /// These items, as they are called at a source.
    #[must_use]
    pub fn new(items: Vec<Item>, naming: &SourceNaming) -> Self {
        let made_of = items.iter().map(|item| naming.components(&item.sku));
        Self {
            made_of: made_of.collect(),
            items,
        }
    }

    /// What the source is asked for.
    #[must_use]
    pub fn of_source(&self) -> Vec<Item> {
        let each = self.items.iter().zip(&self.made_of);
        let asked = each.flat_map(|(item, made_of)| match made_of.is_empty() {
            true => vec![item.clone()],
            false => made_of.iter().map(|part| asked(part, item)).collect(),
        });
        asked.collect()
    }

    /// The decision on the items, by the one on what the source was asked for.
    #[must_use]
    pub fn gather(self, decision: Decision) -> Decision {
        let required = required_per_sku(&self.items);
        let mut answers = decision.lines.into_iter();
        let mut lines = Vec::with_capacity(self.items.len());
        for ((item, made_of), required) in self.items.into_iter().zip(self.made_of).zip(required) {
            if made_of.is_empty() {
                lines.extend(answers.next());
                continue;
            }
            let parts = made_of.into_iter().zip(answers.by_ref());
            let parts = parts.map(|(component, line)| ComponentAnswer { component, line });
            let parts = parts.collect();
            lines.push(LineAnswer::without_count(item, required).made_of(parts));
        }
        Decision {
            verdict: Verdict::of(lines.iter().map(|line| line.status)),
            lines,
            unreadable: decision.unreadable,
        }
    }
}

fn asked(part: &Component, item: &Item) -> Item {
    Item {
        sku: part.source_sku.clone(),
        quantity: part.needed(item.quantity),
    }
}

// === impl LineAnswer ===

impl LineAnswer {
    /// The answer by those of what it is made of: the worst one decides, and the scarcest says how many there are.
    pub(super) fn made_of(self, parts: Vec<ComponentAnswer>) -> Self {
        let Some(decisive) = parts.iter().min_by_key(|part| rank(part.line.status)) else {
            return self;
        };
        let decisive = &decisive.line;
        let available = available(&parts);
        let none_left = decisive.status == LineStatus::Short && available == Some(Quantity::ZERO);
        let lines = || parts.iter().map(|part| &part.line);
        let fewest = |number: fn(&LineAnswer) -> Option<Quantity>| fewest(&parts, number);
        let is_kit = parts.iter().any(|part| part.component.sku != self.sku);
        Self {
            status: match none_left {
                true => LineStatus::OutOfStock,
                false => decisive.status,
            },
            cause: decisive.cause,
            available,
            allocated: match lines().all(|line| line.cause == Cause::Allocated) {
                true => self.required,
                false => Quantity::ZERO,
            },
            // What is kept back and on its way is told of each component: of a kit there is no such number.
            withheld: fewest(|line| Some(line.withheld))
                .filter(|_| !is_kit)
                .unwrap_or_default(),
            incoming: fewest(|line| line.incoming).filter(|_| !is_kit),
            on_hand: fewest(|line| line.on_hand),
            as_of: match lines().all(|line| line.as_of.is_some()) {
                true => lines().filter_map(|line| line.as_of).min(),
                false => None,
            },
            stale: lines().any(|line| line.stale),
            trouble: decisive
                .trouble
                .clone()
                .or_else(|| lines().find_map(|line| line.trouble.clone())),
            from: match is_kit {
                true => Vec::new(),
                false => decisive.from.clone(),
            },
            components: parts,
            ..self
        }
    }

    /// Whether it is put together of other articles.
    #[must_use]
    pub fn is_kit(&self) -> bool {
        let mut parts = self.components.iter();
        parts.any(|part| part.component.sku != self.sku)
    }

    /// The component whose answer is this one's: the first of those that are worst.
    #[must_use]
    pub fn decisive(&self) -> Option<&ComponentAnswer> {
        let parts = self.components.iter();
        parts.min_by_key(|part| rank(part.line.status))
    }
}

/// Short before unknown before there; and of the short, first what is not there at all.
fn rank(status: LineStatus) -> u8 {
    match status {
        LineStatus::OutOfStock => 0,
        LineStatus::Short => 1,
        LineStatus::UnknownSku => 2,
        LineStatus::NotTracked => 3,
        LineStatus::Unavailable => 4,
        LineStatus::InStock => 5,
    }
}

/// How many can be made. None can where one part is known to be missing, whatever is not known of the others.
fn available(parts: &[ComponentAnswer]) -> Option<Quantity> {
    let made = |part: &ComponentAnswer| Some(part.component.makes(part.line.available?));
    let known = parts.iter().filter_map(made).min();
    let is_all_known = parts.iter().all(|part| part.line.available.is_some());
    known.filter(|known| is_all_known || *known <= Quantity::ZERO)
}

fn fewest(
    parts: &[ComponentAnswer],
    number: fn(&LineAnswer) -> Option<Quantity>,
) -> Option<Quantity> {
    let made = parts
        .iter()
        .map(|part| Some(part.component.makes(number(&part.line)?)));
    made.collect::<Option<Vec<_>>>()?.into_iter().min()
}
