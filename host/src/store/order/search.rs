//! Finding orders by what somebody types: the beginning of an order number in whatever letters, or a SKU on a line.
//!
//! No index has the orders that match in the order of a list. When they are few, they are found through the indexes on
//! number and SKU and then put in order; when they are many, the list is walked instead, and soon has a page of them.

use sea_orm::{FromQueryResult, Value};

use super::super::{Db, Error, sql};
use crate::id::AccountId;
use crate::search::{SearchText, end_of_prefix};

/// Matches that are put in order, which takes some ten milliseconds. With more than that, one in ten of a hundred
/// thousand orders matches, and whoever walks the list comes upon a page of them sooner.
const FEW_MAX: i64 = 10_000;

/// How the orders that match are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Matches {
    /// Through the indexes.
    Few,
    /// By looking at each order of the list.
    Many,
}

#[derive(FromQueryResult)]
struct Count {
    orders: i64,
}

/// Whether few orders match or many.
pub(super) async fn matches(
    db: &Db,
    account: AccountId,
    text: &SearchText,
) -> Result<Matches, Error> {
    let select = "select count(*) as orders from (\
        select number from (select number from orders where account_id = $1 \
        and lower(number) >= $2 and lower(number) < $3 limit $5) by_number \
        union select order_number from (select distinct order_number from order_lines where account_id = $1 \
        and sku = $4 limit $5) by_sku) found";
    let lower = text.lower();
    let values: [Value; 5] = [
        account.0.into(),
        lower.as_str().into(),
        end_of_prefix(&lower).into(),
        text.as_str().into(),
        (FEW_MAX + 1).into(),
    ];
    let found: Option<Count> = sql::find(db.read(), select, values).await?;
    Ok(match found.is_some_and(|found| found.orders > FEW_MAX) {
        true => Matches::Many,
        false => Matches::Few,
    })
}

// === impl Matches ===

impl Matches {
    /// The condition that an order matches.
    pub(super) fn condition(
        self,
        text: &SearchText,
        mut placeholder: impl FnMut(Value) -> String,
    ) -> String {
        let lower = text.lower();
        let with_sku = format!(
            "select order_number from order_lines where account_id = $1 and sku = {}",
            placeholder(text.as_str().into())
        );
        match self {
            Self::Few => format!(
                " and number in (select number from orders where account_id = $1 \
                 and lower(number) >= {} and lower(number) < {} union {with_sku})",
                placeholder(lower.as_str().into()),
                placeholder(end_of_prefix(&lower).into()),
            ),
            // Written so that no index fits it, as one would only bring the orders out of their sequence.
            Self::Many => format!(
                " and (substr(lower(number), 1, {}) = {} or number in ({with_sku}))",
                placeholder(
                    i32::try_from(lower.chars().count())
                        .unwrap_or(i32::MAX)
                        .into()
                ),
                placeholder(lower.into()),
            ),
        }
    }

    /// What the orders are put in order by. SQLite knows nothing of how many match and would walk the list for each of
    /// them; it does not where no index has what is asked for.
    pub(super) const fn sort_key(self) -> &'static str {
        match self {
            Self::Few => "sort_at + 0",
            Self::Many => "sort_at",
        }
    }
}
