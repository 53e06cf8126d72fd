//! The operations of a source, newest first.

use std::fmt;
use std::str::FromStr;

use bestand_plugin_api::{Sku, Timestamp};
use sea_orm::Value;

use super::{Row, SELECT};
use crate::id::{AccountId, SourceId};
use crate::operation::{Operation, OperationState};
use crate::store::{Db, Error, sql};

/// Which operations are wanted. What is empty lets everything through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OperationFilter {
    /// At this source.
    pub source: Option<SourceId>,
    /// Of this article.
    pub sku: Option<Sku>,
    /// Of which this became.
    pub state: Option<OperationState>,
}

/// The place of an operation in a list, to go on behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperationPlace {
    /// When it was written down.
    pub made_at: Timestamp,
    /// Its id.
    pub id: String,
}

/// A text that is no place in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no place in a list of operations")]
pub struct InvalidPlace;

/// Those that `filter` wants, newest first, from behind `after` on.
///
/// # Errors
/// When the database is out of reach.
pub async fn list(
    db: &Db,
    account: AccountId,
    filter: &OperationFilter,
    after: Option<&OperationPlace>,
    limit: u32,
) -> Result<Vec<Operation>, Error> {
    let (wanted, mut values) = filter.conditions(account, after);
    values.push(i64::from(limit).into());
    let select = format!(
        "{SELECT} where account_id = $1{wanted} order by made_at desc, id desc limit ${}",
        values.len()
    );
    let rows: Vec<Row> = sql::list(db.read(), &select, values).await?;
    rows.into_iter().map(Operation::try_from).collect()
}

// === impl OperationFilter ===

impl OperationFilter {
    fn conditions(
        &self,
        account: AccountId,
        after: Option<&OperationPlace>,
    ) -> (String, Vec<Value>) {
        let single: [(&str, Option<Value>); 3] = [
            ("source_id", self.source.map(|id| id.0.into())),
            ("sku", self.sku.as_ref().map(|sku| sku.as_str().into())),
            ("state", self.state.map(|state| state.as_str().into())),
        ];
        let (mut wanted, mut values) = (String::new(), vec![account.0.into()]);
        for (column, value) in single {
            if let Some(value) = value {
                values.push(value);
                wanted += &format!(" and {column} = ${}", values.len());
            }
        }
        if let Some(place) = after {
            let first = values.len() + 1;
            wanted += &format!(" and (made_at, id) < ({})", sql::placeholders(first, 2));
            values.extend([place.made_at.millis().into(), place.id.as_str().into()]);
        }
        (wanted, values)
    }
}

// === impl OperationPlace ===

impl OperationPlace {
    /// That of an operation.
    #[must_use]
    pub fn of(operation: &Operation) -> Self {
        Self {
            made_at: operation.made_at,
            id: operation.sent.op_id.clone(),
        }
    }
}

impl fmt::Display for OperationPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.made_at.millis(), self.id)
    }
}

impl FromStr for OperationPlace {
    type Err = InvalidPlace;

    fn from_str(text: &str) -> Result<Self, InvalidPlace> {
        let (millis, id) = text.split_once(' ').ok_or(InvalidPlace)?;
        let millis = millis.parse().map_err(|_| InvalidPlace)?;
        Ok(Self {
            made_at: Timestamp::from_millis(millis),
            id: id.into(),
        })
    }
}
