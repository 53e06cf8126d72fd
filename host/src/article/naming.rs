//! All aliases and kits of an account, ready to be asked.

use std::collections::HashMap;
use std::sync::Arc;

use bestand_plugin_api::{Quantity, Sku};

use super::{Component, Kit, Pack, SkuAlias};
use crate::id::SourceId;

/// All aliases and kits of an account.
#[derive(Debug, Default)]
pub struct Naming {
    kits: HashMap<Sku, Kit>,
    aliases: HashMap<SourceId, HashMap<Sku, SkuAlias>>,
}

/// They, as they are at one source.
#[derive(Clone, Debug)]
pub struct SourceNaming {
    naming: Arc<Naming>,
    source: SourceId,
    /// Most accounts have neither aliases nor kits, and pay nothing for them.
    is_plain: bool,
}

// === impl Naming ===

impl Naming {
    /// From all there are.
    #[must_use]
    pub fn new(kits: Vec<Kit>, aliases: Vec<SkuAlias>) -> Self {
        let mut by_source: HashMap<SourceId, HashMap<Sku, SkuAlias>> = HashMap::new();
        for alias in aliases {
            let of_source = by_source.entry(alias.source_id).or_default();
            of_source.insert(alias.sku.clone(), alias);
        }
        Self {
            kits: kits.into_iter().map(|kit| (kit.sku.clone(), kit)).collect(),
            aliases: by_source,
        }
    }

    /// How many there are of both: what is held in memory grows with them.
    #[must_use]
    pub fn len(&self) -> usize {
        let components = self.kits.values().map(|kit| kit.components.len());
        components.sum::<usize>() + self.aliases.values().map(HashMap::len).sum::<usize>()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.kits.is_empty() && self.aliases.is_empty()
    }

    /// The kit that is ordered as this.
    #[must_use]
    pub fn kit(&self, sku: &Sku) -> Option<&Kit> {
        self.kits.get(sku)
    }

    fn alias(&self, source: SourceId, sku: &Sku) -> Option<&SkuAlias> {
        self.aliases.get(&source)?.get(sku)
    }
}

// === impl SourceNaming ===

impl SourceNaming {
    /// The account's naming at one of its sources.
    #[must_use]
    pub fn new(naming: Arc<Naming>, source: SourceId) -> Self {
        Self {
            is_plain: naming.kits.is_empty() && !naming.aliases.contains_key(&source),
            naming,
            source,
        }
    }

    /// The source.
    #[must_use]
    pub fn source(&self) -> SourceId {
        self.source
    }

    /// Whether every article is called there as we call it, and none is a kit.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.is_plain
    }

    /// What the source is asked for when this article is wanted; nothing when that is the article itself.
    #[must_use]
    pub fn components(&self, sku: &Sku) -> Vec<Component> {
        if let Some(alias) = self.naming.alias(self.source, sku) {
            return vec![called(alias, Quantity::units(1))];
        }
        let Some(kit) = self.naming.kit(sku) else {
            return Vec::new();
        };
        let parts = kit.components.iter();
        parts
            .map(|part| self.part(&part.sku, part.quantity))
            .collect()
    }

    fn part(&self, sku: &Sku, per: Quantity) -> Component {
        match self.naming.alias(self.source, sku) {
            Some(alias) => called(alias, per),
            None => Component {
                sku: sku.clone(),
                source_sku: sku.clone(),
                per,
                pack: Pack::SAME,
            },
        }
    }
}

fn called(alias: &SkuAlias, per: Quantity) -> Component {
    Component {
        sku: alias.sku.clone(),
        source_sku: alias.source_sku.clone(),
        per,
        pack: alias.pack,
    }
}
