//! SKUs over several sources, by how they begin: no index of their own, which every stored level would pay for. The
//! levels of a source lie in the order of their SKUs, so the first of each source are read and merged.

use std::collections::BTreeSet;

use bestand_plugin_api::Sku;
use sea_orm::{FromQueryResult, Value};

use super::super::{Db, Error, sql};
use super::read_sku;
use crate::id::{AccountId, SourceId};
use crate::search::end_of_prefix;

/// Ranges read in one statement: SQLite takes five hundred, and few accounts have more than these.
const RANGES_PER_STATEMENT: usize = 100;

#[derive(FromQueryResult)]
struct Row {
    sku: String,
}

/// A range of SKUs at a source.
struct Range<'a> {
    source: SourceId,
    prefix: &'a str,
}

/// The SKUs that begin with one of `prefixes` and that any of `sources` has a level of, in their order, after `after`,
/// at most `limit`. All begin with an empty prefix.
///
/// # Errors
/// When the database is out of reach.
pub async fn skus(
    db: &Db,
    account: AccountId,
    sources: &[SourceId],
    prefixes: &[String],
    after: Option<&Sku>,
    limit: u32,
) -> Result<Vec<Sku>, Error> {
    let of_source = |source: &SourceId| {
        let source = *source;
        prefixes.iter().map(move |prefix| Range { source, prefix })
    };
    let ranges: Vec<Range<'_>> = sources.iter().flat_map(of_source).collect();
    let mut found = BTreeSet::new();
    // Without any source there is nothing to ask.
    for ranges in ranges.chunks(RANGES_PER_STATEMENT) {
        let (select, values) = select(account, ranges, after, limit);
        let rows: Vec<Row> = sql::list(db.read(), &select, values).await?;
        found.extend(rows.into_iter().map(|row| row.sku));
    }
    let first = found.iter().take(limit as usize);
    first.map(|sku| read_sku(sku)).collect()
}

fn select(
    account: AccountId,
    ranges: &[Range<'_>],
    after: Option<&Sku>,
    limit: u32,
) -> (String, Vec<Value>) {
    let mut values: Vec<Value> = vec![account.0.into(), i64::from(limit).into()];
    let mut placeholder = |value: Value| {
        values.push(value);
        format!("${}", values.len())
    };
    let part = |(number, range): (usize, &Range<'_>)| {
        let source = placeholder(range.source.0.into());
        // One bound only: with two, SQLite begins at the first and looks at all up to the second.
        let begin = match after
            .map(Sku::as_str)
            .filter(|after| *after >= range.prefix)
        {
            Some(after) => format!("sku > {}", placeholder(after.into())),
            None => format!("sku >= {}", placeholder(range.prefix.into())),
        };
        let end = match range.prefix {
            "" => String::new(),
            prefix => format!(" and sku < {}", placeholder(end_of_prefix(prefix).into())),
        };
        format!(
            "select sku from (select sku from stock_levels where account_id = $1 and source_id = {source} \
             and {begin}{end} order by sku limit $2) part_{number}"
        )
    };
    let parts: Vec<String> = ranges.iter().enumerate().map(part).collect();
    let select = format!("{} order by sku limit $2", parts.join(" union "));
    (select, values)
}
