//! The answer to a question about availability: the decision, and by whose numbers and rules it was made.

use std::collections::BTreeMap;
use std::sync::Arc;

use bestand_plugin_api::{Quantity, Sku, Timestamp};

use super::route::Route;
use crate::order::{LineKind, Order, OrderLine};
use crate::ship_from::{Policy, ShipFromLocation};
use crate::source::InventorySource;
use crate::verdict::consequence::Consequence;
use crate::verdict::knowledge::Knowledge;
use crate::verdict::line::LineAnswer;
use crate::verdict::trouble::Trouble;
use crate::verdict::{Decision, Item, Terms, decide};

/// The answer to a question about availability.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The verdict and its lines, in the order asked.
    pub decision: Decision,
    /// What follows from the verdict under the location's policy.
    pub consequence: Consequence,
    route: Option<Arc<Route>>,
}

// === impl Answer ===

impl Answer {
    pub(super) fn of(route: Arc<Route>, decision: Decision) -> Self {
        Self {
            consequence: Consequence::of(decision.verdict, route.ship_from.policy),
            decision,
            route: Some(route),
        }
    }

    /// The answer when there is no ship-from location whose source could be asked.
    pub(super) fn nowhere(items: Vec<Item>, trouble: Trouble, now: Timestamp) -> Self {
        let known = vec![Knowledge::NotRetrieved(Arc::new(trouble)); items.len()];
        let decision = decide(items, known, &Terms::at(now));
        Self {
            consequence: Consequence::of(decision.verdict, Policy::default()),
            decision,
            route: None,
        }
    }

    /// The answer for an order to which some of its source's stock is promised.
    pub(super) fn with_allocated(self, order: &Order) -> Self {
        let source = self.source().map(|source| source.id);
        let promised = order.allocations.iter().filter(|each| each.is_promised());
        let here = promised.filter(|each| Some(each.source_id) == source);
        let allocated: BTreeMap<&Sku, Quantity> =
            here.map(|each| (&each.sku, each.quantity)).collect();
        match allocated.is_empty() {
            true => self,
            false => self.decided(|decision| decision.with_allocated(&allocated)),
        }
    }

    /// The answer for an order that has lines nobody could read.
    pub(super) fn with_unreadable(self, unreadable: usize) -> Self {
        self.decided(|decision| decision.with_unreadable(unreadable))
    }

    /// The answer for an order that an admin lets ship, whatever is there.
    pub(super) fn with_override(self, order: &Order) -> Self {
        match order.overridden_by {
            Some(_) => Self {
                consequence: Consequence::of(self.decision.verdict, Policy::Allow),
                ..self
            },
            None => self,
        }
    }

    fn decided(self, anew: impl FnOnce(Decision) -> Decision) -> Self {
        let decision = anew(self.decision);
        let policy = self.route.as_ref().map(|route| route.ship_from.policy);
        Self {
            consequence: Consequence::of(decision.verdict, policy.unwrap_or_default()),
            decision,
            route: self.route,
        }
    }

    /// The source whose numbers these are.
    #[must_use]
    pub fn source(&self) -> Option<&InventorySource> {
        self.route.as_ref()?.source.as_ref()
    }

    /// The location it was answered for.
    #[must_use]
    pub fn ship_from(&self) -> Option<&ShipFromLocation> {
        self.route.as_ref().map(|route| &route.ship_from)
    }

    /// The lines of the order it was answered for, each with its own answer when it is goods.
    pub fn lines_of<'a>(
        &'a self,
        order: &'a Order,
    ) -> impl Iterator<Item = (&'a OrderLine, Option<&'a LineAnswer>)> {
        let mut answers = self.decision.lines.iter();
        order.lines.iter().map(move |line| {
            let answer = match line.is_goods() {
                true => answers.next(),
                false => None,
            };
            (line, answer)
        })
    }
}

// === impl Order ===

impl Order {
    /// What of it has to be in stock, line by line.
    #[must_use]
    pub fn goods(&self) -> Vec<Item> {
        let goods = self.lines.iter().filter(|line| line.is_goods());
        goods
            .filter_map(|line| {
                Some(Item {
                    sku: line.sku.clone()?,
                    quantity: line.quantity,
                })
            })
            .collect()
    }

    /// How many of its lines nobody could read.
    #[must_use]
    pub fn unreadable(&self) -> usize {
        let unreadable = |line: &&OrderLine| matches!(line.kind, LineKind::Unreadable(_));
        self.lines.iter().filter(unreadable).count()
    }
}
