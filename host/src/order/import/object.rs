//! A JSON object becomes one line of an order or, when it holds `lines` or `items`, a whole order.

use serde_json::{Map, Value};

use super::mapping::{Field, Mapping};
use super::record::{Input, Record};
use super::report::Refusal;
use crate::json_stream::Found;

/// Under which keys the lines of a whole order are looked for.
const LINES_KEYS: [&str; 2] = ["lines", "items"];

type Object = Map<String, Value>;

/// Reads what was found in the file.
pub(super) fn read(Found { line, raw, flaw }: Found<'_>, mapping: &Mapping) -> Input {
    let refuse =
        |reason: String| Input::Refused(Refusal::new(Record::new(line, raw).at(), reason), None);
    if let Some(flaw) = flaw {
        return refuse(flaw.to_string());
    }
    let object = match serde_json::from_slice::<Object>(raw) {
        Ok(object) => object,
        Err(error) => return refuse(format!("is no JSON object: {error}")),
    };
    let (head, refusal) = record(&object, Record::new(line, raw), mapping);
    if let Some(refusal) = refusal {
        return Input::Refused(refusal, Some(head));
    }
    let Some(lines) = LINES_KEYS
        .iter()
        .find_map(|key| object.get(*key)?.as_array())
    else {
        return Input::Row(head);
    };
    let records = lines.iter().map(|item| line_record(item, line, mapping));
    match records.collect() {
        Ok(records) => Input::Order(head, records),
        Err(refusal) => Input::Refused(refusal, Some(head)),
    }
}

fn line_record(item: &Value, line: u64, mapping: &Mapping) -> Result<Record, Refusal> {
    let shown = Record::new(line, item.to_string().as_bytes());
    match item {
        Value::Object(object) => match record(object, shown, mapping) {
            (record, None) => Ok(record),
            (_, Some(refusal)) => Err(refusal),
        },
        _ => Err(Refusal::new(
            shown.at(),
            "a line of the order is no JSON object",
        )),
    }
}

/// The fields that can be read, and why one cannot.
fn record(object: &Object, mut record: Record, mapping: &Mapping) -> (Record, Option<Refusal>) {
    let mut refusal = None;
    for field in Field::ALL {
        match object.get(mapping.column(field)) {
            None | Some(Value::Null) => {}
            Some(Value::String(text)) => record.set(field, text),
            Some(Value::Number(number)) => record.set(field, &number.to_string()),
            Some(Value::Bool(flag)) => record.set(field, if *flag { "true" } else { "false" }),
            Some(_) => {
                let unread = Refusal::of(field, record.at(), "is neither text nor number");
                refusal.get_or_insert(unread);
            }
        }
    }
    (record, refusal)
}
