//! What a bulk query may look like.

use apollo_compiler::ExecutableDocument;
use apollo_compiler::executable::{Field, Operation, SelectionSet};

const CONNECTIONS_MAX: usize = 5;
const NESTING_MAX: usize = 2;

/// What the walk found so far.
#[derive(Default)]
struct Found {
    connections: usize,
    deepest: usize,
}

/// Where the walk is.
#[derive(Clone, Copy)]
struct Place {
    depth: usize,
    in_list: bool,
}

/// Refuses what the service refuses, with its words.
pub(super) fn check(document: &ExecutableDocument) -> Result<(), String> {
    let Ok(operation) = document.operations.get(None) else {
        return Err("Bulk queries must contain exactly one operation.".to_owned());
    };
    check_top(operation)?;
    let mut found = Found::default();
    walk(
        document,
        &operation.selection_set,
        Place {
            depth: 0,
            in_list: false,
        },
        &mut found,
    )?;
    if found.connections == 0 {
        return Err("Bulk queries must contain at least one connection.".to_owned());
    }
    if found.connections > CONNECTIONS_MAX {
        return Err(format!(
            "Bulk queries cannot contain more than {CONNECTIONS_MAX} connections."
        ));
    }
    if found.deepest > NESTING_MAX {
        return Err(format!(
            "Bulk queries cannot contain connections with a nesting depth greater than {NESTING_MAX}."
        ));
    }
    Ok(())
}

fn check_top(operation: &Operation) -> Result<(), String> {
    if !operation.is_query() {
        return Err("Bulk queries must be a query operation.".to_owned());
    }
    let fields: Vec<_> = operation.selection_set.fields().collect();
    match fields.as_slice() {
        [field] if field.name == "node" || field.name == "nodes" => Err(format!(
            "Bulk queries cannot contain the top level field '{}'.",
            field.name
        )),
        [_] => Ok(()),
        _ => Err("Bulk queries must have a single top-level field.".to_owned()),
    }
}

fn walk(
    document: &ExecutableDocument,
    set: &SelectionSet,
    place: Place,
    found: &mut Found,
) -> Result<(), String> {
    let fields = set.root_fields(document);
    for field in fields {
        let below = match is_connection(field) {
            true => enter(document, field, place, found)?,
            false => Place {
                in_list: place.in_list || (field.ty().is_list() && field.name != "edges"),
                ..place
            },
        };
        walk(document, &field.selection_set, below, found)?;
    }
    Ok(())
}

fn enter(
    document: &ExecutableDocument,
    field: &Field,
    place: Place,
    found: &mut Found,
) -> Result<Place, String> {
    if place.in_list {
        return Err(format!(
            "Queries that contain a connection field within a list field are not currently supported: {}.",
            field.name
        ));
    }
    found.connections += 1;
    let depth = place.depth + 1;
    found.deepest = found.deepest.max(depth);
    if field
        .selection_set
        .fields()
        .any(|part| part.name == "nodes")
    {
        return Err(
            "Selecting via 'nodes' is not supported. Use 'edges { node }' instead.".to_owned(),
        );
    }
    let edges = field
        .selection_set
        .fields()
        .find(|part| part.name == "edges");
    let node = edges.and_then(|edges| {
        edges
            .selection_set
            .fields()
            .find(|part| part.name == "node")
    });
    let Some(node) = node else {
        return Err(format!(
            "Connection fields must select 'edges {{ node }}': {}.",
            field.name
        ));
    };
    let mut below = node.selection_set.all_fields(document);
    let has_connection = below.any(|part| is_connection(part));
    let selects_id = node
        .selection_set
        .root_fields(document)
        .any(|part| part.name == "id" && part.alias.is_none());
    if has_connection && !selects_id {
        return Err(format!(
            "The parent 'node' field for a nested connection must select the 'id' field without an alias and must be of 'ID' return type. Connection fields without 'id': {}.",
            field.name
        ));
    }
    Ok(Place {
        depth,
        in_list: false,
    })
}

fn is_connection(field: &Field) -> bool {
    field.ty().inner_named_type().ends_with("Connection")
}
