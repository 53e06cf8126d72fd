//! `POST graphql`: a schema of the account's own, checked and executed as GraphQL demands.
//!
//! The names of the stock columns belong to the account, so the schema is written anew for each request.

mod connection;
mod field;
mod format;
mod node;
mod schema;

use apollo_compiler::ExecutableDocument;
use apollo_compiler::resolvers::Execution;
use apollo_compiler::response::{GraphQLError, JsonMap};
use serde::Deserialize;
use serde_json::{Value, json};

use super::book::Book;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    query: String,
    #[serde(default)]
    variables: Option<JsonMap>,
    #[serde(default)]
    operation_name: Option<String>,
}

/// Answers a GraphQL request; errors are part of the answer.
pub(crate) fn execute(book: &Book, body: &[u8]) -> Value {
    let body: Body = match serde_json::from_slice(body) {
        Ok(body) => body,
        Err(error) => {
            return json!({ "errors": [{ "message": format!("cannot read the request: {error}") }] });
        }
    };
    match run(book, body) {
        Ok(answer) => answer,
        Err(errors) => json!({ "errors": errors }),
    }
}

fn run(book: &Book, body: Body) -> Result<Value, Vec<GraphQLError>> {
    let fields = field::fields(book);
    let schema = schema::schema(&fields);
    let document = ExecutableDocument::parse_and_validate(&schema, body.query, "query.graphql")
        .map_err(|invalid| {
            invalid
                .errors
                .iter()
                .map(|error| error.to_json())
                .collect::<Vec<_>>()
        })?;
    let variables = body.variables.unwrap_or_default();
    let root = node::Root {
        book,
        fields: &fields,
    };
    let refused = |error: apollo_compiler::request::RequestError| {
        vec![error.to_graphql_error(&document.sources)]
    };
    let execution = Execution::new(&schema, &document)
        .enable_schema_introspection(true)
        .raw_variable_values(&variables)
        .operation_name(body.operation_name.as_deref())
        .map_err(refused)?;
    let response = execution.execute_sync(&root).map_err(refused)?;
    Ok(serde_json::to_value(response).expect("an execution response is JSON"))
}
