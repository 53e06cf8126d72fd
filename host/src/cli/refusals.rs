//! Lines that were not taken: each is told, on stderr or in a file.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::output;
use super::progress::Progress;

/// The heading of a report file.
const HEADING: [&str; 4] = ["line", "field", "reason", "text"];

/// Where refused lines are told.
pub(super) struct Refusals {
    report: Option<Report>,
    /// Why telling failed; told once, at the end, for the import goes on.
    broken: Option<csv::Error>,
    count: u64,
}

struct Report {
    path: PathBuf,
    rows: csv::Writer<File>,
}

/// A line that was not taken.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refused {
    pub(super) line: u64,
    pub(super) field: Option<&'static str>,
    pub(super) reason: String,
    /// How the line begins.
    pub(super) text: String,
}

// === impl Refusals ===

impl Refusals {
    /// Told in `report`, a CSV file, or on stderr.
    pub(super) fn new(report: Option<&Path>) -> anyhow::Result<Self> {
        let report = report.map(Report::create).transpose()?;
        Ok(Self {
            report,
            broken: None,
            count: 0,
        })
    }

    pub(super) fn add(&mut self, refused: &Refused, progress: &Progress) {
        self.count += 1;
        let Refused {
            line,
            field,
            reason,
            text,
        } = refused;
        match &mut self.report {
            None => progress.note(&format!("line {line}: {}{reason}: {text}", label(*field))),
            Some(report) => {
                let row = [
                    &line.to_string(),
                    field.unwrap_or_default(),
                    reason.as_str(),
                    text,
                ];
                self.broken = self.broken.take().or(report.rows.write_record(row).err());
            }
        }
    }

    /// How many there were; those in a file are safe in it.
    pub(super) fn finish(self) -> anyhow::Result<u64> {
        if let Some(Report { path, mut rows }) = self.report {
            let written = self
                .broken
                .map_or(Ok(()), |error| Err(io::Error::from(error)))
                .and_then(|()| rows.flush());
            written.with_context(|| {
                format!(
                    "cannot write the report `{}`; all else was done",
                    path.display()
                )
            })?;
            output::note(&format!(
                "{} refused lines are in `{}`",
                self.count,
                path.display()
            ));
        }
        Ok(self.count)
    }
}

impl Report {
    fn create(path: &Path) -> anyhow::Result<Self> {
        let created = File::create(path)
            .map_err(csv::Error::from)
            .and_then(|file| {
                let mut rows = csv::Writer::from_writer(file);
                rows.write_record(HEADING)?;
                Ok(rows)
            });
        let rows =
            created.with_context(|| format!("cannot write the report `{}`", path.display()))?;
        Ok(Self {
            path: path.into(),
            rows,
        })
    }
}

fn label(field: Option<&str>) -> String {
    field.map(|field| format!("{field}: ")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::progress::Unit;
    use super::*;

    #[test]
    fn a_report_names_each_line_with_its_field_and_reason() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("refused.csv");
        let mut refusals = Refusals::new(Some(&path)).unwrap();
        let progress = Progress::new(Unit::Rows, None);
        let line = Refused {
            line: 3,
            field: Some("quantity"),
            reason: "`x` is not a decimal number".into(),
            text: "A,\"b\",x".into(),
        };
        refusals.add(&line, &progress);
        refusals.add(
            &Refused {
                line: 9,
                field: None,
                reason: "cut off".into(),
                text: String::new(),
            },
            &progress,
        );
        assert_eq!(refusals.finish().unwrap(), 2);
        assert_eq!(
            std::fs::read_to_string(path).unwrap(),
            "line,field,reason,text\n3,quantity,`x` is not a decimal number,\"A,\"\"b\"\",x\"\n9,,cut off,\n"
        );
    }
}
