//! What is promised to an order: shown with its lock, and changed by hand.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::looked_at::path;
use crate::allocation::{Refusal, Standing};
use crate::daemon::Parts;
use crate::http::console::form::Form;
use crate::http::console::text::Text;
use crate::http::console::tone::Tone;
use crate::http::console::visitor::Visitor;
use crate::http::path::Named;
use crate::http::problem::{Kind, Problem};
use crate::order::{Order, OrderNumber, OrderStatus};

/// What is promised to an order, and what can be done about it.
pub(super) struct ShownAllocation {
    pub(super) standing: Tone,
    /// Whether it is worth showing in a list.
    pub(super) is_notable: bool,
    pub(super) overridden_by: String,
    pub(super) can_allocate: bool,
    pub(super) can_release: bool,
    pub(super) can_override: bool,
    pub(super) is_overridden: bool,
}

/// What an operator wants.
#[derive(Debug, Deserialize)]
pub(in crate::http::console) struct Wish {
    action: Action,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Action {
    Allocate,
    Release,
}

/// What an admin decides.
#[derive(Debug, Deserialize)]
pub(in crate::http::console) struct Decision {
    /// Sent when the order shall ship without.
    overrides: Option<String>,
}

/// Promises an order its goods, or takes that back.
pub(in crate::http::console) async fn change(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(number): Named<OrderNumber>,
    Form(wish): Form<Wish>,
) -> Result<Response, Problem> {
    let (account, who) = (visitor.account(), visitor.name());
    let changed = match wish.action {
        Action::Allocate => parts.allocator.allocate(account, who, &number).await,
        Action::Release => parts.allocator.release(account, who, &number).await,
    };
    answer(changed, &number, &visitor)
}

/// Lets an order ship without its goods being promised, or takes that back.
pub(in crate::http::console) async fn decide(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(number): Named<OrderNumber>,
    Form(decision): Form<Decision>,
) -> Result<Response, Problem> {
    let who = decision.overrides.map(|_| visitor.name());
    let decided = parts.allocator.override_by(visitor.account(), &number, who);
    answer(decided.await, &number, &visitor)
}

fn answer(
    changed: Result<(), Refusal>,
    number: &OrderNumber,
    visitor: &Visitor,
) -> Result<Response, Problem> {
    match changed {
        Ok(()) => Ok(Redirect::to(&path(number.as_str())).into_response()),
        Err(refusal) => Err(problem(refusal, visitor.text())),
    }
}

fn problem(refusal: Refusal, text: Text) -> Problem {
    let sentence = match refusal {
        Refusal::Store(error) => return error.into(),
        Refusal::Adapter(error) => return error.into(),
        Refusal::Status(_) => text.say("allocation-not-waiting"),
        Refusal::Overridden(who) => text.name("allocation-overridden-by", &who),
        Refusal::Unreadable => text.say("allocation-unreadable"),
        Refusal::NoGoods => text.say("allocation-no-goods"),
        Refusal::NoSource => text.say("allocation-no-source"),
        Refusal::NotOwn { source_name } => text.name("allocation-not-own", &source_name),
        Refusal::Short { sku, .. } => text.name("allocation-short", sku.as_str()),
        Refusal::UnderWay => text.say("allocation-wait"),
        Refusal::Shipped => text.say("allocation-shipped"),
        Refusal::Automatic => text.say("allocation-automatic"),
    };
    Problem::for_visitor(Kind::Conflict, sentence)
}

// === impl ShownAllocation ===

impl ShownAllocation {
    pub(super) fn of(order: &Order, visitor: &Visitor) -> Self {
        let standing = Standing::of(order);
        let waits = order.status == OrderStatus::AwaitingShipment;
        let is_open = waits || order.status == OrderStatus::OnHold;
        Self {
            standing: tone(standing, visitor.text()),
            is_notable: standing != Standing::Unallocated,
            overridden_by: order.overridden_by.clone().unwrap_or_default(),
            can_allocate: waits && standing == Standing::Unallocated,
            can_release: standing == Standing::Allocated,
            can_override: is_open && standing != Standing::Overridden,
            is_overridden: is_open && standing == Standing::Overridden,
        }
    }
}

fn tone(standing: Standing, text: Text) -> Tone {
    let (class, icon) = match standing {
        Standing::Unallocated => ("", "clock"),
        Standing::UnderWay => ("", "busy"),
        Standing::Allocated => ("good", "lock"),
        Standing::Deducted => ("", "good"),
        Standing::Overridden => ("doubt", "warn"),
    };
    let id = format!("allocation-{}", standing.as_str());
    Tone::new(text.say(&id), class, icon)
}
