//! Each flaw is found by the test that is about it.

use std::sync::Arc;

use bestand_plugin_api::conformance::{
    Behind, Bench, Native, Outcome, Profile, TestReport, block_on, tests,
};
use serde_json::json;

use crate::shelf::Shelf;

fn run(flaw: &str, test: &str) -> TestReport {
    let folder = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/conformance"));
    let mut profile = Profile::load(folder.join("shelf.toml")).unwrap();
    profile.settings.insert("flaw".into(), json!(flaw));
    let behind = Behind::of(profile.upstream.as_deref(), folder).unwrap();
    block_on(Bench::new(Arc::new(Native::<Shelf>::default()), profile, behind).run(test))
}

/// Finds the flaw by this test, with these words in what was seen.
fn found(flaw: &str, test: &str, words: &str) {
    let report = run(flaw, test);
    assert_eq!(
        report.outcome,
        Outcome::Failed,
        "`{test}` does not find `{flaw}`: {report:?}"
    );
    let seen: String = report.findings.iter().map(ToString::to_string).collect();
    assert!(
        seen.contains(words),
        "`{test}` finds of `{flaw}` only:\n{seen}"
    );
}

#[test]
fn flaws_of_settings_and_credentials_are_found() {
    found(
        "panics_on_settings",
        "settings_that_are_none_do_no_harm",
        "panicked",
    );
    found(
        "refusal_is_trouble",
        "wrong_credentials_are_told_from_other_trouble",
        "401",
    );
    found(
        "hides_missing_secrets",
        "each_missing_secret_is_named",
        "Transient",
    );
    found(
        "quotes_answers",
        "no_secret_leaves_the_host",
        "the secret `",
    );
}

#[test]
fn flaws_of_what_is_read_are_found() {
    found(
        "duplicates",
        "a_listing_has_no_duplicates_and_only_listed_places",
        "`TEA-1`",
    );
    found(
        "unlisted_place",
        "a_listing_has_no_duplicates_and_only_listed_places",
        "a place that `locations` lists",
    );
    found(
        "cursor_in_memory",
        "a_listing_resumes_from_every_cursor",
        "fresh instance",
    );
    found(
        "unknown_is_zero",
        "an_unknown_sku_is_not_found_and_never_zero",
        "a level",
    );
    found(
        "counts_otherwise",
        "answers_by_sku_agree_with_the_listing",
        "TEA-1",
    );
    found(
        "ignores_places",
        "answers_keep_to_the_places_asked_for",
        "`back`",
    );
}

#[test]
fn flaws_of_pushes_and_writes_are_found() {
    found(
        "trusts_pushes",
        "an_altered_push_is_refused",
        "changed one bit",
    );
    found("new_event_ids", "a_push_may_come_twice", "they differ");
}

#[test]
fn a_write_that_may_have_happened_is_not_called_refused() {
    // A cassette does not remember, so the lost write counts as not done, and a refusal may be true.
    let report = run(
        "lost_is_done",
        "a_write_whose_answer_is_lost_is_not_called_done",
    );
    assert_eq!(report.outcome, Outcome::Passed, "{report:?}");
}

#[test]
fn flaws_that_show_in_trouble_are_found() {
    found(
        "half_done",
        "a_call_may_be_dropped_at_any_point",
        "another call is under way",
    );
    found("hurries", "a_limit_in_seconds_is_kept", "after 0 s");
    found("early_reset", "a_limit_until_a_date_is_kept", "RateLimited");
    found(
        "trouble_is_empty",
        "an_internal_error_is_passing_trouble",
        "an answer that looks whole",
    );
    found(
        "nonsense_is_empty",
        "a_page_for_an_answer_is_not_believed",
        "0 levels",
    );
    found(
        "nonsense_is_empty",
        "an_error_with_status_200_is_not_believed",
        "0 levels",
    );
    found(
        "trouble_is_bug",
        "a_system_that_is_down_is_passing_trouble",
        "Bug",
    );
    found(
        "subtracts_moments",
        "a_clock_that_jumps_does_no_harm",
        "panicked",
    );
}

#[test]
fn flaws_that_show_in_odd_values_are_found() {
    found(
        "strict_fields",
        "unknown_fields_are_ignored",
        "fields nobody knows",
    );
    found(
        "lowers_skus",
        "a_sku_of_any_script_survives",
        "no such article",
    );
    found("floats", "quantities_are_exact", "to the last digit");
}

#[test]
fn a_skip_needs_a_reason_and_a_test() {
    let skip = |test: &str, reason: &str| {
        let text = format!("[[skip]]\ntest = \"{test}\"\nreason = \"{reason}\"");
        text.parse::<Profile>()
            .map(drop)
            .map_err(|error| error.to_string())
    };
    let test = tests()[0].name;
    assert_eq!(skip(test, "the shelf is different"), Ok(()));
    assert!(skip(test, " ").unwrap_err().contains("without a reason"));
    assert!(
        skip("no_such_test", "x")
            .unwrap_err()
            .contains("there is no test")
    );
    let unknown = "settngs = {}".parse::<Profile>().unwrap_err().to_string();
    assert!(unknown.contains("line 1"), "{unknown}");
}
