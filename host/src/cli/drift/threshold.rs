//! `bestand drift threshold`: from when on drift is high.

use std::str::FromStr;

use bestand_plugin_api::Quantity;
use clap::Args;
use serde::Serialize;

use crate::cli::context::{AccountArgument, Context};
use crate::cli::exit::{BadArguments, Exit};
use crate::cli::output::{Column, OutputArguments, or_dash};
use crate::id::AccountId;
use crate::source::InventorySource;
use crate::stock::drift::DriftThreshold;
use crate::store::{self, Db};

/// Say from when on drift is high, or set it: from then on it is told as `drift.high`
#[derive(Debug, Args)]
pub(super) struct Threshold {
    /// A source, or a connection for all of its sources, by its id or name
    #[arg(value_name = "CONNECTION_OR_SOURCE")]
    called: String,
    /// A share of the levels such as 2.5%, a number of levels such as 500, both, or `none`; without it nothing is changed
    #[arg(value_name = "VALUE", num_args = 0..=2)]
    limits: Vec<Limit>,
    #[command(flatten)]
    account: AccountArgument,
    #[command(flatten)]
    output: OutputArguments,
}

/// A limit as it is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Limit {
    Percent(Quantity),
    Levels(u64),
    None,
}

/// A threshold as it is printed.
#[derive(Debug, Serialize)]
struct Row {
    source_id: String,
    source: String,
    percent: Option<Quantity>,
    differing: Option<u64>,
}

const COLUMNS: &[Column<Row>] = &[
    ("SOURCE", |row| row.source.clone()),
    ("PERCENT", |row| or_dash(row.percent.as_ref())),
    ("LEVELS", |row| or_dash(row.differing.as_ref())),
];

// === impl Threshold ===

impl Threshold {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let threshold = threshold(&self.limits).map_err(BadArguments)?;
        let db = context.store().await?;
        let account = self.account.find(&db, &context.clock).await?.id;
        let mut rows = Vec::new();
        for source in sources(&db, account, &self.called).await? {
            if let Some(threshold) = threshold {
                store::drift::put_threshold(&db, account, source.id, &threshold).await?;
            }
            let set = store::drift::find_threshold(db.read(), account, source.id).await?;
            rows.push(Row {
                source_id: source.id.to_string(),
                source: source.name,
                percent: set.percent,
                differing: set.differing,
            });
        }
        self.output.list(&rows, COLUMNS)?;
        Ok(Exit::Done)
    }
}

/// The sources that are called so, or those of the connection that is.
async fn sources(
    db: &Db,
    account: AccountId,
    called: &str,
) -> anyhow::Result<Vec<InventorySource>> {
    let mut all = store::source::list(db, account).await?;
    let connections = store::connection::list(db, account).await?;
    let connection = connections
        .iter()
        .find(|one| one.name == called || one.id.to_string() == called);
    let is_source =
        |source: &InventorySource| source.name == called || source.id.to_string() == called;
    match (connection, all.iter().any(is_source)) {
        (Some(connection), false) => all.retain(|source| source.connection_id == connection.id),
        (None, true) => all.retain(is_source),
        (Some(_), true) => {
            let why =
                format!("a connection and a source are called `{called}`; name one by its id");
            return Err(BadArguments(why).into());
        }
        (None, false) => {
            let why = format!("there is no connection and no source `{called}`");
            return Err(BadArguments(why).into());
        }
    }
    Ok(all)
}

/// Nothing where nothing is to be changed.
fn threshold(limits: &[Limit]) -> Result<Option<DriftThreshold>, String> {
    let threshold = match limits {
        [] => return Ok(None),
        [Limit::None] => DriftThreshold::default(),
        [Limit::Percent(percent)] => DriftThreshold {
            percent: Some(*percent),
            differing: None,
        },
        [Limit::Levels(levels)] => DriftThreshold {
            percent: None,
            differing: Some(*levels),
        },
        [Limit::Percent(percent), Limit::Levels(levels)]
        | [Limit::Levels(levels), Limit::Percent(percent)] => DriftThreshold {
            percent: Some(*percent),
            differing: Some(*levels),
        },
        _ => return Err("a threshold is one share, one number of levels, both, or `none`".into()),
    };
    match threshold.wrong_limit() {
        Some("percent") => Err("a share is above 0% and at most 100%".into()),
        Some(_) => Err("a number of levels is 1 or more".into()),
        None => Ok(Some(threshold)),
    }
}

impl FromStr for Limit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong =
            || "a limit is a share such as 2.5%, a number such as 500, or `none`".to_owned();
        match (text, text.strip_suffix('%')) {
            ("none", _) => Ok(Self::None),
            (_, Some(percent)) => percent.parse().map(Self::Percent).map_err(|_| wrong()),
            (number, None) => number.parse().map(Self::Levels).map_err(|_| wrong()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read_in_either_order_and_each_once() {
        let read = |words: &str| {
            let limits: Vec<Limit> = words.split(' ').map(|word| word.parse().unwrap()).collect();
            let threshold = threshold(&limits)?.unwrap();
            let percent = threshold.percent.map(|percent| percent.to_string());
            Ok::<_, String>((percent, threshold.differing))
        };
        let both = Ok((Some("2.5".to_owned()), Some(500)));
        assert_eq!(read("2.5% 500"), both);
        assert_eq!(read("500 2.5%"), both);
        assert_eq!(read("none"), Ok((None, None)));
        assert_eq!(read("7"), Ok((None, Some(7))));
        for wrong in ["0%", "101%", "0", "1 2", "none 3", "1% 2%"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
        assert!("many".parse::<Limit>().is_err());
        assert_eq!(threshold(&[]), Ok(None));
    }
}
