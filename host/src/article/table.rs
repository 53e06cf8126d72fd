//! Tables of aliases and kits: read whole, all or nothing, each wrong line named.

use std::collections::BTreeMap;
use std::fmt;

use bestand_plugin_api::{Quantity, Sku};
use csv::ReaderBuilder;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{InvalidKit, Kit, KitComponent, Pack, SkuAlias};
use crate::id::SourceId;

/// Wrong lines named before the rest is only counted.
const NAMED_MAX: usize = 20;

/// An alias as a row: `sku`, `source_sku` and, where it is not one, `pack_factor`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AliasRow {
    /// What we call the article.
    pub sku: Sku,
    /// What the source calls it.
    pub source_sku: Sku,
    /// How many of theirs one of ours is.
    pub pack_factor: Option<Pack>,
}

/// A component of a kit as a row: `kit`, `sku` and `quantity`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ComponentRow {
    /// The kit.
    pub kit: Sku,
    /// What goes into it.
    pub sku: Sku,
    /// How many.
    pub quantity: Quantity,
}

/// Lines of a table that cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub struct WrongLines(Vec<String>);

/// All rows of a table with these columns in its first line, separated by commas, semicolons or tabs.
///
/// # Errors
/// Every line that is wrong, and why.
pub fn read<Row: DeserializeOwned>(table: &[u8]) -> Result<Vec<Row>, WrongLines> {
    let mut builder = ReaderBuilder::new();
    let mut reader = builder
        .delimiter(delimiter(table))
        .trim(csv::Trim::All)
        .from_reader(table);
    let (mut rows, mut wrong) = (Vec::new(), Vec::new());
    for row in reader.deserialize() {
        match row {
            Ok(row) => rows.push(row),
            Err(error) => wrong.push(error.to_string()),
        }
    }
    match wrong.is_empty() {
        true => Ok(rows),
        false => Err(WrongLines(wrong)),
    }
}

/// The kits that these rows are the components of.
///
/// # Errors
/// The first kit that cannot be, and why.
pub fn kits(rows: Vec<ComponentRow>) -> Result<Vec<Kit>, (Sku, InvalidKit)> {
    let mut kits: BTreeMap<Sku, Vec<KitComponent>> = BTreeMap::new();
    for row in rows {
        let (sku, quantity) = (row.sku, row.quantity);
        let components = kits.entry(row.kit).or_default();
        components.push(KitComponent { sku, quantity });
    }
    let kit = |(sku, components): (Sku, Vec<KitComponent>)| {
        Kit::new(sku.clone(), components).map_err(|invalid| (sku, invalid))
    };
    kits.into_iter().map(kit).collect()
}

fn delimiter(table: &[u8]) -> u8 {
    let head = table
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    let found = [b',', b';', b'\t'];
    let found = found.into_iter().find(|mark| head.contains(mark));
    found.unwrap_or(b',')
}

// === impl AliasRow ===

impl AliasRow {
    /// The alias at this source.
    #[must_use]
    pub fn at(self, source: SourceId) -> SkuAlias {
        SkuAlias {
            source_id: source,
            sku: self.sku,
            source_sku: self.source_sku,
            pack: self.pack_factor.unwrap_or_default(),
        }
    }
}

// === impl WrongLines ===

impl fmt::Display for WrongLines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nothing is imported; these lines are wrong:")?;
        for line in self.0.iter().take(NAMED_MAX) {
            write!(f, "\n  {line}")?;
        }
        match self.0.len().saturating_sub(NAMED_MAX) {
            0 => Ok(()),
            more => write!(f, "\n  and {more} more"),
        }
    }
}

impl std::error::Error for WrongLines {}
