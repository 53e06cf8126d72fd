//! CSV as it is found: any of three delimiters, quoted line breaks, Latin-1 names, and quotation marks left open.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::ImportError;
use super::mapping::{Field, Mapping, nearest};
use super::record::{Input, Record};
use super::report::Refusal;
use crate::clip::clip;
use crate::heading;

/// Longest record taken, in bytes. Beyond it a quotation mark was left open, and the record is given up at its first
/// line's end, so that one bad line costs itself and not the rest of the file.
const RECORD_BYTES_MAX: usize = 64 << 10;

/// How much is looked at before the length of the record under way is checked again.
const PIECE_BYTES: usize = 16 << 10;

pub(super) struct CsvDecoder {
    mapping: Mapping,
    /// What has come of the header line; its delimiter is chosen when it is complete.
    header: Vec<u8>,
    table: Option<Table>,
}

/// The table behind the header line.
struct Table {
    reader: Reader,
    delimiter: u8,
    /// Where the fields stand, once the header has been read.
    columns: Option<Columns>,
    fields: Vec<u8>,
    fields_used: usize,
    ends: Vec<usize>,
    ends_used: usize,
    /// The record under way as it stands in the file, and the file's line it begins on.
    raw: Vec<u8>,
    line: u64,
}

/// Which field stands in which column.
struct Columns {
    at: [Option<usize>; Field::COUNT],
    count: usize,
    /// Those that nobody named, and that were known by what others call them.
    guessed: Vec<(Field, String)>,
}

// === impl CsvDecoder ===

impl CsvDecoder {
    pub(super) fn new(mapping: Mapping) -> Self {
        Self {
            mapping,
            header: Vec::new(),
            table: None,
        }
    }

    pub(super) fn push(
        &mut self,
        bytes: &[u8],
        inputs: &mut Vec<Input>,
    ) -> Result<(), ImportError> {
        if let Some(table) = &mut self.table {
            return table.push(bytes, &self.mapping, inputs);
        }
        self.header.extend_from_slice(bytes);
        let complete = self.header.trim_ascii_start().contains(&b'\n');
        if complete || self.header.len() > RECORD_BYTES_MAX {
            self.begin(inputs)?;
        }
        Ok(())
    }

    pub(super) fn finish(&mut self, inputs: &mut Vec<Input>) -> Result<(), ImportError> {
        if self.table.is_none() {
            self.begin(inputs)?;
        }
        match &mut self.table {
            Some(table) => table.finish(&self.mapping, inputs),
            None => Ok(()),
        }
    }

    /// The columns that were known by what others call them; none before the header was read.
    pub(super) fn guessed(&self) -> &[(Field, String)] {
        let columns = self.table.as_ref().and_then(|table| table.columns.as_ref());
        columns.map_or(&[], |columns| &columns.guessed)
    }

    /// The header is there: chooses the delimiter and reads all that has come.
    fn begin(&mut self, inputs: &mut Vec<Input>) -> Result<(), ImportError> {
        let bytes = std::mem::take(&mut self.header);
        let table = self.table.insert(Table::new(delimiter(&bytes)));
        table.push(&bytes, &self.mapping, inputs)
    }
}

/// The one of three that the header line has most of; a comma when it has none.
fn delimiter(bytes: &[u8]) -> u8 {
    let start = bytes.trim_ascii_start();
    let header = start
        .split(|&byte| byte == b'\n')
        .next()
        .unwrap_or_default();
    let times = |delimiter: u8| header.iter().filter(|&&byte| byte == delimiter).count();
    [b'\t', b';', b',']
        .into_iter()
        .max_by_key(|&delimiter| times(delimiter))
        .unwrap_or(b',')
}

// === impl Table ===

impl Table {
    fn new(delimiter: u8) -> Self {
        Self {
            reader: ReaderBuilder::new().delimiter(delimiter).build(),
            delimiter,
            columns: None,
            fields: vec![0; 1024],
            fields_used: 0,
            ends: vec![0; 32],
            ends_used: 0,
            raw: Vec::new(),
            line: 1,
        }
    }

    fn push(
        &mut self,
        bytes: &[u8],
        mapping: &Mapping,
        inputs: &mut Vec<Input>,
    ) -> Result<(), ImportError> {
        for piece in bytes.chunks(PIECE_BYTES) {
            self.read(piece, mapping, inputs)?;
            while self.raw.len() > RECORD_BYTES_MAX {
                self.give_up_line(mapping, inputs)?;
            }
        }
        Ok(())
    }

    /// A record that even a line break does not end has a quotation mark left open.
    fn finish(&mut self, mapping: &Mapping, inputs: &mut Vec<Input>) -> Result<(), ImportError> {
        loop {
            self.read(b"\n", mapping, inputs)?;
            if self.raw.trim_ascii().is_empty() {
                break;
            }
            self.give_up_line(mapping, inputs)?;
        }
        match self.columns {
            Some(_) => Ok(()),
            None => Err(ImportError::NoHeader),
        }
    }

    fn read(
        &mut self,
        mut bytes: &[u8],
        mapping: &Mapping,
        inputs: &mut Vec<Input>,
    ) -> Result<(), ImportError> {
        loop {
            let (fields, ends) = (
                &mut self.fields[self.fields_used..],
                &mut self.ends[self.ends_used..],
            );
            let (result, read, written, ended) = self.reader.read_record(bytes, fields, ends);
            self.raw.extend_from_slice(&bytes[..read]);
            bytes = &bytes[read..];
            self.fields_used += written;
            self.ends_used += ended;
            match result {
                ReadRecordResult::InputEmpty | ReadRecordResult::End => return Ok(()),
                ReadRecordResult::OutputFull => self.fields.resize(2 * self.fields.len(), 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(2 * self.ends.len(), 0),
                ReadRecordResult::Record => self.end_record(mapping, inputs)?,
            }
            // An empty slice would tell the reader that the file has ended.
            if bytes.is_empty() {
                return Ok(());
            }
        }
    }

    fn end_record(
        &mut self,
        mapping: &Mapping,
        inputs: &mut Vec<Input>,
    ) -> Result<(), ImportError> {
        let raw = std::mem::take(&mut self.raw);
        let blank_lines = leading_line_breaks(&raw);
        let line = self.line + blank_lines;
        self.line += line_breaks(&raw);
        let ends = &self.ends[..self.ends_used];
        let mut start = 0;
        let fields: Vec<&[u8]> = ends
            .iter()
            .map(|&end| &self.fields[std::mem::replace(&mut start, end)..end])
            .collect();
        match &self.columns {
            _ if fields.iter().all(|field| field.trim_ascii().is_empty()) => {}
            None => self.columns = Some(Columns::find(&fields, mapping)?),
            Some(columns) => inputs.push(columns.record(&fields, line, &raw)),
        }
        self.restart_record();
        Ok(())
    }

    fn restart_record(&mut self) {
        self.fields_used = 0;
        self.ends_used = 0;
    }

    /// Refuses the first line of the record under way and reads the rest of it anew.
    fn give_up_line(
        &mut self,
        mapping: &Mapping,
        inputs: &mut Vec<Input>,
    ) -> Result<(), ImportError> {
        let raw = std::mem::take(&mut self.raw);
        let blank_lines = leading_line_breaks(&raw);
        let start = raw.len() - raw.trim_ascii_start().len();
        let line_end = raw[start..].iter().position(|&byte| byte == b'\n');
        let end = line_end.map_or(raw.len(), |at| start + at + 1);
        let record = Record::new(self.line + blank_lines, &raw[..end]);
        let reason = format!(
            "is longer than {} KiB, or a quotation mark on it is not closed",
            RECORD_BYTES_MAX >> 10
        );
        inputs.push(Input::Refused(Refusal::new(record.at(), reason), None));
        self.line += line_breaks(&raw[..end]);
        self.reader = ReaderBuilder::new().delimiter(self.delimiter).build();
        self.restart_record();
        match &raw[end..] {
            [] => Ok(()),
            rest => self.read(rest, mapping, inputs),
        }
    }
}

fn line_breaks(raw: &[u8]) -> u64 {
    raw.iter().filter(|&&byte| byte == b'\n').count() as u64
}

/// Line breaks before the record's first character: blank lines, or the second half of a CR LF.
fn leading_line_breaks(raw: &[u8]) -> u64 {
    let blank = raw.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    blank.filter(|&&byte| byte == b'\n').count() as u64
}

// === impl Columns ===

impl Columns {
    /// Finds every field's column in the header: by its exact name, else without regard to case.
    fn find(header: &[&[u8]], mapping: &Mapping) -> Result<Self, ImportError> {
        let names: Vec<String> = header
            .iter()
            .map(|name| text(name).trim().to_owned())
            .collect();
        let mut columns = Self {
            at: [None; Field::COUNT],
            count: names.len(),
            guessed: Vec::new(),
        };
        for field in Field::ALL {
            columns.at[field as usize] = find_column(&names, mapping.column(field))?;
            if columns.at[field as usize].is_none()
                && field.is_needed()
                && !mapping.is_mapped(field)
            {
                columns.guess(field, &names)?;
            }
            if columns.at[field as usize].is_none()
                && (field.is_needed() || mapping.is_mapped(field))
            {
                return Err(missing(field, mapping.column(field), &names));
            }
        }
        Ok(columns)
    }

    fn guess(&mut self, field: Field, names: &[String]) -> Result<(), ImportError> {
        let found = heading::find(field.as_str(), names.iter().map(String::as_str));
        let found = found.map_err(|ambiguous| ImportError::AmbiguousColumn {
            field: field.as_str(),
            columns: ambiguous.columns.join("`, `"),
        })?;
        if let Some(at) = found {
            self.at[field as usize] = Some(at);
            self.guessed.push((field, names[at].clone()));
        }
        Ok(())
    }

    fn record(&self, fields: &[&[u8]], line: u64, raw: &[u8]) -> Input {
        let mut record = Record::new(line, raw);
        let mut unreadable = None;
        for field in Field::ALL {
            let Some(bytes) = self.at[field as usize].and_then(|at| fields.get(at)) else {
                continue;
            };
            match std::str::from_utf8(bytes) {
                Ok(value) => record.set(field, value),
                Err(_) if field == Field::Name => record.set(field, &text(bytes)),
                Err(_) => unreadable = Some(field),
            }
        }
        if let Some(field) = unreadable {
            let refusal = Refusal::of(field, record.at(), "is not UTF-8 text");
            return Input::Refused(refusal, Some(record));
        }
        if fields.len() != self.count {
            let reason = format!(
                "has {} fields where the header has {}",
                fields.len(),
                self.count
            );
            return Input::Refused(Refusal::new(record.at(), reason), Some(record));
        }
        Input::Row(record)
    }
}

fn find_column(names: &[String], column: &str) -> Result<Option<usize>, ImportError> {
    let places = |same: &dyn Fn(&str) -> bool| -> Vec<usize> {
        (0..names.len()).filter(|&at| same(&names[at])).collect()
    };
    let exact = places(&|name| name == column);
    let found = match exact.is_empty() {
        true => places(&|name| name.eq_ignore_ascii_case(column)),
        false => exact,
    };
    match found.as_slice() {
        [] => Ok(None),
        [at] => Ok(Some(*at)),
        _ => Err(ImportError::RepeatedColumn(column.into())),
    }
}

fn missing(field: Field, column: &str, names: &[String]) -> ImportError {
    const SHOWN_MAX: usize = 20;
    let hint = match nearest(column, names.iter().map(String::as_str)) {
        Some(near) => format!("is it `{near}`? say {field}={near}; "),
        None => format!("say which one it is with {field}=…; "),
    };
    ImportError::MissingColumn {
        field: field.as_str(),
        column: column.into(),
        hint,
        found: clip(names[..names.len().min(SHOWN_MAX)].join(", ").as_bytes()),
    }
}

/// UTF-8, or else Latin-1, in which old systems write names.
fn text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|&byte| char::from(byte)).collect(),
    }
}
