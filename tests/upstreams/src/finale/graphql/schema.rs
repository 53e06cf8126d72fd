//! The schema of the part of Finale's GraphQL that is simulated, written for one account.

use std::collections::BTreeMap;

use apollo_compiler::Schema;
use apollo_compiler::validation::Valid;

use super::field::Field;

const FRAME: &str = r#"
type Query {
  productViewConnection(
    first: Int, after: String, last: Int, before: String,
    productId: String, search: String, status: [String!], sort: [sortInput!]
  ): productConnection
}
input sortInput { field: String!, mode: String }
type productConnection { edges: [productEdge!]!, pageInfo: pageInfo! }
type productEdge { cursor: String!, node(timezone: String): product! }
type pageInfo { hasNextPage: Boolean!, hasPreviousPage: Boolean!, startCursor: String, endCursor: String }
scalar formattedValue
"#;

/// The schema with every field the account's products have.
pub(super) fn schema(fields: &BTreeMap<String, Field>) -> Valid<Schema> {
    let mut source = String::from(FRAME);
    source.push_str("type product {\n");
    for name in fields.keys() {
        source.push_str(&format!("  {name}(formatter: String): formattedValue\n"));
    }
    source.push_str("}\n");
    Schema::parse_and_validate(source, "finale.graphql")
        .expect("account names are letters and digits")
}
