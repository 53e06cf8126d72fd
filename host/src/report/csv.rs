//! Rows as CSV. What stands in a cell is text, so that no decimal is lost; an empty one is unknown, which is not zero.

use std::io::{self, Write};

use bestand_plugin_api::{Quantity, Tracking};
use csv::Writer;

/// A column: its heading, and what stands in it.
pub type Column<T> = (&'static str, fn(&T) -> String);

/// A file of rows, as it is written.
pub struct CsvFile<T: 'static, W: Write> {
    columns: &'static [Column<T>],
    rows: Writer<W>,
}

// === impl CsvFile ===

impl<T, W: Write> CsvFile<T, W> {
    /// A file that begins with the names of its columns.
    ///
    /// # Errors
    /// When `target` takes nothing.
    pub fn begin(columns: &'static [Column<T>], target: W) -> io::Result<Self> {
        let mut file = Self::go_on(columns, target);
        let heading = columns.iter().map(|(heading, _)| heading);
        file.rows.write_record(heading).map_err(as_io)?;
        Ok(file)
    }

    /// More of a file that has begun elsewhere.
    pub fn go_on(columns: &'static [Column<T>], target: W) -> Self {
        let rows = Writer::from_writer(target);
        Self { columns, rows }
    }

    /// Adds these rows.
    ///
    /// # Errors
    /// When the target takes nothing more.
    pub fn write(&mut self, rows: &[T]) -> io::Result<()> {
        for row in rows {
            let cells = self.columns.iter().map(|(_, cell)| cell(row));
            self.rows.write_record(cells).map_err(as_io)?;
        }
        Ok(())
    }

    /// Hands everything to the target, and gives that back.
    ///
    /// # Errors
    /// When the target takes nothing more.
    pub fn finish(self) -> io::Result<W> {
        let finished = self.rows.into_inner();
        finished.map_err(|error| error.into_error())
    }
}

/// The target's own error, so that one whose reader is gone is known as such.
fn as_io(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        kind => io::Error::other(format!("{kind:?}")),
    }
}

/// A quantity; empty where it is unknown.
#[must_use]
pub fn quantity(quantity: Option<Quantity>) -> String {
    optional(quantity.as_ref())
}

/// What may not be there; empty where it is not.
#[must_use]
pub fn optional<T: ToString>(value: Option<&T>) -> String {
    value.map(T::to_string).unwrap_or_default()
}

/// The word for it, as in JSON.
#[must_use]
pub fn tracking(tracking: Tracking) -> String {
    let word = serde_json::to_value(tracking).unwrap_or_default();
    word.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_goes_on_where_its_first_part_ended() {
        const COLUMNS: &[Column<(&str, Option<Quantity>)>] = &[
            ("sku", |row| row.0.into()),
            ("available", |row| quantity(row.1)),
        ];
        let half: Quantity = "2.5".parse().unwrap();
        let mut first = CsvFile::begin(COLUMNS, Vec::new()).unwrap();
        first.write(&[("A,1", Some(half))]).unwrap();
        let mut second = CsvFile::go_on(COLUMNS, first.finish().unwrap());
        second.write(&[("B", None)]).unwrap();
        let text = String::from_utf8(second.finish().unwrap()).unwrap();
        assert_eq!(text, "sku,available\n\"A,1\",2.5\nB,\n");
    }

    #[test]
    fn a_target_whose_reader_is_gone_is_known_as_such() {
        struct Gone;
        impl Write for Gone {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        const COLUMNS: &[Column<&str>] = &[("sku", |row| (*row).to_owned())];
        let mut file = CsvFile::begin(COLUMNS, Gone).unwrap();
        let error = file.write(&["A"; 100_000]).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    }
}
