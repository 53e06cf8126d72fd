//! Words that say how something is, with the colour and the sign that go with them.

use super::text::Text;
use crate::connection::state::ConnectionState;
use crate::order::OrderStatus;
use crate::verdict::Verdict;
use crate::verdict::consequence::Consequence;
use crate::verdict::line::LineStatus;

/// A word with its colour and sign; neither is needed to understand it.
#[derive(Clone, Debug)]
pub(super) struct Tone {
    pub(super) word: String,
    pub(super) class: &'static str,
    pub(super) icon: &'static str,
}

// === impl Tone ===

impl Tone {
    pub(super) fn new(word: String, class: &'static str, icon: &'static str) -> Self {
        Self { word, class, icon }
    }

    pub(super) fn verdict(verdict: Verdict, text: Text) -> Self {
        let (class, icon) = match verdict {
            Verdict::CanShip => ("good", "good"),
            Verdict::Short => ("bad", "bad"),
            Verdict::Unknown => ("doubt", "doubt"),
        };
        Self::new(
            text.say(&format!("verdict-{}", verdict.as_str())),
            class,
            icon,
        )
    }

    pub(super) fn line(status: LineStatus, text: Text) -> Self {
        let Self { class, icon, .. } = Self::verdict(status.verdict(), text);
        Self::new(text.say(&format!("line-{}", status.as_str())), class, icon)
    }

    /// Nothing where nothing keeps the order from shipping.
    pub(super) fn consequence(consequence: Consequence, text: Text) -> Option<Self> {
        match consequence {
            Consequence::None => None,
            Consequence::Warn => Some(Self::new(text.say("consequence-warn"), "doubt", "warn")),
            Consequence::Block => Some(Self::new(text.say("consequence-block"), "bad", "warn")),
        }
    }

    pub(super) fn order(status: OrderStatus, text: Text) -> Self {
        let icon = match status {
            OrderStatus::AwaitingShipment => "clock",
            OrderStatus::OnHold => "pause",
            OrderStatus::Shipped => "good",
            OrderStatus::Cancelled => "close",
        };
        Self::new(text.say(&format!("order-{}", status.as_str())), "", icon)
    }

    pub(super) fn connection(state: &ConnectionState, text: Text) -> Self {
        let (class, icon) = match state {
            ConnectionState::Ready => ("good", "good"),
            ConnectionState::Connecting | ConnectionState::Syncing { .. } => ("", "busy"),
            ConnectionState::Degraded { .. } => ("doubt", "warn"),
            ConnectionState::NeedsAttention { .. } => ("bad", "warn"),
            ConnectionState::Paused => ("", "pause"),
        };
        Self::new(
            text.say(&format!("connection-{}", state.word())),
            class,
            icon,
        )
    }
}
