//! Addresses of pages: what people name things may hold any character.

use form_urlencoded::{Serializer, byte_serialize};

/// A page with its query; what is left empty is left out.
pub(super) fn with_query<'a>(
    path: &str,
    fields: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> String {
    let said = fields.into_iter().filter(|(_, value)| !value.is_empty());
    let query = Serializer::new(String::new()).extend_pairs(said).finish();
    match query.as_str() {
        "" => path.to_owned(),
        query => format!("{path}?{query}"),
    }
}

/// A name as one part of a path.
pub(super) fn segment(name: &str) -> String {
    let encoded: String = byte_serialize(name.as_bytes()).collect();
    encoded.replace('+', "%20")
}

/// A name as a part of an id within a page.
pub(super) fn element(name: &str) -> String {
    name.bytes().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_an_address_whatever_it_holds() {
        assert_eq!(segment("Größe 42/1+1?"), "Gr%C3%B6%C3%9Fe%2042%2F1%2B1%3F");
        assert_eq!(with_query("/x", [("a", ""), ("b", "1 &")]), "/x?b=1+%26");
        assert_eq!(with_query("/x", [("a", "")]), "/x");
        assert_eq!(element("A/ä"), "412fc3a4");
    }
}
