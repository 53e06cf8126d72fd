//! Availability: from a ship-from location and items to counts, their age, and a verdict.
//!
//! `ship-from location → its one source → levels in the stock book → verdict`. What is in memory and fresh is answered
//! without waiting for anything. Only a [`Look::Live`] waits, with a deadline, for the source's system, and only for
//! what is not fresh; the answer then says what came of it.

use std::sync::Arc;
use std::time::Duration;

use bestand_plugin_api::{Quantity, Sku, Timestamp};

use crate::article::Articles;
use crate::clock::Clock;
use crate::id::{AccountId, ConnectionId, ShipFromId};
use crate::order::Order;
use crate::order::book::OrderBook;
use crate::source::InventorySource;
use crate::stock::{Held, StockBook};
use crate::store::{Db, Error};
use crate::verdict::component::Asked;
use crate::verdict::knowledge::Knowledge;
use crate::verdict::trouble::Trouble;
use crate::verdict::{Decision, Item, Terms, decide};

mod absence;
mod answer;
mod freshen;
mod known;
mod orders;
mod route;
mod standing;
mod suggest;
mod together;
mod verdict_news;

#[cfg(test)]
mod tests;

pub use answer::Answer;
pub use freshen::{Adapters, Freshen};
pub use orders::{Judged, JudgedPage, Tally};
pub use route::Route;
pub use standing::Standing;
pub use verdict_news::VerdictNews;

use absence::Absences;
use known::NotAnswered;
use route::Routes;
use standing::Standings;
use together::Found;

/// Answers whether stock is there. Cheap to clone.
#[derive(Clone)]
pub struct Availability {
    shared: Arc<Shared>,
}

struct Shared {
    db: Db,
    clock: Clock,
    book: StockBook,
    orders: OrderBook,
    adapters: Arc<dyn Freshen>,
    routes: Routes,
    absences: Absences,
    standings: Standings,
    live_query: Duration,
}

/// What availability depends on besides its parts.
#[derive(Clone, Copy, Debug)]
pub struct AvailabilityOptions {
    /// How old a count may be before it is stale, of sources that do not say otherwise.
    pub max_age: Duration,
    /// How long an answer waits for a source's system.
    pub live_query: Duration,
}

/// Whether an answer may wait for a source's system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// It may, for what is not fresh: somebody looks at this order.
    Live,
    /// It may not: what is stored will do, with its age.
    Stored,
}

// === impl Availability ===

impl Availability {
    /// Answers from these books, and asks these adapters.
    #[must_use]
    pub fn new(
        db: Db,
        book: StockBook,
        clock: Clock,
        adapters: Arc<dyn Freshen>,
        options: AvailabilityOptions,
    ) -> Self {
        let shared = Shared {
            orders: OrderBook::open(db.clone(), clock.clone()),
            routes: Routes::new(db.clone(), options.max_age, Arc::clone(&adapters)),
            absences: Absences::default(),
            standings: Standings::default(),
            live_query: options.live_query,
            db,
            clock,
            book,
            adapters,
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    /// What sources call our articles, and which of them are kits.
    #[must_use]
    pub fn articles(&self) -> &Articles {
        self.shared.routes.articles()
    }

    /// Whether these items can ship from a location, or from the account's default one.
    ///
    /// # Errors
    /// `NotFound` when the account has no such location, and when the store is out of reach.
    pub async fn of_items(
        &self,
        account: AccountId,
        ship_from: Option<ShipFromId>,
        items: Vec<Item>,
        look: Look,
    ) -> Result<Answer, Error> {
        let now = self.shared.clock.now();
        match (
            self.shared.routes.find(account, ship_from, now).await?,
            ship_from,
        ) {
            (Some(route), _) => Ok(self.shared.answer(route, items, look, now).await),
            (None, Some(id)) => Err(Error::not_found("ship-from location", id)),
            (None, None) => Ok(Answer::nowhere(items, Trouble::NoShipFrom, now)),
        }
    }

    /// Whether an order can ship: its goods, from its ship-from location and no other.
    ///
    /// # Errors
    /// When the store is out of reach.
    pub async fn of_order(&self, order: &Order, look: Look) -> Result<Answer, Error> {
        let now = self.shared.clock.now();
        let items = order.goods();
        let route = self
            .shared
            .routes
            .find(order.account_id, order.ship_from_id, now)
            .await?;
        let answer = match (route, order.ship_from_id) {
            (Some(route), _) => self.shared.answer(route, items, look, now).await,
            (None, Some(_)) => Answer::nowhere(items, Trouble::ShipFromGone, now),
            (None, None) => Answer::nowhere(items, Trouble::NoShipFrom, now),
        };
        Ok(answer
            .with_allocated(order)
            .with_unreadable(order.unreadable())
            .with_override(order))
    }
}

// === knowledge ===

impl Availability {
    /// What is known of a SKU at a source, by the level stored of it and by what its system said when it was asked.
    #[must_use]
    pub fn known(&self, source: &InventorySource, sku: &Sku, held: Option<&Held>) -> Knowledge {
        self.shared.known(source, sku, held, None)
    }

    /// Whether a connection's levels are put together from other sources.
    #[must_use]
    pub fn puts_together(&self, connection: ConnectionId) -> bool {
        self.shared.adapters.puts_together(connection)
    }

    /// Asks a source's system for these SKUs, waiting no longer than `within`. What it says is in the book then, or
    /// known as absent; what it does not say stays as it was.
    pub async fn refresh(&self, source: &InventorySource, skus: &[Sku], within: Duration) {
        self.shared.refresh(source, skus, within).await;
    }
}

// === impl Shared ===

impl Shared {
    async fn answer(
        &self,
        route: Arc<Route>,
        items: Vec<Item>,
        look: Look,
        now: Timestamp,
    ) -> Answer {
        let decision = match route.naming() {
            Some(naming) => {
                let asked = Asked::new(items, naming);
                let of_source = asked.of_source();
                asked.gather(self.decide(&route, of_source, look, now).await)
            }
            None => self.decide(&route, items, look, now).await,
        };
        Answer::of(route, decision)
    }

    /// Decides on what the source is asked for, under its own names.
    async fn decide(
        &self,
        route: &Route,
        items: Vec<Item>,
        look: Look,
        now: Timestamp,
    ) -> Decision {
        if items.is_empty() {
            return decide(items, Vec::new(), &Terms::at(now));
        }
        let (skus, quantities): (Vec<Sku>, Vec<Quantity>) = items
            .into_iter()
            .map(|item| (item.sku, item.quantity))
            .unzip();
        let Found {
            known,
            terms,
            parts,
        } = self.look(route, &skus, &quantities, look, now).await;
        let items = skus.into_iter().zip(quantities);
        let items = items
            .map(|(sku, quantity)| Item { sku, quantity })
            .collect();
        decide(items, known, &terms).with_parts(parts)
    }

    async fn look(
        &self,
        route: &Route,
        skus: &[Sku],
        quantities: &[Quantity],
        look: Look,
        now: Timestamp,
    ) -> Found {
        if let (Look::Live, Some(source)) = (look, route.put_together()) {
            return self.look_together(route, source, skus, quantities).await;
        }
        match self.fresh_in_memory(route, skus, now) {
            Some(known) => (known, route.terms(now, None)).into(),
            None => {
                let not_answered = NotAnswered::default();
                self.look_up(route, skus, look, not_answered).await.into()
            }
        }
    }

    /// The fast path: what is known, when all of it is in memory and fresh.
    fn fresh_in_memory(
        &self,
        route: &Route,
        skus: &[Sku],
        now: Timestamp,
    ) -> Option<Vec<Knowledge>> {
        let source = route.open_source().ok()?;
        let levels = self.book.levels_cached(route.account(), source.id, skus)?;
        let fresh = |held: &_| known::fresh(held, route.max_age(), now);
        levels
            .iter()
            .map(|held| held.as_ref().and_then(fresh))
            .collect()
    }

    /// The slow path: asks the store, then the source's system for what is not fresh, if the answer may wait for it.
    async fn look_up(
        &self,
        route: &Route,
        skus: &[Sku],
        look: Look,
        mut not_answered: NotAnswered,
    ) -> (Vec<Knowledge>, Terms) {
        let source = match route.open_source() {
            Ok(source) => source,
            Err(trouble) => return self.nothing_known(route, skus.len(), trouble),
        };
        let mut levels = match self.book.levels(route.account(), source.id, skus).await {
            Ok(levels) => levels,
            Err(error) => {
                tracing::error!(source.id = %source.id, %error, "levels could not be read");
                return self.nothing_known(route, skus.len(), Trouble::StoreUnavailable);
            }
        };
        let old = self.not_fresh(route, source, skus, &levels);
        if look == Look::Live && !old.is_empty() {
            not_answered = self.ask(source, &old).await;
            // What was just stored is in memory; when it is not, what was read before still stands.
            let again = self.book.levels(route.account(), source.id, skus).await;
            levels = again.unwrap_or(levels);
        }
        let terms = route.terms(self.clock.now(), not_answered.trouble.clone());
        let known = skus.iter().zip(&levels).map(|(sku, held)| {
            let failed = not_answered.find(sku, held.as_ref());
            failed.unwrap_or_else(|| self.known(source, sku, held.as_ref(), terms.trouble.as_ref()))
        });
        (known.collect(), terms)
    }

    /// One trouble that keeps every count away.
    fn nothing_known(
        &self,
        route: &Route,
        count: usize,
        trouble: Trouble,
    ) -> (Vec<Knowledge>, Terms) {
        let known = vec![Knowledge::NotRetrieved(Arc::new(trouble)); count];
        (known, route.terms(self.clock.now(), None))
    }
}
