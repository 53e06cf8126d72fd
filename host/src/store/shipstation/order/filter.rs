//! Lists of orders by what tools filter by: all orders of an account, whichever way they came in.

use bestand_plugin_api::Timestamp;
use sea_orm::{FromQueryResult, Value};

use super::super::super::{Db, Error, sql};
use super::super::pattern;
use super::STORE_OF_NONE;
use crate::id::AccountId;
use crate::order::OrderNumber;

/// Which orders; what is left open shows all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Those whose number begins so, in whatever letters.
    pub number: Option<String>,
    /// Those of this status, in ShipStation's words.
    pub status: Option<String>,
    /// Those of this store.
    pub store_id: Option<i64>,
    /// Those of customers whose name or address holds this, in whatever letters.
    pub customer: Option<String>,
    /// Those with a line whose SKU or name holds this, in whatever letters.
    pub item: Option<String>,
    /// When they were first stored.
    pub created: Span,
    /// When they were changed last.
    pub modified: Span,
    /// When they were placed.
    pub ordered: Span,
    /// When they were paid.
    pub paid: Span,
    /// Which come first.
    pub sort: Sort,
    /// Whether the latest come first.
    pub is_descending: bool,
}

/// A span of time, with both ends; open where nothing is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// From then on.
    pub start: Option<Timestamp>,
    /// Until then.
    pub end: Option<Timestamp>,
}

/// What orders are in the order of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// When they were first stored.
    #[default]
    Created,
    /// When they were placed.
    Ordered,
    /// When they were changed last.
    Modified,
}

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbers {
    /// How many orders there are in all.
    pub total: u64,
    /// The numbers of those asked for.
    pub numbers: Vec<OrderNumber>,
}

#[derive(FromQueryResult)]
struct Row {
    number: String,
}

#[derive(FromQueryResult)]
struct Total {
    orders: i64,
}

/// A query in the making.
struct Query {
    text: String,
    values: Vec<Value>,
}

const CREATED: &str = "coalesce(sent.created_at, orders.sort_at)";
const ORDERED: &str = "orders.sort_at";
const MODIFIED: &str = "orders.updated_at";

/// `limit` orders after the first `offset`, and how many there are.
///
/// # Errors
/// When the database is out of reach.
pub async fn list(
    db: &Db,
    account: AccountId,
    filter: &Filter,
    offset: u64,
    limit: u64,
) -> Result<Numbers, Error> {
    let mut query = Query::of(account, filter);
    let total = format!("select count(*) as orders {}", query.text);
    let total: Option<Total> = sql::find(db.read(), &total, query.values.clone()).await?;
    let (sort, direction) = (filter.sort.column(), filter.direction());
    let limit = query.placeholder(as_value(limit));
    let offset = query.placeholder(as_value(offset));
    let select = format!(
        "select orders.number {} order by {sort} {direction}, orders.number {direction} limit {limit} offset {offset}",
        query.text
    );
    let rows: Vec<Row> = sql::list(db.read(), &select, query.values).await?;
    let numbers = rows.iter().map(|row| Error::read("order", &row.number));
    Ok(Numbers {
        total: total.map_or(0, |total| u64::try_from(total.orders).unwrap_or(0)),
        numbers: numbers.collect::<Result<_, Error>>()?,
    })
}

fn as_value(number: u64) -> Value {
    i64::try_from(number).unwrap_or(i64::MAX).into()
}

// === impl Query ===

impl Query {
    fn of(account: AccountId, filter: &Filter) -> Self {
        let text = "from orders left join shipstation_orders sent \
            on sent.account_id = orders.account_id and sent.order_number = orders.number where orders.account_id = $1";
        let mut query = Self {
            text: text.to_owned(),
            values: vec![account.0.into()],
        };
        query.matching(filter);
        query.within(CREATED, filter.created);
        query.within(MODIFIED, filter.modified);
        query.within(ORDERED, filter.ordered);
        query.within("sent.paid_at", filter.paid);
        query
    }

    fn matching(&mut self, filter: &Filter) {
        if let Some(number) = &filter.number {
            let begins = self.placeholder(pattern("", number).into());
            self.text += &format!(" and lower(orders.number) like {begins} escape '\\'");
        }
        if let Some(status) = &filter.status {
            let status = self.placeholder(status.as_str().into());
            self.text += &format!(
                " and case when sent.stands_for = orders.status then sent.status else orders.status end = {status}"
            );
        }
        if let Some(store) = filter.store_id {
            let store = self.placeholder(store.into());
            self.text += &format!(" and coalesce(sent.store_id, {STORE_OF_NONE}) = {store}");
        }
        if let Some(customer) = &filter.customer {
            let holds = self.placeholder(pattern("%", customer).into());
            self.text += &format!(" and sent.customer like {holds} escape '\\'");
        }
        if let Some(item) = &filter.item {
            let (in_sku, in_name) = (
                self.placeholder(pattern("%", item).into()),
                self.placeholder(pattern("%", item).into()),
            );
            self.text += &format!(
                " and exists (select 1 from order_lines line where line.account_id = $1 \
                 and line.order_number = orders.number and (lower(line.sku) like {in_sku} escape '\\' \
                 or lower(line.name) like {in_name} escape '\\'))"
            );
        }
    }

    fn within(&mut self, column: &str, span: Span) {
        if let Some(start) = span.start {
            let start = self.placeholder(start.millis().into());
            self.text += &format!(" and {column} >= {start}");
        }
        if let Some(end) = span.end {
            let end = self.placeholder(end.millis().into());
            self.text += &format!(" and {column} <= {end}");
        }
    }

    fn placeholder(&mut self, value: Value) -> String {
        self.values.push(value);
        format!("${}", self.values.len())
    }
}

// === impl Filter, Sort ===

impl Filter {
    const fn direction(&self) -> &'static str {
        match self.is_descending {
            true => "desc",
            false => "asc",
        }
    }
}

impl Sort {
    const fn column(self) -> &'static str {
        match self {
            Self::Created => CREATED,
            Self::Ordered => ORDERED,
            Self::Modified => MODIFIED,
        }
    }
}
