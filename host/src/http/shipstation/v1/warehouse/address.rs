//! Addresses: in parts, as they are sent and told, and in the one line that we keep for people.

use serde_json::{Map, Value};

/// The parts of an address that are texts.
const PARTS: [&str; 10] = [
    "name",
    "company",
    "street1",
    "street2",
    "street3",
    "city",
    "state",
    "postalCode",
    "country",
    "phone",
];
/// What is said of every address: nobody here looks whether it is there.
const NOT_VALIDATED: &str = "Address not yet validated";

/// An address with all its parts, those that were not sent being `null`.
pub(in super::super) fn tidy(sent: &Map<String, Value>) -> Map<String, Value> {
    let text = |value: Option<&Value>| match value {
        Some(Value::String(text)) => Value::from(text.trim()),
        Some(Value::Number(number)) => number.to_string().into(),
        _ => Value::Null,
    };
    let mut address: Map<String, Value> = PARTS
        .iter()
        .map(|part| ((*part).to_owned(), text(sent.get(*part))))
        .collect();
    let residential = sent.get("residential").filter(|value| value.is_boolean());
    address.insert(
        "residential".to_owned(),
        residential.cloned().unwrap_or_default(),
    );
    address.insert("addressVerified".to_owned(), NOT_VALIDATED.into());
    address
}

/// The address as one line.
pub(in super::super) fn line(address: &Map<String, Value>) -> Option<String> {
    let part = |name: &str| {
        address
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let town = format!("{} {}", part("postalCode"), part("city"));
    let parts = [
        part("company"),
        part("street1"),
        part("street2"),
        part("street3"),
        town.trim(),
        part("state"),
        part("country"),
    ];
    let said: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    (!said.is_empty()).then(|| said.join(", "))
}

/// What can be said of an address of which only the line is known.
pub(in super::super) fn of_line(name: &str, line: Option<&str>) -> Map<String, Value> {
    let mut sent = Map::new();
    sent.insert("name".to_owned(), name.into());
    sent.insert("street1".to_owned(), line.map_or(Value::Null, Value::from));
    tidy(&sent)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_address_has_all_its_parts_and_one_line() {
        let sent = json!({ "name": "Hall", "street1": " Quay 1 ", "city": "Hamburg", "postalCode": 20457, "country": "DE" });
        let tidy = tidy(sent.as_object().unwrap());
        assert_eq!(tidy.len(), 12);
        assert_eq!(
            (&tidy["postalCode"], &tidy["street2"]),
            (&json!("20457"), &Value::Null)
        );
        assert_eq!(line(&tidy).as_deref(), Some("Quay 1, 20457 Hamburg, DE"));
        assert_eq!(line(&of_line("Hall", None)), None);
    }
}
