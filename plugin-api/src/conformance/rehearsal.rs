//! A live system is asked once for what every test needs; the tests then live on that.

use std::sync::Arc;

use super::{Behind, Bench, Profile, Subject};
use crate::Timestamp;
use crate::testing::{Cassette, Recorder, Upstream};

/// The tests whose traffic is that of an adapter in everyday life.
const EVERYDAY: [&str; 11] = [
    "good_credentials_pass",
    "places_are_listed_once_and_with_their_parents",
    "a_listing_has_no_duplicates_and_only_listed_places",
    "two_full_listings_agree",
    "answers_by_sku_agree_with_the_listing",
    "an_unknown_sku_is_not_found_and_never_zero",
    "answers_keep_to_the_places_asked_for",
    "a_first_checkpoint_brings_no_changes",
    "a_checkpoint_of_the_future_brings_nothing",
    "an_old_checkpoint_is_answered_or_not_found",
    "a_repeated_write_counts_once",
];

/// What `system` answers to an adapter's everyday questions. What goes wrong is found by the tests themselves.
pub async fn rehearse(
    subject: Arc<dyn Subject>,
    profile: &Profile,
    system: Arc<dyn Upstream>,
) -> Cassette {
    let now = Timestamp::from_millis(jiff::Timestamp::now().as_millisecond());
    let recorder = Arc::new(Recorder::new(system, now));
    for test in EVERYDAY {
        let behind = Behind::Live {
            system: Arc::clone(&recorder) as Arc<dyn Upstream>,
            rehearsal: Arc::new(recorder.cassette()),
            is_rehearsal: true,
        };
        Bench::new(Arc::clone(&subject), profile.clone(), behind)
            .run(test)
            .await;
    }
    recorder.cassette()
}
