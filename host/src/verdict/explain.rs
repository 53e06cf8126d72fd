//! The sentences that go with an answer: reason and advice, per line and for the whole order.
//!
//! Made only when somebody reads them; the numbers they speak of are on the answer itself.

use std::fmt::Write;

use bestand_plugin_api::{Quantity, Support};

use super::line::{Cause, LineAnswer, LineStatus};
use super::part::missing;
use super::{Decision, Verdict};

/// How many articles an order's reason names before it only counts the rest.
const ARTICLES_NAMED_MAX: usize = 3;

// === impl LineAnswer ===

impl LineAnswer {
    /// Why this is the answer; nothing for an article that is simply there.
    #[must_use]
    pub fn reason(&self) -> Option<String> {
        match self.decisive() {
            Some(part) if self.is_kit() => {
                let reason = part.line.reason()?;
                Some(format!("component `{}`: {reason}", part.component.sku))
            }
            Some(part) => {
                let reason = part.line.reason()?;
                Some(format!("as `{}`: {reason}", part.component.source_sku))
            }
            None => self.own_reason(),
        }
    }

    fn own_reason(&self) -> Option<String> {
        let mut reason = self.main_reason().unwrap_or_default();
        let is_there = matches!(self.cause, Cause::Enough | Cause::Allocated);
        if self.withheld > Quantity::ZERO && !is_there {
            let _ = write!(reason, ", {} kept back as buffer", self.withheld);
        }
        if self.stale {
            self.add_age(&mut reason);
        }
        Some(reason).filter(|reason| !reason.is_empty())
    }

    /// What to do about it; nothing for an article that is simply there.
    #[must_use]
    pub fn advice(&self) -> Option<String> {
        let advice = match self.cause {
            Cause::NotListed => {
                "check the SKU on the order, and that the article exists under it in the inventory source"
            }
            Cause::NotTracked => {
                "turn on inventory tracking for the article in the inventory source, or look on the shelf"
            }
            Cause::Ambiguous => "give every article its own SKU in the inventory source",
            Cause::Incomplete => {
                "see to the source that is missing, or let the known part do in the connection's settings"
            }
            Cause::NotCounted => "enter a count for the article in the inventory source",
            Cause::NotStocked => {
                "stock the article at this place, or ship the order from a location that has it"
            }
            _ => return self.trouble.as_ref().map(|trouble| trouble.advice()),
        };
        Some(advice.into())
    }

    fn main_reason(&self) -> Option<String> {
        let reason = match self.cause {
            Cause::Enough | Cause::Allocated => return None,
            Cause::TooFew => format!(
                "{} needed, {} available",
                self.needed(),
                self.available.unwrap_or_default()
            ),
            Cause::NoneLeft => format!("{} needed, none available", self.needed()),
            Cause::Oversold => format!(
                "{} needed, none available: the source has promised {} more than it has",
                self.needed(),
                -self.available.unwrap_or_default()
            ),
            Cause::HeldBack => format!("{} needed, none available", self.needed()),
            Cause::NotStocked => "the source has the article, but does not stock it here".into(),
            Cause::NotListed => "the source does not have this SKU".into(),
            Cause::NotTracked => "the source does not track this article".into(),
            Cause::Ambiguous => "several articles of the source carry this SKU".into(),
            Cause::Incomplete => format!("the count is not complete: {}", missing(&self.from)),
            Cause::NotCounted => "the source names the article without a count".into(),
            Cause::NotRetrieved => match &self.trouble {
                Some(trouble) => format!("the count could not be retrieved: {trouble}"),
                None => "the count could not be retrieved".into(),
            },
        };
        Some(reason)
    }

    /// How many are needed, saying so when other lines need the same article.
    fn needed(&self) -> String {
        if self.required == self.requested {
            return self.required.to_string();
        }
        format!("{} over all lines", self.required)
    }

    fn add_age(&self, reason: &mut String) {
        let Some(as_of) = self.as_of else { return };
        let joint = if reason.is_empty() { "" } else { "; " };
        let _ = write!(reason, "{joint}stale: as of {as_of}");
        if let Some(trouble) = &self.trouble {
            let _ = write!(reason, ", and {trouble}");
        }
    }
}

// === impl Decision ===

impl Decision {
    /// Why this is the verdict; nothing when everything is simply there.
    #[must_use]
    pub fn reason(&self) -> Option<String> {
        if self.lines.is_empty() && self.unreadable == 0 {
            return Some("nothing on it has to be in stock".into());
        }
        match self.verdict {
            Verdict::CanShip => self.stale_reason(),
            Verdict::Short => Some(format!("short of {}", self.articles(Verdict::Short))),
            Verdict::Unknown if self.unreadable > 0 => Some(format!(
                "the order is not complete: lines refused on import: {}",
                self.unreadable
            )),
            Verdict::Unknown => Some(self.unknown_reason()),
        }
    }

    /// What to do about it: the advice on the first line that decides the verdict.
    #[must_use]
    pub fn advice(&self) -> Option<String> {
        if self.verdict == Verdict::Unknown && self.unreadable > 0 {
            return Some("correct those lines and import the order again".into());
        }
        self.deciding(self.verdict).find_map(LineAnswer::advice)
    }

    fn deciding(&self, verdict: Verdict) -> impl Iterator<Item = &LineAnswer> {
        self.lines
            .iter()
            .filter(move |line| line.status.verdict() == verdict)
    }

    fn stale_reason(&self) -> Option<String> {
        let oldest = self
            .lines
            .iter()
            .filter(|line| line.stale)
            .min_by_key(|line| line.as_of)?;
        let as_of = oldest.as_of?;
        Some(format!(
            "by counts that are stale, the oldest as of {as_of}"
        ))
    }

    /// One trouble that keeps every count away is told once, instead of with each article.
    fn unknown_reason(&self) -> String {
        let mut unknown = self.deciding(Verdict::Unknown);
        let first = unknown.next().and_then(|line| line.trouble.as_ref());
        let (Some(trouble), true) = (first, self.nothing_retrieved()) else {
            return format!("no count for {}", self.articles(Verdict::Unknown));
        };
        if unknown.all(|line| line.trouble.as_ref() == Some(trouble)) {
            return format!("stock could not be retrieved: {trouble}");
        }
        format!("no count for {}", self.articles(Verdict::Unknown))
    }

    fn nothing_retrieved(&self) -> bool {
        self.lines
            .iter()
            .all(|line| line.status == LineStatus::Unavailable && line.cause == Cause::NotRetrieved)
    }

    fn articles(&self, verdict: Verdict) -> String {
        let mut skus: Vec<&str> = self
            .deciding(verdict)
            .map(|line| line.sku.as_str())
            .collect();
        skus.sort_unstable();
        skus.dedup();
        let named = skus.iter().take(ARTICLES_NAMED_MAX);
        let named = named
            .map(|sku| format!("`{sku}`"))
            .collect::<Vec<_>>()
            .join(", ");
        match skus.len().saturating_sub(ARTICLES_NAMED_MAX) {
            0 => named,
            more => format!("{named} and {more} more"),
        }
    }
}

/// Whom to ask, in one phrase: the name, then the addresses that are known.
#[must_use]
pub fn contact(support: &Support) -> Option<String> {
    let addresses: Vec<&str> = [support.url.as_str(), support.email.as_str()]
        .into_iter()
        .filter(|address| !address.is_empty())
        .collect();
    match (support.name.as_str(), addresses.is_empty()) {
        ("", true) => None,
        ("", false) => Some(addresses.join(", ")),
        (name, true) => Some(name.into()),
        (name, false) => Some(format!("{name} ({})", addresses.join(", "))),
    }
}
