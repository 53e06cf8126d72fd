//! The three formats orders come in, behind one face.

use super::ImportError;
use super::csv::CsvDecoder;
use super::mapping::{Field, Mapping};
use super::object;
use super::record::Input;
use crate::json_stream::JsonStream;

/// How orders are written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A table with a header line; comma, semicolon or tab between the fields, whichever the header uses.
    Csv,
    /// A JSON object on each line: a line of an order, or a whole order with `lines`.
    Ndjson,
    /// A JSON array of such objects, or one object alone.
    Json,
}

/// Turns bytes into records.
pub(super) enum Decoder {
    Csv(Box<CsvDecoder>),
    Json(Box<JsonStream>, Mapping),
}

// === impl Format ===

impl Format {
    /// By a file's name.
    #[must_use]
    pub fn find_by_name(name: &str) -> Option<Self> {
        match name.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
            "csv" | "tsv" | "txt" => Some(Self::Csv),
            "ndjson" | "jsonl" => Some(Self::Ndjson),
            "json" => Some(Self::Json),
            _ => None,
        }
    }

    /// By a media type, parameters and case apart.
    #[must_use]
    pub fn find_by_media_type(media_type: &str) -> Option<Self> {
        let bare = media_type.split(';').next().unwrap_or_default().trim();
        match bare.to_ascii_lowercase().as_str() {
            "text/csv" | "application/csv" | "text/tab-separated-values" => Some(Self::Csv),
            "application/x-ndjson" | "application/ndjson" | "application/jsonl" => {
                Some(Self::Ndjson)
            }
            "application/json" => Some(Self::Json),
            _ => None,
        }
    }
}

// === impl Decoder ===

impl Decoder {
    /// The columns that were known by what others call them.
    pub(super) fn guessed(&self) -> &[(Field, String)] {
        match self {
            Self::Csv(decoder) => decoder.guessed(),
            Self::Json(..) => &[],
        }
    }

    pub(super) fn new(format: Format, mapping: Mapping) -> Self {
        match format {
            Format::Csv => Self::Csv(Box::new(CsvDecoder::new(mapping))),
            Format::Ndjson => Self::Json(Box::new(JsonStream::lines()), mapping),
            Format::Json => Self::Json(Box::new(JsonStream::array()), mapping),
        }
    }

    /// Takes the next bytes and adds to `inputs` what they complete.
    pub(super) fn push(
        &mut self,
        bytes: &[u8],
        inputs: &mut Vec<Input>,
    ) -> Result<(), ImportError> {
        match self {
            Self::Csv(decoder) => decoder.push(bytes, inputs),
            Self::Json(stream, mapping) => {
                stream.push(bytes, &mut |found| {
                    inputs.push(object::read(found, mapping));
                });
                Ok(())
            }
        }
    }

    /// Adds to `inputs` what was left open when the bytes ended.
    pub(super) fn finish(&mut self, inputs: &mut Vec<Input>) -> Result<(), ImportError> {
        match self {
            Self::Csv(decoder) => decoder.finish(inputs),
            Self::Json(stream, mapping) => {
                stream.finish(&mut |found| inputs.push(object::read(found, mapping)));
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_known_by_name_or_media_type() {
        assert_eq!(Format::find_by_name("a/Orders.CSV"), Some(Format::Csv));
        assert_eq!(Format::find_by_name("orders.jsonl"), Some(Format::Ndjson));
        assert_eq!(Format::find_by_name("orders"), None);
        let by_type = Format::find_by_media_type;
        assert_eq!(
            by_type("application/json; charset=utf-8"),
            Some(Format::Json)
        );
        assert_eq!(by_type("Text/CSV"), Some(Format::Csv));
        assert_eq!(by_type("image/png"), None);
    }
}
