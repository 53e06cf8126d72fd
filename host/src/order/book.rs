//! The order book: orders put, found and listed, and imports that store as they read.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

use super::goods::NotGoodsCodes;
use super::import::mapping::Mapping;
use super::import::report::{Refusal, Report};
use super::import::row::{Rules, ShipFromNames};
use super::import::{Format, Import, ImportError};
use super::{Order, OrderDraft, OrderNumber, ShipFrom};
use crate::clock::Clock;
use crate::id::{AccountId, ShipFromId};
use crate::store::order::{Filter, Moved, Page, Place, Stored};
use crate::store::{self, Db, Error};

mod rehearsal;

pub use rehearsal::{Difference, OrderChange};

/// How many bytes an import reads at once.
const READ_BYTES: usize = 64 << 10;

/// Most orders that are moved to another location at once: more than a page shows, and little enough that nobody waits
/// for the transaction.
pub const MOVED_AT_ONCE_MAX: usize = 1_000;

/// Orders that are named when they are not there; whoever has more of them sees enough from these.
const MISSING_SHOWN: usize = 5;

/// Knows every order. Cheap to clone.
#[derive(Clone, Debug)]
pub struct OrderBook {
    db: Db,
    clock: Clock,
}

/// An import that stores what it reads.
///
/// Whatever a call has answered for is durable: a process that is killed loses nothing that was reported, and running
/// the same import again brings the rest and changes nothing else.
pub struct ImportRun {
    book: OrderBook,
    account: AccountId,
    import: Import,
}

/// What an import tells while it runs.
#[derive(Debug)]
pub enum Event<'a> {
    /// So much has been read, and its orders stored but for those still being joined.
    Progress(&'a Report),
    /// A line was refused.
    Refused(&'a Refusal),
}

/// Why an import stopped before its end. What was reported until then is stored.
#[derive(Debug, thiserror::Error)]
pub enum ImportStopped {
    /// The file is not what the mapping says.
    #[error(transparent)]
    Input(#[from] ImportError),
    /// The bytes stopped coming.
    #[error("cannot read on: {0}")]
    Read(#[from] io::Error),
    /// The orders could not be stored.
    #[error(transparent)]
    Store(#[from] Error),
}

/// Why no order was moved to another location.
#[derive(Debug, thiserror::Error)]
pub enum NotMoved {
    /// More than [`MOVED_AT_ONCE_MAX`].
    #[error("at most {MOVED_AT_ONCE_MAX} orders can be moved at once; this is {0}")]
    TooMany(usize),
    /// These are not there.
    #[error("{}", no_such_orders(.0))]
    NoSuchOrders(Vec<OrderNumber>),
    /// The account has no such location.
    #[error("there is no ship-from location `{0}`")]
    NoSuchLocation(ShipFromId),
    /// They could not be stored.
    #[error(transparent)]
    Store(#[from] Error),
}

// === impl OrderBook ===

impl OrderBook {
    /// The orders in `db`.
    #[must_use]
    pub fn open(db: Db, clock: Clock) -> Self {
        Self { db, clock }
    }

    /// Stores one order, when its stored version is `expected` or nobody asks, and answers it as it is then.
    ///
    /// # Errors
    /// `Conflict` when its version is another one, `NotFound` when the account has no such ship-from location.
    pub async fn put(
        &self,
        account: AccountId,
        draft: OrderDraft,
        expected: Option<i64>,
    ) -> Result<(Order, Stored), Error> {
        if let ShipFrom::At(id) = draft.ship_from {
            let location = store::ship_from::find(&self.db, account, id).await?;
            location.ok_or_else(|| Error::not_found("ship-from location", id))?;
        }
        store::order::put(&self.db, account, draft, expected, self.clock.now()).await
    }

    /// One order.
    ///
    /// # Errors
    /// When the store is out of reach.
    pub async fn find(
        &self,
        account: AccountId,
        number: &OrderNumber,
    ) -> Result<Option<Order>, Error> {
        store::order::find(&self.db, account, number).await
    }

    /// Orders after `after`, at most `limit`.
    ///
    /// # Errors
    /// When the store is out of reach.
    pub async fn list(
        &self,
        account: AccountId,
        filter: &Filter,
        after: Option<&Place>,
        limit: u32,
    ) -> Result<Page, Error> {
        store::order::list(&self.db, account, filter, after, limit).await
    }

    /// Lets these orders ship from a location, or from the account's default one: all of them, or none.
    ///
    /// # Errors
    /// When one of them, or the location, is not there, or they are too many.
    pub async fn move_to(
        &self,
        account: AccountId,
        numbers: &[OrderNumber],
        ship_from: Option<ShipFromId>,
    ) -> Result<Moved, NotMoved> {
        if numbers.len() > MOVED_AT_ONCE_MAX {
            return Err(NotMoved::TooMany(numbers.len()));
        }
        if let Some(id) = ship_from {
            let location = store::ship_from::find(&self.db, account, id).await?;
            location.ok_or(NotMoved::NoSuchLocation(id))?;
        }
        store::order::move_to(&self.db, account, numbers, ship_from, self.clock.now())
            .await?
            .map_err(NotMoved::NoSuchOrders)
    }

    /// Begins an import to which bytes are pushed as they come.
    ///
    /// # Errors
    /// When the store is out of reach.
    pub async fn begin_import(
        &self,
        account: AccountId,
        format: Format,
        mapping: Mapping,
    ) -> Result<ImportRun, Error> {
        let locations = store::ship_from::list(&self.db, account).await?;
        let names = locations
            .into_iter()
            .map(|location| (location.id, location.name));
        let rules = Rules {
            not_goods: NotGoodsCodes::default(),
            ship_from: ShipFromNames::new(names),
        };
        Ok(ImportRun {
            book: self.clone(),
            account,
            import: Import::new(format, mapping, rules),
        })
    }

    /// Imports all that a reader gives.
    ///
    /// # Errors
    /// When the bytes cannot be read, are no table of orders, or cannot be stored.
    pub async fn import(
        &self,
        account: AccountId,
        format: Format,
        mapping: Mapping,
        reader: &mut (dyn AsyncRead + Send + Unpin),
        on_event: &mut (dyn FnMut(Event<'_>) + Send),
    ) -> Result<Report, ImportStopped> {
        let mut run = self.begin_import(account, format, mapping).await?;
        let mut bytes = vec![0; READ_BYTES];
        loop {
            let refusals = match reader.read(&mut bytes).await? {
                0 => break,
                read => run.push(&bytes[..read]).await?,
            };
            refusals
                .iter()
                .for_each(|refusal| on_event(Event::Refused(refusal)));
            on_event(Event::Progress(run.report()));
        }
        let refusals = run.finish().await?;
        refusals
            .iter()
            .for_each(|refusal| on_event(Event::Refused(refusal)));
        on_event(Event::Progress(run.report()));
        Ok(run.report().clone())
    }
}

// === impl ImportRun ===

impl ImportRun {
    /// Takes the next bytes and stores the orders they complete. Answers the lines that were refused.
    ///
    /// # Errors
    /// When the bytes are no table of orders, or cannot be stored.
    pub async fn push(&mut self, bytes: &[u8]) -> Result<Vec<Refusal>, ImportStopped> {
        // In pieces, so that a caller who has all bytes at once does not make all orders at once.
        for piece in bytes.chunks(READ_BYTES) {
            self.import.push(piece)?;
            self.store().await?;
        }
        Ok(self.import.take_refusals())
    }

    /// Says that no more bytes come, and stores what was still being joined.
    ///
    /// # Errors
    /// As for [`push`](Self::push).
    pub async fn finish(&mut self) -> Result<Vec<Refusal>, ImportStopped> {
        self.import.finish()?;
        self.store().await?;
        Ok(self.import.take_refusals())
    }

    /// What came of it so far.
    #[must_use]
    pub fn report(&self) -> &Report {
        self.import.report()
    }

    async fn store(&mut self) -> Result<(), Error> {
        while let Some(batch) = self.import.next_batch() {
            let OrderBook { db, clock } = &self.book;
            let stored = store::order::put_many(db, self.account, batch, clock.now()).await?;
            self.import.count_stored(stored.created, stored.replaced);
        }
        Ok(())
    }
}

fn no_such_orders(missing: &[OrderNumber]) -> String {
    let shown = missing.iter().take(MISSING_SHOWN).map(OrderNumber::as_str);
    let shown = shown.collect::<Vec<_>>().join("`, `");
    match (missing.len(), missing.len().saturating_sub(MISSING_SHOWN)) {
        (1, _) => format!("there is no order `{shown}`"),
        (_, 0) => format!("there are no orders `{shown}`"),
        (_, more) => format!("there are no orders `{shown}` and {more} more"),
    }
}

#[cfg(test)]
mod tests;
