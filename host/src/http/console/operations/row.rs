//! A change of stock as a line of a table.

use crate::http::console::address;
use crate::http::console::moment::When;
use crate::http::console::tone::Tone;
use crate::http::console::visitor::Visitor;
use crate::operation::{Operation, OperationState};

/// A change of stock.
pub(super) struct Row {
    pub(super) at: When,
    pub(super) sku: String,
    pub(super) change: String,
    pub(super) quantity: String,
    pub(super) actor: String,
    /// Reason and note, as somebody wrote them.
    pub(super) why: String,
    pub(super) state: Tone,
    /// Why it was refused or is unknown, in the words of its system.
    pub(super) state_reason: String,
    /// Where it is settled; nothing unless it is unknown.
    pub(super) settle: Option<String>,
}

// === impl Row ===

impl Row {
    pub(super) fn of(operation: &Operation, visitor: &Visitor) -> Self {
        let (change, quantity) = operation.change();
        let sent = &operation.sent;
        let why = [&sent.reason, &sent.note].into_iter().flatten();
        let is_unknown = operation.state == OperationState::Unknown;
        Self {
            at: visitor.when(operation.made_at),
            sku: sent.sku.to_string(),
            change: visitor.text().say(&format!("operation-change-{change}")),
            quantity: visitor.quantity_or_unknown(quantity),
            actor: operation.actor.clone(),
            why: why.cloned().collect::<Vec<_>>().join(" · "),
            state: tone(operation.state, visitor),
            state_reason: operation.reason.clone().unwrap_or_default(),
            settle: is_unknown.then(|| {
                let id = address::segment(&sent.op_id);
                format!("/operations/{id}/settle")
            }),
        }
    }
}

fn tone(state: OperationState, visitor: &Visitor) -> Tone {
    let (class, icon) = match state {
        OperationState::Pending => ("", "busy"),
        OperationState::Applied => ("good", "good"),
        OperationState::Accepted => ("", "clock"),
        OperationState::Rejected => ("bad", "bad"),
        OperationState::Unknown => ("doubt", "doubt"),
    };
    Tone::new(
        visitor.text().say(&format!("operation-{state}")),
        class,
        icon,
    )
}
