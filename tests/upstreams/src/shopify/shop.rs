//! The shop's whole state, and the changes a person in its admin can make.

use std::collections::{BTreeMap, HashMap};

use jiff::{Timestamp, ToSpan};
use serde_json::Value;

use super::ShopifyOptions;
use super::bucket::Bucket;
use super::bulk::Jobs;
use super::fault::Faults;
use super::idempotency::Remembered;
use super::log::Logged;
use super::quantities::{NAMES, Quantities};
use super::stock::{Item, Level, LevelKey, Location, NewItem, NewLocation};
use super::webhook::{Event, Subscription};

/// Where the numbering starts: as long as real ids, so nobody mistakes one kind for another.
const FIRST_ITEM: u64 = 53_469_430_000_001;
const FIRST_LOCATION: u64 = 106_318_430_001;
const FIRST_LEVEL_NUMBER: u64 = 143_273_001_001;
const FIRST_OTHER: u64 = 2_017_395_000_001;

/// Everything one simulated shop knows; one lock guards it all.
#[derive(Debug)]
pub(crate) struct Shop {
    pub(crate) options: ShopifyOptions,
    /// Where this server listens; known once it does.
    pub(crate) base_url: String,
    pub(crate) locations: BTreeMap<u64, Location>,
    pub(crate) items: BTreeMap<u64, Item>,
    items_of_sku: HashMap<String, u32>,
    /// Access tokens and when they end.
    pub(crate) tokens: HashMap<String, Option<Timestamp>>,
    pub(crate) bucket: Bucket,
    pub(crate) faults: Faults,
    pub(crate) jobs: Jobs,
    pub(crate) idempotency: HashMap<String, Remembered>,
    pub(crate) subscriptions: BTreeMap<u64, Subscription>,
    /// Events nobody was told about yet.
    pub(crate) outbox: Vec<Event>,
    pub(crate) log: Vec<Logged>,
    next_other: u64,
}

impl Shop {
    pub(crate) fn new(options: ShopifyOptions, now: Timestamp) -> Self {
        let tokens = options
            .access_token
            .iter()
            .map(|token| (token.clone(), None))
            .collect();
        let bucket = Bucket::full(options.bucket_points, options.restore_points_per_sec, now);
        Self {
            options,
            base_url: String::new(),
            locations: BTreeMap::new(),
            items: BTreeMap::new(),
            items_of_sku: HashMap::new(),
            tokens,
            bucket,
            faults: Faults::default(),
            jobs: Jobs::default(),
            idempotency: HashMap::new(),
            subscriptions: BTreeMap::new(),
            outbox: Vec::new(),
            log: Vec::new(),
            next_other: FIRST_OTHER,
        }
    }

    /// A number for anything that is neither item nor location.
    pub(crate) fn next_number(&mut self) -> u64 {
        self.next_other += 1;
        self.next_other
    }

    pub(crate) fn add_location(&mut self, seed: NewLocation, now: Timestamp) -> u64 {
        let count = self.locations.len() as u64;
        let id = FIRST_LOCATION + count;
        let location = Location {
            id,
            seed,
            created_at: now,
            level_number: FIRST_LEVEL_NUMBER + count,
        };
        self.locations.insert(id, location);
        self.note("locations/create", None, Some(id));
        id
    }

    pub(crate) fn add_item(&mut self, seed: NewItem, now: Timestamp) -> u64 {
        let id = self
            .items
            .last_key_value()
            .map_or(FIRST_ITEM, |(last, _)| last + 1);
        let levels = seed
            .stock
            .into_iter()
            .map(|(location, stock)| (location, Level::new(stock, now)))
            .collect();
        let item = Item {
            id,
            sku: seed.sku,
            title: seed.title,
            tracked: seed.tracked,
            requires_shipping: seed.requires_shipping,
            bundle: seed.bundle,
            created_at: now,
            updated_at: now,
            levels,
        };
        self.count_sku(item.sku.clone(), 1);
        self.items.insert(id, item);
        self.note("inventory_items/create", Some(id), None);
        id
    }

    pub(crate) fn delete_item(&mut self, id: u64) {
        let Some(item) = self.items.remove(&id) else {
            return;
        };
        self.count_sku(item.sku, -1);
        self.note("inventory_items/delete", Some(id), None);
    }

    pub(crate) fn rename_item(&mut self, id: u64, sku: Option<String>, now: Timestamp) {
        let Some(item) = self.items.get_mut(&id) else {
            return;
        };
        let old = std::mem::replace(&mut item.sku, sku.clone());
        item.updated_at = now;
        self.count_sku(old, -1);
        self.count_sku(sku, 1);
        self.note("inventory_items/update", Some(id), None);
    }

    /// How many other items carry the same SKU.
    pub(crate) fn duplicate_skus(&self, sku: Option<&str>) -> u32 {
        sku.and_then(|sku| self.items_of_sku.get(sku))
            .map_or(0, |count| count.saturating_sub(1))
    }

    pub(crate) fn level(&self, key: LevelKey) -> Option<&Level> {
        self.items.get(&key.item)?.levels.get(&key.location)
    }

    pub(crate) fn level_mut(&mut self, key: LevelKey) -> Option<&mut Level> {
        self.items.get_mut(&key.item)?.levels.get_mut(&key.location)
    }

    /// Writes one quantity, making the level when there is none, and remembers the event.
    pub(crate) fn set_quantity(
        &mut self,
        key: LevelKey,
        name: &str,
        quantity: i32,
        now: Timestamp,
    ) {
        debug_assert!(NAMES.contains(&name), "no quantity is called {name}");
        if self.level(key).is_none() {
            self.activate(key, Quantities::default(), now);
        }
        if let Some(level) = self.level_mut(key) {
            level.write(name, quantity, now);
        }
        self.note(
            "inventory_levels/update",
            Some(key.item),
            Some(key.location),
        );
    }

    /// An order of `quantity` pieces: available goes down and committed up, on hand stays.
    pub(crate) fn commit(&mut self, key: LevelKey, quantity: i32, now: Timestamp) {
        let Some(level) = self.level_mut(key) else {
            return;
        };
        let (available, committed) = (level.quantities.available, level.quantities.committed);
        level.write("available", available.saturating_sub(quantity), now);
        level.write("committed", committed.saturating_add(quantity), now);
        self.note(
            "inventory_levels/update",
            Some(key.item),
            Some(key.location),
        );
    }

    /// Makes the level, or wakes the inactive one up under its old id.
    pub(crate) fn activate(
        &mut self,
        key: LevelKey,
        quantities: Quantities,
        now: Timestamp,
    ) -> bool {
        let known = self.locations.contains_key(&key.location);
        let Some(item) = self.items.get_mut(&key.item).filter(|_| known) else {
            return false;
        };
        let level = item
            .levels
            .entry(key.location)
            .or_insert_with(|| Level::new(quantities, now));
        level.is_active = true;
        level.updated_at = now;
        self.note(
            "inventory_levels/connect",
            Some(key.item),
            Some(key.location),
        );
        true
    }

    /// The row stays, inactive.
    pub(crate) fn deactivate(&mut self, key: LevelKey, now: Timestamp) {
        let Some(level) = self.level_mut(key) else {
            return;
        };
        level.is_active = false;
        level.updated_at = now;
        self.note(
            "inventory_levels/disconnect",
            Some(key.item),
            Some(key.location),
        );
    }

    fn note(&mut self, topic: &'static str, item: Option<u64>, location: Option<u64>) {
        let wanted = self
            .subscriptions
            .values()
            .any(|subscription| subscription.topic_path() == topic);
        if wanted {
            self.outbox.push(Event {
                topic,
                item,
                location,
                body: None,
            });
        }
    }

    /// Remembers an event whose body is not built from stock.
    pub(crate) fn note_body(&mut self, topic: &'static str, body: Value) {
        self.outbox.push(Event {
            topic,
            item: None,
            location: None,
            body: Some(body),
        });
    }

    fn count_sku(&mut self, sku: Option<String>, by: i32) {
        let Some(sku) = sku else { return };
        let count = self.items_of_sku.entry(sku).or_default();
        *count = count.saturating_add_signed(by);
    }

    /// Drops what an idempotency key kept for longer than a day.
    pub(crate) fn forget_old_keys(&mut self, now: Timestamp) {
        let oldest = now.checked_sub(24.hours()).unwrap_or(now);
        self.idempotency
            .retain(|_, remembered| remembered.at >= oldest);
    }
}
