//! Partners whose systems push: a key made for a partner is all it takes.
//!
//! `key → connection → places → stock book`: the connection and the places come into being as they are named, and levels
//! go straight to the book, which commits what many bring together. Nothing here asks anybody for anything.

mod place;
mod push;

pub use push::Push;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bestand_plugin_api::LocationId;

use crate::clock::Clock;
use crate::connection::{Connections, EditError};
use crate::id::{AccountId, ConnectionId, SourceId};
use crate::stock::StockBook;
use crate::store::{self, Db};

/// Partners whose connection and places are held in memory; beyond it all are forgotten and read anew.
const HELD_MAX: usize = 10_000;
/// Places of one partner; more is taken for a mistake, such as an order number for a place.
pub const PLACES_MAX: usize = 10_000;
/// The place of levels that name none.
pub const PLACE_DEFAULT: &str = "main";

/// Takes what partners push. Cheap to clone.
#[derive(Clone)]
pub struct Partners {
    shared: Arc<Shared>,
}

struct Shared {
    db: Db,
    book: StockBook,
    clock: Clock,
    connections: Connections,
    /// Locked only to look up or put in a reference.
    held: Mutex<HeldByPartner>,
}

type HeldByPartner = HashMap<(AccountId, Arc<str>), Arc<Held>>;

/// A partner's connection and its places.
#[derive(Debug)]
struct Held {
    connection: ConnectionId,
    sources: HashMap<LocationId, SourceId>,
}

/// Why a push was not taken.
#[derive(Debug, thiserror::Error)]
pub enum PushError {
    /// The operator has paused the connection.
    #[error(
        "the operator has paused the connection of `{0}`; nothing is taken until it is resumed"
    )]
    Paused(Arc<str>),
    /// The connection that it would go to cannot be made.
    #[error(transparent)]
    Connection(#[from] EditError),
    /// There are too many places.
    #[error("a partner may have {PLACES_MAX} places, and this would be more")]
    TooManyPlaces,
    /// The store's word.
    #[error(transparent)]
    Store(#[from] store::Error),
}

// === impl Partners ===

impl Partners {
    /// Over these.
    #[must_use]
    pub fn new(db: Db, book: StockBook, clock: Clock, connections: Connections) -> Self {
        Self {
            shared: Arc::new(Shared {
                db,
                book,
                clock,
                connections,
                held: Mutex::default(),
            }),
        }
    }
}

// === impl Shared ===

impl Shared {
    fn held(&self) -> MutexGuard<'_, HeldByPartner> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hold(&self, account: AccountId, partner: &Arc<str>, found: Held) -> Arc<Held> {
        let found = Arc::new(found);
        let mut held = self.held();
        if held.len() >= HELD_MAX {
            held.clear();
        }
        held.insert((account, Arc::clone(partner)), Arc::clone(&found));
        found
    }
}
