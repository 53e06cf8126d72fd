//! The report as JUnit has it, for CI systems.

use std::fmt::Write as _;

use bestand_plugin_api::conformance::{Gravity, Outcome};

use super::summary::Summary;
use super::verdict::Verdict;

/// The whole report as one suite.
pub(super) fn of(summary: &Summary) -> String {
    let failed = summary
        .tests
        .iter()
        .filter(|test| test.outcome == Outcome::Failed)
        .count();
    let skipped = summary.skipped + summary.not_applicable;
    let name = summary
        .adapter
        .as_ref()
        .map_or(summary.file.as_str(), |adapter| &adapter.id);
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n<testsuite name=\"{}\" tests=\"{}\" failures=\"{failed}\" skipped=\"{skipped}\">\n",
        escaped(name),
        summary.tests.len()
    );
    for test in &summary.tests {
        case(&mut text, test);
    }
    text.push_str("</testsuite>\n</testsuites>\n");
    text
}

fn case(text: &mut String, test: &Verdict) {
    let _ = writeln!(
        text,
        "<testcase classname=\"{}\" name=\"{}\">",
        escaped(&test.area),
        escaped(&test.test)
    );
    match &test.outcome {
        Outcome::Failed => {
            let must_fix = test
                .findings
                .iter()
                .filter(|finding| finding.gravity == Gravity::MustFix);
            let told: String = must_fix.map(ToString::to_string).collect();
            let first = test.findings.first().map_or("", |finding| &finding.done);
            let _ = writeln!(
                text,
                "<failure message=\"{}\">{}</failure>",
                escaped(first),
                escaped(&told)
            );
        }
        Outcome::NotApplicable { reason } | Outcome::Skipped { reason } => {
            let _ = writeln!(text, "<skipped message=\"{}\"/>", escaped(reason));
        }
        _ => {}
    }
    text.push_str("</testcase>\n");
}

/// Text for XML, without the characters that XML cannot hold.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push('\n'),
            character if character.is_control() => escaped.push(' '),
            character => escaped.push(character),
        }
    }
    escaped
}
