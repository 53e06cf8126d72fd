//! What a location's policy makes of a verdict: nothing, a warning, or a block.

use serde::{Deserialize, Serialize};

use super::Verdict;
use crate::ship_from::Policy;

/// What follows for whoever wants to ship the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Consequence {
    /// Nothing keeps it from shipping.
    None,
    /// It may ship; staff are warned.
    Warn,
    /// It must not ship.
    Block,
}

// === impl Consequence ===

impl Consequence {
    /// Zero, too few and unknown follow the policy; what is there ships under any.
    #[must_use]
    pub const fn of(verdict: Verdict, policy: Policy) -> Self {
        match (verdict, policy) {
            (Verdict::CanShip, _) | (_, Policy::Allow) => Self::None,
            (Verdict::Short | Verdict::Unknown, Policy::Warn) => Self::Warn,
            (Verdict::Short | Verdict::Unknown, Policy::Block) => Self::Block,
        }
    }

    /// The word used in the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Warn => "warn",
            Self::Block => "block",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_9_zero_or_unknown_stock_follows_the_locations_policy() {
        use Consequence::{Block, None, Warn};
        let check = |verdict, expected: [Consequence; 3]| {
            let found = [Policy::Allow, Policy::Warn, Policy::Block]
                .map(|policy| Consequence::of(verdict, policy));
            assert_eq!(found, expected, "{verdict}");
        };
        check(Verdict::CanShip, [None, None, None]);
        check(Verdict::Short, [None, Warn, Block]);
        check(Verdict::Unknown, [None, Warn, Block]);
    }
}
