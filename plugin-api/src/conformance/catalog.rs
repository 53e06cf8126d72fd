//! All tests, in the order in which they are run.

use super::Bench;
use super::finding::Ended;
use crate::testing::UpstreamFuture;

/// A test of the kit.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Test {
    /// Its name, which is the sentence it proves.
    pub name: &'static str,
    /// The part of the contract it is about.
    pub area: &'static str,
    pub(super) run: for<'a> fn(&'a Bench) -> UpstreamFuture<'a, Ended>,
}

/// Every test by its area: the one list that [`tests`] and [`suite!`](crate::suite) are made of.
#[doc(hidden)]
#[macro_export]
macro_rules! __conformance_tests {
    ($then:ident $($given:tt)*) => {
        $crate::$then! { { $($given)* }
            manifest:
                the_manifest_is_in_order
                the_manifest_is_the_same_each_time
                what_is_not_declared_is_refused;
            settings:
                each_missing_setting_is_named
                settings_of_another_type_are_refused
                settings_that_are_none_do_no_harm
                an_unknown_setting_is_refused;
            credentials:
                good_credentials_pass
                wrong_credentials_are_told_from_other_trouble
                each_missing_secret_is_named
                no_secret_leaves_the_host;
            locations:
                places_are_listed_once_and_with_their_parents;
            listing:
                a_listing_has_no_duplicates_and_only_listed_places
                two_full_listings_agree
                a_listing_resumes_from_every_cursor
                a_dead_cursor_is_not_found;
            by_sku:
                answers_by_sku_agree_with_the_listing
                an_unknown_sku_is_not_found_and_never_zero
                answers_keep_to_the_places_asked_for;
            changes:
                a_first_checkpoint_brings_no_changes
                a_checkpoint_of_the_future_brings_nothing
                an_old_checkpoint_is_answered_or_not_found;
            inbound:
                a_push_may_come_twice
                an_altered_push_is_refused;
            writes:
                a_repeated_write_counts_once
                a_write_whose_answer_is_lost_is_not_called_done
                an_impossible_write_is_rejected;
            ledger:
                the_ledger_of_an_article_is_numbered_without_a_gap
                a_write_is_an_entry_of_the_ledger
                the_ledger_adds_up;
            lifecycle:
                a_hundred_instances_leave_nothing_behind
                two_connections_keep_apart
                closing_during_a_call_does_no_harm
                a_call_may_be_dropped_at_any_point
                a_call_writes_few_lines_of_log;
            limits:
                a_limit_in_seconds_is_kept
                a_limit_until_a_date_is_kept
                a_limit_until_a_unix_time_is_kept
                a_limit_until_a_time_in_milliseconds_is_kept
                a_limit_without_an_end_is_told;
            trouble:
                an_internal_error_is_passing_trouble
                a_bad_gateway_is_passing_trouble
                a_system_that_is_down_is_passing_trouble
                a_connection_that_fails_is_passing_trouble
                a_body_that_breaks_off_is_passing_trouble
                a_body_that_stalls_is_passing_trouble
                a_truncated_answer_is_not_believed
                a_page_for_an_answer_is_not_believed
                an_error_with_status_200_is_not_believed
                a_body_without_end_is_given_up;
            values:
                unknown_fields_are_ignored
                a_sku_of_any_script_survives
                quantities_are_exact;
            clock:
                a_clock_that_jumps_does_no_harm;
        }
    };
}

macro_rules! catalog {
    ($($area:ident: $($name:ident)+;)+) => {
        const TESTS: &[Test] = &[$($(
            Test {
                name: stringify!($name),
                area: stringify!($area),
                run: |bench| Box::pin(super::tests::$area::$name(bench)),
            },
        )+)+];
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __conformance_names {
    ({ $inner:ident } $($rest:tt)+) => {
        $inner! { $($rest)+ }
    };
}

crate::__conformance_tests!(__conformance_names catalog);

/// All tests, in the order in which they are run.
#[must_use]
pub fn tests() -> &'static [Test] {
    TESTS
}

impl std::fmt::Debug for Test {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.area, self.name)
    }
}
