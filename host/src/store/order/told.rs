//! The answer on an order that programs were told last.

use std::collections::HashMap;

use sea_orm::{FromQueryResult, Value};

use super::super::{Db, Error, Tx, sql};
use crate::id::AccountId;
use crate::order::{Order, OrderNumber};
use crate::verdict::Verdict;

#[derive(FromQueryResult)]
struct Row {
    number: String,
    told_verdict: String,
}

/// What was told of these orders; one of which nothing was told yet is left out. At most as many as a page has.
pub(crate) async fn told(
    db: &Db,
    account: AccountId,
    orders: &[Order],
) -> Result<HashMap<String, Verdict>, Error> {
    if orders.is_empty() {
        return Ok(HashMap::new());
    }
    let select = format!(
        "select number, told_verdict from orders where account_id = $1 and told_verdict is not null and number in ({})",
        sql::placeholders(2, orders.len())
    );
    let numbers = orders.iter().map(|order| order.number.as_str().into());
    let values = std::iter::once(account.0.into()).chain(numbers);
    let rows: Vec<Row> = sql::list(db.read(), &select, values).await?;
    let read = rows.into_iter().map(|row| {
        let verdict = Verdict::find(&row.told_verdict);
        let verdict = verdict.ok_or_else(|| Error::corrupt("order", row.told_verdict))?;
        Ok((row.number, verdict))
    });
    read.collect()
}

/// Notes that `verdict` is told of an order; `false` when another daemon has told something else of it meanwhile.
pub(crate) async fn tell(
    tx: &Tx,
    account: AccountId,
    number: &OrderNumber,
    before: Option<Verdict>,
    verdict: Verdict,
) -> Result<bool, Error> {
    let update = "update orders set told_verdict = $3 where account_id = $1 and number = $2 \
        and coalesce(told_verdict, '') = $4";
    let before = before.map_or("", Verdict::as_str);
    let values: [Value; 4] = [
        account.0.into(),
        number.as_str().into(),
        verdict.as_str().into(),
        before.into(),
    ];
    Ok(sql::execute(tx, update, values).await? > 0)
}
