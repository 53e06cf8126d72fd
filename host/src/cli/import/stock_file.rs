//! A CSV file of counts: columns found by name, lines read one by one.
//!
//! **Invariant:** knows nothing of sources and adapters; what a line names is looked up by others.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use anyhow::Context as _;
use bestand_plugin_api::{Basis, Quantity, Sku};
use csv::{ByteRecord, StringRecord};

use crate::cli::exit::BadArguments;
use crate::cli::refusals::Refused;
use crate::heading;

/// How much of a refused line is shown: enough to find it.
const TEXT_CHARS_MAX: usize = 120;
/// How much is looked at to tell what stands between the fields.
const SNIFF_BYTES: usize = 8 << 10;
/// What may stand between the fields.
const DELIMITERS: [u8; 3] = *b",;\t";

/// The file, open at its next line.
pub(super) struct StockFile {
    reader: csv::Reader<Box<dyn Read + Send>>,
    length: Option<u64>,
    places: Places,
    guessed: Vec<(&'static str, String)>,
}

/// What a line of the file is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Row {
    Line(Line),
    Refused(Refused),
}

/// A line that sets one SKU to a count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Where it begins, from 1.
    pub(super) number: u64,
    /// How it begins.
    pub(super) text: String,
    pub(super) sku: Sku,
    pub(super) quantity: Quantity,
    /// Which number the quantity is.
    pub(super) basis: Basis,
    /// The id or name of the source it names.
    pub(super) source: Option<String>,
    pub(super) note: Option<String>,
}

/// Which column is called what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Columns([Option<String>; FIELDS.len()]);

const FIELDS: [&str; 6] = ["sku", "on_hand", "available", "source_id", "source", "note"];
const SKU: usize = 0;
const ON_HAND: usize = 1;
const AVAILABLE: usize = 2;
const SOURCE_ID: usize = 3;
const SOURCE: usize = 4;
const NOTE: usize = 5;

/// In which column each field stands, where it has one.
type Places = [Option<usize>; FIELDS.len()];

// === impl StockFile ===

impl StockFile {
    /// Opens the file, or stdin for `-`, and reads its header.
    pub(super) fn open(path: &Path, columns: &Columns) -> anyhow::Result<Self> {
        if path == Path::new("-") {
            return Self::new(Box::new(io::stdin()), None, columns);
        }
        let cannot = || format!("cannot read `{}`", path.display());
        let file = File::open(path).with_context(cannot)?;
        let length = file.metadata().with_context(cannot)?.len();
        Self::new(Box::new(file), Some(length), columns)
    }

    fn new(
        bytes: Box<dyn Read + Send>,
        length: Option<u64>,
        columns: &Columns,
    ) -> anyhow::Result<Self> {
        let mut bytes = BufReader::with_capacity(SNIFF_BYTES, bytes);
        let delimiter = delimiter(bytes.fill_buf().context("cannot read the file")?);
        let mut builder = csv::ReaderBuilder::new();
        let mut reader = builder
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(Box::new(bytes) as Box<dyn Read + Send>);
        let header = reader.headers().context("cannot read the header line")?;
        let places = columns.find_in(header).map_err(BadArguments)?;
        let guessed = columns.guessed(&places, header);
        Ok(Self {
            reader,
            length,
            places,
            guessed,
        })
    }

    /// How many bytes there are, where that is known.
    pub(super) fn length(&self) -> Option<u64> {
        self.length
    }

    /// How many bytes have been read.
    pub(super) fn position(&self) -> u64 {
        self.reader.position().byte()
    }

    /// The columns that nobody named, and that were known by what other systems call them: field and column.
    pub(super) fn guessed(&self) -> &[(&'static str, String)] {
        &self.guessed
    }

    /// Whether each line can name its source.
    pub(super) fn names_sources(&self) -> bool {
        self.places[SOURCE_ID].or(self.places[SOURCE]).is_some()
    }

    /// The next line; `None` at the end.
    pub(super) fn next(&mut self) -> anyhow::Result<Option<Row>> {
        let mut record = ByteRecord::new();
        let more = self
            .reader
            .read_byte_record(&mut record)
            .context("cannot read on")?;
        Ok(more.then(|| read(record, &self.places)))
    }
}

fn read(record: ByteRecord, places: &Places) -> Row {
    let number = record.position().map_or(0, csv::Position::line);
    let text = clip(&record);
    let refused = |field, reason: String| {
        Row::Refused(Refused {
            line: number,
            field,
            reason,
            text: text.clone(),
        })
    };
    let Ok(record) = StringRecord::from_byte_record(record) else {
        return refused(None, "it is not UTF-8".into());
    };
    let field = |field: usize| {
        places[field]
            .and_then(|place| record.get(place))
            .map(str::trim)
            .filter(|text| !text.is_empty())
    };
    let sku = match Sku::new(field(SKU).unwrap_or_default()) {
        Ok(sku) => sku,
        Err(error) => return refused(Some(FIELDS[SKU]), error.to_string()),
    };
    let (place, basis) = match field(ON_HAND) {
        Some(_) => (ON_HAND, Basis::OnHand),
        None => (AVAILABLE, Basis::Available),
    };
    let Some(counted) = field(place) else {
        return refused(
            None,
            "it has no count, which is not the same as zero".into(),
        );
    };
    let quantity = match counted.parse::<Quantity>() {
        Ok(quantity) => quantity,
        Err(error) => return refused(Some(FIELDS[place]), error.to_string()),
    };
    let (source, note) = (
        field(SOURCE_ID).or(field(SOURCE)).map(String::from),
        field(NOTE).map(String::from),
    );
    Row::Line(Line {
        number,
        text,
        sku,
        quantity,
        basis,
        source,
        note,
    })
}

fn clip(record: &ByteRecord) -> String {
    let joined = record
        .iter()
        .map(String::from_utf8_lossy)
        .collect::<Vec<_>>()
        .join(",");
    joined
        .chars()
        .take(TEXT_CHARS_MAX)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

/// The one that the header line has most of.
fn delimiter(bytes: &[u8]) -> u8 {
    let header = bytes
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    let count = |delimiter: &u8| header.iter().filter(|byte| *byte == delimiter).count();
    // Of equals the last would win: the comma stands last.
    DELIMITERS
        .into_iter()
        .rev()
        .max_by_key(count)
        .unwrap_or(b',')
}

// === impl Columns ===

impl Columns {
    /// From texts like `sku=Article,on_hand=Count`.
    pub(super) fn from_mapping(texts: &[String]) -> Result<Self, String> {
        let mut columns = Self::default();
        for part in texts.iter().flat_map(|text| text.split(',')) {
            let Some((field, column)) = part
                .split_once('=')
                .map(|(field, column)| (field.trim(), column.trim()))
            else {
                return Err(format!(
                    "`--map`: `{part}` is no mapping; write field=column, for example on_hand=Count"
                ));
            };
            let Some(place) = FIELDS.iter().position(|known| *known == field) else {
                return Err(format!(
                    "`--map`: `{field}` is no field of a stock file; the fields are {}",
                    FIELDS.join(", ")
                ));
            };
            if columns.0[place].replace(column.into()).is_some() {
                return Err(format!("`--map`: field `{field}` is mapped twice"));
            }
        }
        Ok(columns)
    }

    fn guessed(&self, places: &Places, header: &StringRecord) -> Vec<(&'static str, String)> {
        let places = places.iter().enumerate();
        let named =
            places.filter_map(|(field, place)| Some((field, header.get((*place)?)?.trim())));
        let guessed =
            named.filter(|(field, name)| self.0[*field].is_none() && *name != FIELDS[*field]);
        guessed
            .map(|(field, name)| (FIELDS[field], name.to_owned()))
            .collect()
    }

    fn find_in(&self, header: &StringRecord) -> Result<Places, String> {
        let mut places = Places::default();
        for (field, place) in places.iter_mut().enumerate() {
            let column = self.0[field].as_deref().unwrap_or(FIELDS[field]);
            *place = header.iter().position(|name| name.trim() == column);
            if place.is_none()
                && self.0[field].is_none()
                && [SKU, ON_HAND, AVAILABLE].contains(&field)
            {
                *place = guess(FIELDS[field], header)?;
            }
            let is_needed = field == SKU || self.0[field].is_some();
            if is_needed && place.is_none() {
                return Err(missing(column, FIELDS[field], header));
            }
        }
        match places[ON_HAND].or(places[AVAILABLE]) {
            Some(_) => Ok(places),
            None => Err(missing("on_hand", "on_hand (or available)", header)),
        }
    }
}

/// The column that other systems call so.
fn guess(field: &str, header: &StringRecord) -> Result<Option<usize>, String> {
    let found = heading::find(field, header.iter());
    found.map_err(|ambiguous| {
        let columns = ambiguous.columns.join("`, `");
        format!("`{columns}` could each be {field}; say which one it is with `--map {field}=…`")
    })
}

fn missing(column: &str, field: &str, header: &StringRecord) -> String {
    let found = header.iter().collect::<Vec<_>>().join(", ");
    format!("the file has no column `{column}` for {field}; name one with `--map`; it has: {found}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &'static str, mapping: &str) -> Vec<Row> {
        let mapping: Vec<_> = Some(mapping.to_owned())
            .filter(|text| !text.is_empty())
            .into_iter()
            .collect();
        let columns = Columns::from_mapping(&mapping).unwrap();
        let mut file = StockFile::new(Box::new(text.as_bytes()), None, &columns).unwrap();
        std::iter::from_fn(|| file.next().unwrap()).collect()
    }

    fn line(number: u64, text: &str, sku: &str, units: i64) -> Line {
        Line {
            number,
            text: text.into(),
            sku: Sku::new(sku).unwrap(),
            quantity: Quantity::units(units),
            basis: Basis::OnHand,
            source: None,
            note: None,
        }
    }

    #[test]
    fn columns_are_found_by_name_or_by_mapping_whatever_stands_between_them() {
        assert_eq!(
            rows("sku,on_hand\nA,3\n", ""),
            [Row::Line(line(2, "A,3", "A", 3))]
        );
        assert_eq!(
            rows("Anzahl;Artikel\n3;A\n", "sku=Artikel,on_hand=Anzahl"),
            [Row::Line(line(2, "3,A", "A", 3))]
        );
        let full = Line {
            basis: Basis::Available,
            source: Some("Main".into()),
            note: Some("counted".into()),
            ..line(2, "A,,3,Main,counted", "A", 3)
        };
        assert_eq!(
            rows(
                "sku\ton_hand\tavailable\tsource\tnote\nA\t\t3\tMain\tcounted\n",
                ""
            ),
            [Row::Line(full)]
        );
    }

    #[test]
    fn a_line_that_cannot_be_taken_names_its_field_and_the_others_go_on() {
        let rows = rows(
            "sku,on_hand\n,1\nA,many\nB,\nC,1.0000001\n\"D\nD\",1\nE,5\n",
            "",
        );
        let reasons: Vec<_> = rows
            .iter()
            .map(|row| match row {
                Row::Refused(refused) => (refused.line, refused.field, refused.reason.as_str()),
                Row::Line(line) => (line.number, None, "taken"),
            })
            .collect();
        assert_eq!(
            reasons,
            [
                (2, Some("sku"), "a SKU must not be empty"),
                (3, Some("on_hand"), "`many` is not a decimal number"),
                (4, None, "it has no count, which is not the same as zero"),
                (5, Some("on_hand"), "`1.0000001` has more than six decimals"),
                (6, Some("sku"), "a SKU must not hold control characters"),
                (8, None, "taken"),
            ]
        );
    }

    #[test]
    fn what_is_not_utf_8_is_refused_and_shown_as_far_as_it_goes() {
        let columns = Columns::default();
        let mut file = StockFile::new(
            Box::new(b"sku,on_hand\n\xff,1\n".as_slice()),
            None,
            &columns,
        )
        .unwrap();
        let Some(Row::Refused(refused)) = file.next().unwrap() else {
            panic!("it is taken")
        };
        assert_eq!(
            (refused.reason.as_str(), refused.text.as_str()),
            ("it is not UTF-8", "\u{fffd},1")
        );
    }

    #[test]
    fn a_file_without_the_columns_is_refused_with_those_it_has() {
        let check = |text: &'static str, mapping: &[&str], expected: &str| {
            let mapping: Vec<_> = mapping.iter().map(ToString::to_string).collect();
            let columns = Columns::from_mapping(&mapping);
            let opened = columns.and_then(|columns| {
                StockFile::new(Box::new(text.as_bytes()), None, &columns)
                    .map(drop)
                    .map_err(|error| error.to_string())
            });
            assert_eq!(opened.unwrap_err(), expected);
        };
        check(
            "a,b\n",
            &[],
            "the file has no column `sku` for sku; name one with `--map`; it has: a, b",
        );
        check(
            "sku,b\n",
            &[],
            "the file has no column `on_hand` for on_hand (or available); name one with `--map`; it has: sku, b",
        );
        check(
            "sku,on_hand\n",
            &["note=N"],
            "the file has no column `N` for note; name one with `--map`; it has: sku, on_hand",
        );
        check(
            "",
            &["sku"],
            "`--map`: `sku` is no mapping; write field=column, for example on_hand=Count",
        );
        check(
            "",
            &["qty=A"],
            "`--map`: `qty` is no field of a stock file; the fields are sku, on_hand, available, source_id, source, note",
        );
        check(
            "",
            &["sku=A", "sku=B"],
            "`--map`: field `sku` is mapped twice",
        );
    }
}
