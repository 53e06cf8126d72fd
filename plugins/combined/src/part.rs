//! One source's word on one article.

use bestand_plugin_api::sources::{SourceKnowledge, SourceLevel};
use bestand_plugin_api::{LevelPart, PartReason, Quantity, SourceInfo, SourceState};

/// One source's word on one article.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part<'a> {
    pub(crate) source: &'a SourceInfo,
    /// None of a source that is gone.
    pub(crate) level: Option<&'a SourceLevel>,
}

// === impl Part ===

impl Part<'_> {
    pub(crate) fn is_down(&self) -> bool {
        self.source.state == SourceState::Down
    }

    pub(crate) fn is_stale(&self) -> bool {
        self.level.is_some_and(|level| level.stale)
    }

    pub(crate) fn knowledge(&self) -> SourceKnowledge {
        self.level
            .map_or(SourceKnowledge::NotRetrieved, |level| level.knowledge)
    }

    /// What it has to sell; none without a count.
    pub(crate) fn sellable(&self) -> Option<Quantity> {
        self.level.and_then(SourceLevel::sellable)
    }

    /// Whether it says for certain that it has none of the article, without counting it.
    pub(crate) fn has_none(&self) -> bool {
        matches!(
            self.knowledge(),
            SourceKnowledge::UnknownSku | SourceKnowledge::NotStocked
        )
    }

    /// Whether asking its system might help.
    pub(crate) fn may_be_newer(&self) -> bool {
        let is_unknown = self.knowledge() == SourceKnowledge::NotRetrieved;
        self.source.state == SourceState::Ready && (self.is_stale() || is_unknown)
    }

    /// Why it gives no number, if it does not.
    pub(crate) fn why_no_count(&self) -> Option<PartReason> {
        if self.source.state == SourceState::Gone {
            return Some(PartReason::Gone);
        }
        match self.knowledge() {
            SourceKnowledge::Counted if self.sellable().is_some() => None,
            SourceKnowledge::UnknownSku => Some(PartReason::UnknownSku),
            SourceKnowledge::NotStocked => Some(PartReason::NotStocked),
            SourceKnowledge::NotTracked => Some(PartReason::NotTracked),
            _ if self.is_down() => Some(PartReason::Down),
            _ => Some(PartReason::NotCounted),
        }
    }

    /// What is wrong with its number.
    pub(crate) fn doubt(&self) -> Option<PartReason> {
        match () {
            () if self.is_down() => Some(PartReason::Down),
            () if self.is_stale() => Some(PartReason::Stale),
            () => None,
        }
    }

    /// As the level tells it: used or not, and why.
    pub(crate) fn told(&self, used: bool, reason: Option<PartReason>) -> LevelPart {
        let mut told = LevelPart::new(self.source.id.clone(), self.source.shown());
        told.available = self.sellable();
        told.as_of = self.level.and_then(|level| level.as_of);
        told.used = used;
        told.reason = reason;
        if reason == Some(PartReason::Down) {
            told.said.clone_from(&self.source.reason);
        }
        told
    }
}
