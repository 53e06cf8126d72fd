//! The report a partner can show.

use std::fmt::Write as _;

use bestand_plugin_api::conformance::{Gravity, Outcome};

use super::summary::Summary;
use super::verdict::{Verdict, word};

/// The whole report as Markdown.
pub(super) fn of(summary: &Summary) -> String {
    let mut text = String::new();
    head(&mut text, summary);
    for (gravity, heading) in [
        (Gravity::MustFix, "Must fix"),
        (Gravity::ShouldFix, "Should fix"),
        (Gravity::Note, "Notes"),
    ] {
        findings(&mut text, summary, gravity, heading);
    }
    text.push_str("\n## Tests\n\n| test | result | where |\n|---|---|---|\n");
    for test in &summary.tests {
        row(&mut text, test);
    }
    text
}

fn head(text: &mut String, summary: &Summary) {
    let (name, about) = match &summary.adapter {
        Some(adapter) => (
            adapter.name.as_str(),
            format!(
                "`{}` {} by {}, contract {}",
                adapter.id, adapter.version, adapter.publisher, adapter.contract
            ),
        ),
        None => ("A library", "it does not start".into()),
    };
    let verdict = if summary.passed {
        "passes"
    } else {
        "does not pass"
    };
    let _ = write!(
        text,
        "# {} {verdict} the conformance kit\n\n- adapter: {}\n- file: `{}`, SHA-256 `{}`\n- kit: {}\n- behind it: {}\n- {} tests, \
         {} must fix, {} should fix, {} notes, {} not applicable, {} skipped\n",
        plain(name),
        plain(&about),
        summary.file,
        summary.sha256,
        summary.kit,
        summary.upstream.as_deref().unwrap_or("nothing"),
        summary.tests.len(),
        summary.must_fix,
        summary.should_fix,
        summary.notes,
        summary.not_applicable,
        summary.skipped
    );
}

fn findings(text: &mut String, summary: &Summary, gravity: Gravity, heading: &str) {
    let mut found = summary.findings(gravity).peekable();
    if found.peek().is_none() {
        return;
    }
    let _ = write!(text, "\n## {heading}\n");
    for (test, finding) in found {
        let _ = write!(
            text,
            "\n### {}\n\n{}\n\n",
            test.test.replace('_', " "),
            plain(&finding.done)
        );
        for (word, said) in [
            ("expected", &finding.expected),
            ("seen", &finding.seen),
            ("way out", &finding.way_out),
        ] {
            if !said.is_empty() {
                let _ = writeln!(text, "- {word}: {}", plain(said));
            }
        }
    }
}

fn row(text: &mut String, test: &Verdict) {
    let result = match &test.outcome {
        Outcome::NotApplicable { reason } | Outcome::Skipped { reason } => {
            format!("{}: {}", word(&test.outcome), plain(reason))
        }
        outcome => word(outcome).into(),
    };
    let places: Vec<_> = test.runs.iter().map(|run| run.isolation.word()).collect();
    let places = if places.is_empty() {
        "file".into()
    } else {
        places.join(", ")
    };
    let _ = writeln!(
        text,
        "| {}: {} | {result} | {places} |",
        test.area,
        test.test.replace('_', " ")
    );
}

/// Text of others, which must not make headings, tables or links of its own.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '|' | '<' | '>' | '[' | ']' | '#' => plain.extend(['\\', character]),
            character if character.is_control() => plain.push(' '),
            character => plain.push(character),
        }
    }
    plain
}
