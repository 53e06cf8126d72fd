//! Which events somebody wants, as a pure function.

use std::collections::BTreeSet;

use bestand_plugin_api::Sku;

use super::event::Event;
use super::news::{EventType, News};
use crate::id::SourceId;

/// Which events somebody wants. What is empty lets everything through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of these types.
    pub types: BTreeSet<EventType>,
    /// About these sources.
    pub sources: BTreeSet<SourceId>,
    /// About these SKUs; what is about no SKU at all goes through.
    pub skus: BTreeSet<Sku>,
}

// === impl Filter ===

impl Filter {
    /// The event with what is wanted of it; `None` when that is nothing.
    #[must_use]
    pub fn narrow(&self, mut event: Event) -> Option<Event> {
        let wanted = self.wants_type(event.news.event_type()) && self.wants_sku(&mut event.news);
        (wanted && self.wants_source(&event.news)).then_some(event)
    }

    /// Whether events of this type are wanted.
    #[must_use]
    pub fn wants_type(&self, event_type: EventType) -> bool {
        self.types.is_empty() || self.types.contains(&event_type)
    }

    fn wants_source(&self, news: &News) -> bool {
        let source = match news {
            News::StockChanged(changed) => Some(changed.source_id),
            News::StockLow(low) => Some(low.source_id),
            News::SourceUnavailable(source) => Some(source.source_id),
            News::SourceRecovered(source) => Some(source.source_id),
            News::DriftHigh(drift) => Some(drift.source_id),
            News::OrderVerdictChanged(order) => order.source_id,
        };
        self.sources.is_empty() || source.is_some_and(|source| self.sources.contains(&source))
    }

    /// Whether anything is left of it that is wanted.
    fn wants_sku(&self, news: &mut News) -> bool {
        if self.skus.is_empty() {
            return true;
        }
        match news {
            News::StockChanged(changed) => {
                changed
                    .levels
                    .retain(|level| self.skus.contains(&level.sku));
                !changed.levels.is_empty()
            }
            News::StockLow(low) => {
                low.levels.retain(|level| self.skus.contains(&level.sku));
                !low.levels.is_empty()
            }
            News::SourceUnavailable(_)
            | News::SourceRecovered(_)
            | News::DriftHigh(_)
            | News::OrderVerdictChanged(_) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use bestand_plugin_api::{Timestamp, Tracking};

    use super::*;
    use crate::connection::state::Moment;
    use crate::event_log::EventId;
    use crate::event_log::news::{ChangedLevel, SourceRecovered, StockChanged};
    use crate::id::ConnectionId;
    use crate::stock::{Cause, CauseKind, Counts};

    const NOON: Timestamp = Timestamp::from_secs(1_700_000_000);

    fn sku(text: &str) -> Sku {
        Sku::new(text).unwrap()
    }

    fn event(news: News) -> Event {
        let (id, at) = (EventId(1), NOON);
        Event { id, at, news }
    }

    fn changed(source: SourceId, skus: &[&str]) -> Event {
        let after = Counts {
            tracking: Tracking::Counted,
            available: None,
            on_hand: None,
            allocated: None,
            incoming: None,
            absent: false,
        };
        let levels = skus.iter().map(|text| ChangedLevel {
            sku: sku(text),
            before: None,
            after,
            as_of: Moment(NOON),
        });
        let cause = Cause::of(CauseKind::Push);
        event(News::StockChanged(StockChanged::new(
            source,
            &cause,
            levels.collect(),
        )))
    }

    fn recovered(source_id: SourceId) -> Event {
        event(News::SourceRecovered(SourceRecovered {
            source_id,
            name: "Main".into(),
            connection_id: ConnectionId::new(),
            since: Moment(NOON),
        }))
    }

    #[test]
    fn an_empty_filter_lets_everything_through() {
        let event = changed(SourceId::new(), &["A", "B"]);
        assert_eq!(Filter::default().narrow(event.clone()), Some(event));
    }

    #[test]
    fn only_the_wanted_levels_of_a_change_are_told() {
        let source = SourceId::new();
        let filter = Filter {
            skus: [sku("B"), sku("C")].into(),
            ..Filter::default()
        };
        let narrowed = filter.narrow(changed(source, &["A", "B"]));
        assert_eq!(narrowed, Some(changed(source, &["B"])));
        assert_eq!(filter.narrow(changed(source, &["A"])), None);
        let about_no_sku = recovered(source);
        assert_eq!(filter.narrow(about_no_sku.clone()), Some(about_no_sku));
    }

    #[test]
    fn other_sources_and_types_are_left_out() {
        let (wanted, other) = (SourceId::new(), SourceId::new());
        let filter = Filter {
            types: [EventType::StockChanged].into(),
            sources: [wanted].into(),
            skus: BTreeSet::new(),
        };
        assert!(filter.narrow(changed(wanted, &["A"])).is_some());
        assert!(filter.narrow(changed(other, &["A"])).is_none());
        assert!(filter.narrow(recovered(wanted)).is_none());
    }
}
