//! The conformance kit on built libraries, as a partner runs it: our own adapters pass, bad ones are found out.

use std::path::{Path, PathBuf};
use std::process::Command;

use bestand_upstreams::connect::{self, Module, ModuleOptions};
use bestand_upstreams::ecomdash::{self, Ecomdash, EcomdashOptions};
use bestand_upstreams::finale::{Finale, FinaleOptions, Stock};
use bestand_upstreams::shopify::stock::{NewItem, NewLocation};
use bestand_upstreams::shopify::{Shopify, ShopifyOptions};
use serde_json::Value;

use crate::support::{Ran, built};

/// Checks a library with this profile.
fn check(library: &str, profile: &str, arguments: &[&str]) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    let settings = folder.path().join("profile.toml");
    std::fs::write(&settings, profile).unwrap();
    let mut command = Command::new(built::folder().join("bestand"));
    command.args(["plugin", "check"]).arg(library_file(library));
    command
        .arg("--settings")
        .arg(&settings)
        .arg("--json")
        .args(arguments);
    command.env("TMPDIR", folder.path());
    let ran: Ran = command.output().unwrap().into();
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "only the profile is left: {left:?}");
    ran
}

fn library_file(name: &str) -> PathBuf {
    built::folder().join(format!("libbestand_{name}.so"))
}

/// Passes in both modes, with nothing that must be fixed and nothing skipped.
fn passes(ran: Ran) -> Value {
    let report = ran.json();
    assert_eq!(report["passed"], true, "{report:#}");
    assert_eq!(report["must_fix"], 0, "{report:#}");
    assert_eq!(report["skipped"], 0, "{report:#}");
    let tests = report["tests"].as_array().unwrap();
    let twice = tests
        .iter()
        .filter(|test| test["runs"].as_array().unwrap().len() == 2);
    assert!(twice.count() > 45, "{report:#}");
    report
}

fn not_applicable(report: &Value) -> Vec<&str> {
    let tests = report["tests"].as_array().unwrap().iter();
    tests
        .filter(|test| test["outcome"] == "not_applicable")
        .map(|test| test["test"].as_str().unwrap())
        .collect()
}

fn on_blocking_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> tokio::task::JoinHandle<T> {
    tokio::task::spawn_blocking(work)
}

#[test]
fn the_warehouse_passes() {
    let profile = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../plugins/warehouse/tests/conformance.toml");
    let profile = std::fs::read_to_string(profile).unwrap();
    passes(check("plugin_warehouse", &profile, &[]));
}

#[test]
fn what_puts_sources_together_passes() {
    // More than a page, so that there are cursors to resume from.
    let level = |number| format!("{{ sku = \"S-{number:04}\", available = 1, on_hand = 2 }}");
    let levels: Vec<String> = (0..1_100).map(level).collect();
    let profile = format!(
        "settings = {{ sources = [\"east\", \"west\"], mode = \"sum\" }}\n\
         [[source]]\nid = \"east\"\nname = \"East\"\nlevels = [{}]\n\
         [[source]]\nid = \"west\"\nname = \"West\"\nlevels = [{{ sku = \"S-0007\", available = 2.5 }}]\n",
        levels.join(", ")
    );
    let report = passes(check("plugin_combined", &profile, &[]));
    let absent = not_applicable(&report);
    assert!(
        !absent.contains(&"a_listing_resumes_from_every_cursor"),
        "{absent:?}"
    );
}

#[test]
fn the_stand_in_for_partners_that_push_passes() {
    passes(check(
        "plugin_push",
        "[settings]\nsilent_after_minutes = 30\n",
        &[],
    ));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn finale_passes_against_its_simulated_system() {
    let finale = Finale::start(FinaleOptions::default()).await.unwrap();
    // More than a page, so that there are cursors to resume from.
    finale.stock(
        (0..1200).map(|number| Stock::on_hand(format!("SKU-{number:04}"), "Berlin", number + 1)),
    );
    finale.set_stock("KETTLE", "Hamburg", 17);
    let profile = "[settings]\naccount = \"demo\"\n[secrets]\napi_key = \"finale-key\"\napi_secret = \"finale-secret\"\n";
    let url = finale.url();
    let ran = on_blocking_thread(move || check("plugin_finale", profile, &["--upstream", &url]));
    let report = passes(ran.await.unwrap());
    let absent = not_applicable(&report);
    assert!(
        !absent.contains(&"a_listing_resumes_from_every_cursor"),
        "{absent:?}"
    );
    assert!(!absent.contains(&"quantities_are_exact"), "{absent:?}");
    let read = finale.requests().len();
    assert!(
        read < 300,
        "a live system is not asked {read} times for what it said before"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn shopify_passes_against_its_simulated_system() {
    let shop = Shopify::start(ShopifyOptions::default()).await.unwrap();
    let main = shop.add_location(NewLocation::named("Main"));
    let second = shop.add_location(NewLocation::named("Second"));
    shop.add_items((0..260).map(|number| {
        NewItem::sku(format!("SKU-{number:03}"))
            .at(main, number + 1)
            .at(second, 3)
    }));
    let profile = r#"
        [settings]
        shop = "simulated.myshopify.com"
        [secrets]
        access_token = "shpat_simulated"
        client_secret = "shpss_simulated"
        [[inbound]]
        headers = { "x-shopify-topic" = "inventory_levels/update", "x-shopify-event-id" = "e-1", "x-shopify-webhook-id" = "w-1", "x-shopify-shop-domain" = "simulated.myshopify.com" }
        body = '{"inventory_item_id":808950810,"location_id":106318430001,"available":6,"updated_at":"2026-11-20T10:00:00-05:00"}'
        signature = { header = "x-shopify-hmac-sha256", secret = "client_secret" }
    "#;
    let url = shop.url();
    let ran = on_blocking_thread(move || check("plugin_shopify", profile, &["--upstream", &url]));
    let report = passes(ran.await.unwrap());
    // Shopify tells no ledger; all else it can do.
    let ledger = [
        "the_ledger_of_an_article_is_numbered_without_a_gap",
        "a_write_is_an_entry_of_the_ledger",
        "the_ledger_adds_up",
    ];
    assert_eq!(not_applicable(&report), ledger, "{report:#}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connect_passes_against_a_simulated_module() {
    // In pages and after a wait, so that there are cursors of both kinds to resume from.
    let module = Module::start(ModuleOptions {
        page_items: 40,
        prepares_for_ms: 1,
        ..ModuleOptions::default()
    })
    .await
    .unwrap();
    module.stock((0..60).map(|number| {
        let warehouse = ["berlin", "hamburg"][number % 2];
        connect::Stock::available(format!("SKU-{number:03}"), warehouse, 7).of(9)
    }));
    let url = module.url();
    let profile = format!(
        "[settings]\nbase_url = \"{url}\"\norder_source_api_code = \"acme_wms\"\n[secrets]\napi_key = \"connect-key\"\n"
    );
    let ran = on_blocking_thread(move || check("plugin_connect", &profile, &["--upstream", &url]));
    let report = passes(ran.await.unwrap());
    let absent = not_applicable(&report);
    assert!(
        !absent.contains(&"a_listing_resumes_from_every_cursor"),
        "{absent:?}"
    );
    assert!(!absent.contains(&"quantities_are_exact"), "{absent:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ecomdash_passes_against_its_simulated_system() {
    let account = Ecomdash::start(EcomdashOptions::default()).await.unwrap();
    account.stock(
        (0..240).map(|number| {
            ecomdash::Stock::on_hand(format!("SKU-{number:03}"), "Berlin", number + 1)
        }),
    );
    account.stock([ecomdash::Stock::on_hand("SKU-001", "Hamburg", 3)]);
    account
        .kit("KIT-1", &[("SKU-001", 2.into()), ("SKU-100", 1.into())])
        .unwrap();
    let profile = "[settings]\n[secrets]\naccount_key = \"ecomdash-account\"\nportal_key = \"ecomdash-portal\"\n";
    let url = account.url();
    let ran = on_blocking_thread(move || check("plugin_ecomdash", profile, &["--upstream", &url]));
    let report = passes(ran.await.unwrap());
    let absent = not_applicable(&report);
    assert!(
        !absent.contains(&"a_listing_resumes_from_every_cursor"),
        "{absent:?}"
    );
    assert!(!absent.contains(&"quantities_are_exact"), "{absent:?}");
}

/// Finds the fault by this test, in both modes.
fn found(fault: &str, at: &str, test: &str, words: &str) {
    let profile = format!("[settings]\nfault = \"{fault}\"\nat = \"{at}\"\n");
    let ran = check(
        "misbehaving",
        &profile,
        &["--only", test, "--timeout", "20"],
    );
    let report = ran.json();
    let tests = report["tests"].as_array().unwrap();
    assert_eq!(tests[0]["test"], test);
    let seen = tests[0]["findings"].to_string();
    assert!(
        seen.contains(words),
        "`{test}` finds of `{fault}` only: {report:#}"
    );
    for run in tests[0]["runs"].as_array().unwrap() {
        assert_eq!(run["outcome"], tests[0]["outcome"], "{report:#}");
    }
}

#[test]
fn a_fault_of_an_author_is_found_by_the_test_that_is_about_it() {
    let good = "good_credentials_pass";
    let listing = "a_listing_has_no_duplicates_and_only_listed_places";
    let twice = "two_full_listings_agree";
    found("panic", "check", good, "the adapter panicked");
    found("hang", "check", good, "no end within 20s; it was killed");
    found(
        "busy_loop",
        "list_stock",
        twice,
        "no end within 20s; it was killed",
    );
    found("garbage", "check", good, "unreadable response");
    found("other_type", "check", good, "unreadable message");
    found("oversized", "check", good, "a message of more than");
    found("empty", "check", good, "unreadable response");
    found("segfault", "check", good, "signal 11 ended it");
    found(
        "foreign_host",
        "check",
        good,
        "its manifest does not name that host",
    );
    found("foreign_secret", "check", good, "declares no secret");
    found("floats", "list_stock", twice, "floating point");
    found("not_a_number", "list_stock", twice, "floating point `NaN`");
    found(
        "panic_on_drop",
        "check",
        "a_hundred_instances_leave_nothing_behind",
        "told to panic when dropped",
    );
    found(
        "log_flood",
        "check",
        "a_call_writes_few_lines_of_log",
        "lines of log",
    );
    found(
        "duplicate_skus",
        "check",
        listing,
        "one level for each article and place",
    );
    found(
        "foreign_location",
        "check",
        listing,
        "a place that `locations` lists",
    );
    found(
        "no_numbers",
        "check",
        listing,
        "neither `available` nor `on_hand`",
    );
    found(
        "unasked_skus",
        "check",
        "answers_by_sku_agree_with_the_listing",
        "a level of",
    );
    found("endless_listing", "check", twice, "did not end within");
    found("stuck_cursor", "check", twice, "does not move on");
    found("huge_cursor", "check", twice, "the cursor is larger than");
    found("endless_pending", "check", twice, "did not end within");
}

#[test]
fn what_is_wrong_with_the_files_is_said_before_anything_runs() {
    let misused = |library: &str, profile: &str, arguments: &[&str], words: &str| {
        let ran = check(library, profile, arguments);
        assert_eq!(ran.code, Some(64), "{}", ran.stderr);
        assert!(ran.stderr.contains(words), "{}", ran.stderr);
    };
    misused("nothing", "", &[], "there is no library");
    misused("misbehaving", "[setings]\n", &[], "line 1");
    misused("misbehaving", "", &["--upstream", "no.toml"], "no.toml");
    misused("misbehaving", "", &["--only", "nonsense"], "no test's name");
    misused(
        "misbehaving",
        "",
        &["--record", "x.toml"],
        "needs a live system",
    );
    let skip = "[[skip]]\ntest = \"good_credentials_pass\"\nreason = \"\"\n";
    misused("misbehaving", skip, &[], "without a reason");
}
