//! Orders that are stored, each with what was sent of it and its number.

use serde_json::{Map, Value};

use super::super::super::text_or_number::as_whole;
use super::super::moment;
use super::fields::{part, text};
use super::status::Word;
use super::tidy::tidy;
use crate::daemon::Parts;
use crate::http::problem::{Kind as ProblemKind, Problem};
use crate::id::AccountId;
use crate::order::book::OrderBook;
use crate::order::{Order, OrderDraft, OrderNumber, OrderStatus};
use crate::store;
use crate::store::shipstation::number::{self, Kind};
use crate::store::shipstation::order::{self, Sent};

/// Longest text kept to search customers by, in characters: names and addresses of two people.
const CUSTOMER_CHARS_MAX: usize = 1_000;
/// Most bytes of JSON kept of an order: a thousand lines with all that tools say of one.
pub(super) const DOCUMENT_BYTES_MAX: usize = 512 << 10;

type Object = Map<String, Value>;

/// An order, what was sent of it, and its number.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) order: Order,
    pub(super) sent: Sent,
    pub(super) document: Object,
    pub(super) number: i64,
}

/// These orders.
pub(super) async fn all(
    parts: &Parts,
    account: AccountId,
    orders: Vec<Order>,
) -> Result<Vec<Known>, Problem> {
    let names: Vec<&str> = orders.iter().map(|order| order.number.as_str()).collect();
    let mut sent = order::of_orders(&parts.db, account, &names).await?;
    let things: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    let now = parts.clock.now();
    let numbers = number::of_all(&parts.db, account, Kind::Order, &things, now).await?;
    let known = orders.into_iter().zip(numbers).map(|(order, numbered)| {
        let sent = sent.remove(order.number.as_str());
        Known::of(order, sent, numbered.number)
    });
    Ok(known.collect())
}

/// The order that has this number.
pub(super) async fn find(parts: &Parts, account: AccountId, id: i64) -> Result<Known, Problem> {
    let no_such = || Problem::new(ProblemKind::NotFound, format!("there is no order {id}"));
    let numbered = number::find(&parts.db, account, Kind::Order, id).await?;
    let named = numbered.and_then(|numbered| OrderNumber::new(&numbered.thing).ok());
    by_name(parts, account, &named.ok_or_else(no_such)?)
        .await?
        .ok_or_else(no_such)
}

/// The order that is called so.
pub(super) async fn by_name(
    parts: &Parts,
    account: AccountId,
    name: &OrderNumber,
) -> Result<Option<Known>, Problem> {
    let order = store::order::find(&parts.db, account, name).await?;
    Ok(all(parts, account, order.into_iter().collect())
        .await?
        .pop())
}

/// Stores an order and what was sent of it, and answers both.
pub(super) async fn keep(
    parts: &Parts,
    account: AccountId,
    draft: OrderDraft,
    expected: Option<i64>,
    sent: Sent,
) -> Result<Known, Problem> {
    if sent.document.len() > DOCUMENT_BYTES_MAX {
        let detail = format!("an order may have {DOCUMENT_BYTES_MAX} bytes of JSON");
        return Err(Problem::new(ProblemKind::TooLarge, detail));
    }
    let sent = Sent {
        // Nothing but an order on hold goes on by itself.
        hold_until: sent
            .hold_until
            .filter(|_| sent.stands_for == OrderStatus::OnHold),
        ..sent
    };
    let book = OrderBook::open(parts.db.clone(), parts.clock.clone());
    let (order, _) = book.put(account, draft, expected).await?;
    order::keep(&parts.db, account, &sent).await?;
    let (name, now) = (order.number.as_str(), parts.clock.now());
    let numbered = number::of(&parts.db, account, Kind::Order, name, now).await?;
    Ok(Known::of(order, Some(sent), numbered.number))
}

// === impl Known ===

impl Known {
    fn of(order: Order, sent: Option<Sent>, number: i64) -> Self {
        let sent = sent.unwrap_or_else(|| unsent(&order));
        Self {
            document: serde_json::from_str(&sent.document).unwrap_or_default(),
            order,
            sent,
            number,
        }
    }

    /// How far it is: in the sender's word, as long as that is still true.
    pub(super) fn status(&self) -> &str {
        match self.sent.stands_for == self.order.status {
            true => &self.sent.status,
            false => Word::of(self.order.status).text,
        }
    }

    /// Moves it on to `status`, when nobody else has changed it since it was read; `change` is done to what was sent.
    pub(super) async fn become_now(
        self,
        parts: &Parts,
        status: Word,
        change: impl FnOnce(&mut Object),
    ) -> Result<Self, Problem> {
        let Self {
            order,
            sent,
            mut document,
            ..
        } = self;
        change(&mut document);
        let draft = OrderDraft {
            status: Some(status.ours),
            ..OrderDraft::new(order.number.clone(), order.lines)
        };
        let sent = Sent {
            status: status.text.to_owned(),
            stands_for: status.ours,
            ..of_document(sent, tidy(document)?)?
        };
        keep(parts, order.account_id, draft, Some(order.version), sent).await
    }
}

/// What would have been sent of an order that came in another way.
fn unsent(order: &Order) -> Sent {
    let status = Word::of(order.status);
    Sent {
        number: order.number.clone(),
        key: order.number.to_string(),
        status: status.text.to_owned(),
        stands_for: status.ours,
        store_id: None,
        customer: String::new(),
        created_at: order.sort_at,
        paid_at: None,
        hold_until: None,
        document: "{}".to_owned(),
    }
}

/// The same with what this document says.
pub(super) fn of_document(sent: Sent, document: Object) -> Result<Sent, Problem> {
    let moment_in = |field| text(&document, field).and_then(moment::read);
    let options = part(&document, "advancedOptions");
    let store_id = options
        .and_then(|options| options.get("storeId"))
        .and_then(as_whole);
    Ok(Sent {
        store_id,
        customer: customer(&document),
        paid_at: moment_in("paymentDate"),
        hold_until: moment_in("holdUntilDate"),
        document: serde_json::to_string(&document).map_err(|error| Problem::internal(&error))?,
        ..sent
    })
}

fn customer(document: &Object) -> String {
    const OF_ORDER: [&str; 2] = ["customerUsername", "customerEmail"];
    const OF_ADDRESS: [&str; 4] = ["name", "company", "street1", "city"];
    let of_order = OF_ORDER.iter().filter_map(|field| text(document, field));
    let addresses = ["billTo", "shipTo"]
        .into_iter()
        .filter_map(|field| part(document, field));
    let of_addresses =
        addresses.flat_map(|address| OF_ADDRESS.iter().filter_map(|field| text(address, field)));
    let said: Vec<&str> = of_order.chain(of_addresses).collect();
    said.join(" ")
        .to_lowercase()
        .chars()
        .take(CUSTOMER_CHARS_MAX)
        .collect()
}
