//! What a query costs, in the points of the throttle bucket.
//!
//! An empirical fit to recorded answers, not a documented rule: an object is 1, a scalar 0, a mutation 10 with its
//! payload's own fields, a plain list 1, and a connection `2 + f(n) × (1 + its node)` with `f(n) = ⌊2·ln n⌋`, at
//! least 1. The requested cost takes `n` from the arguments, the actual cost from the answer.

use apollo_compiler::ExecutableDocument;
use apollo_compiler::executable::{Field, Operation, Selection, SelectionSet, Value as Literal};
use apollo_compiler::response::{JsonMap, JsonValue};
use apollo_compiler::schema::ExtendedType;

use super::schema::schema;

/// The most a single query may cost, on every plan.
pub(crate) const QUERY_COST_MAX: u64 = 1_000;

/// The walk over one operation.
pub(crate) struct Cost<'a> {
    pub(crate) document: &'a ExecutableDocument,
    pub(crate) variables: &'a JsonMap,
}

impl Cost<'_> {
    pub(crate) fn requested(&self, operation: &Operation) -> u64 {
        self.selection(&operation.selection_set, operation.is_mutation(), None)
    }

    /// The cost of what was really answered.
    pub(crate) fn actual(&self, operation: &Operation, data: &JsonMap) -> u64 {
        let data = JsonValue::Object(data.clone());
        self.selection(
            &operation.selection_set,
            operation.is_mutation(),
            Some(&data),
        )
    }

    fn selection(&self, set: &SelectionSet, mutation: bool, data: Option<&JsonValue>) -> u64 {
        let mut own = 0;
        let mut dearest_type = 0;
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => own += self.field(field, mutation, data),
                Selection::FragmentSpread(spread) => {
                    let fragment = spread.fragment_def(self.document);
                    own += fragment.map_or(0, |fragment| {
                        self.selection(&fragment.selection_set, mutation, data)
                    });
                }
                Selection::InlineFragment(inline) => {
                    dearest_type =
                        dearest_type.max(self.selection(&inline.selection_set, mutation, data));
                }
            }
        }
        own + dearest_type
    }

    fn field(&self, field: &Field, mutation: bool, data: Option<&JsonValue>) -> u64 {
        let answered = data.map(|data| {
            data.get(field.response_key().as_str())
                .unwrap_or(&JsonValue::Null)
        });
        let free = field.name.starts_with("__") || field.name == "pageInfo" || !is_object(field);
        if free || answered.is_some_and(JsonValue::is_null) {
            return if mutation { 10 } else { 0 };
        }
        if mutation {
            return 10 + self.payload(&field.selection_set, answered);
        }
        if field.ty().inner_named_type().ends_with("Connection") {
            return self.connection(field, answered);
        }
        match answered {
            Some(JsonValue::Array(list)) => {
                1 + list
                    .iter()
                    .map(|one| self.selection(&field.selection_set, false, Some(one)))
                    .max()
                    .unwrap_or(0)
            }
            answered => 1 + self.selection(&field.selection_set, false, answered),
        }
    }

    /// A payload's own fields come with the mutation; only what is below them costs.
    fn payload(&self, set: &SelectionSet, data: Option<&JsonValue>) -> u64 {
        let fields = set.fields().filter(|field| is_object(field));
        fields
            .map(|field| {
                let answered = data.and_then(|data| data.get(field.response_key().as_str()));
                match (data, answered) {
                    (Some(_), None | Some(JsonValue::Null | JsonValue::Array(_))) => 0,
                    _ => self.selection(&field.selection_set, false, answered),
                }
            })
            .sum()
    }

    fn connection(&self, field: &Field, data: Option<&JsonValue>) -> u64 {
        let mut per_node = 0;
        let mut answered_nodes = 0;
        for part in field.selection_set.fields() {
            let list = data
                .and_then(|data| data.get(part.response_key().as_str()))
                .and_then(JsonValue::as_array);
            answered_nodes = answered_nodes.max(list.map_or(0, Vec::len));
            per_node += match part.name.as_str() {
                "nodes" => self.dearest(&part.selection_set, list),
                "edges" => {
                    let node = part
                        .selection_set
                        .fields()
                        .find(|field| field.name == "node");
                    let nodes: Option<Vec<JsonValue>> = list.map(|edges| {
                        edges
                            .iter()
                            .filter_map(|edge| edge.get("node").cloned())
                            .collect()
                    });
                    node.map_or(0, |node| self.dearest(&node.selection_set, nodes.as_ref()))
                }
                _ => 0,
            };
        }
        match data {
            Some(_) if answered_nodes == 0 => 2,
            Some(_) => 2 + weight(answered_nodes as u64) * (1 + per_node),
            None => 2 + weight(self.page_size(field)) * (1 + per_node),
        }
    }

    fn dearest(&self, set: &SelectionSet, nodes: Option<&Vec<JsonValue>>) -> u64 {
        match nodes {
            Some(nodes) => nodes
                .iter()
                .map(|node| self.selection(set, false, Some(node)))
                .max()
                .unwrap_or(0),
            None => self.selection(set, false, None),
        }
    }

    fn page_size(&self, field: &Field) -> u64 {
        let sizes = ["first", "last"].map(|name| {
            match field.specified_argument_by_name(name).map(|value| &**value) {
                Some(Literal::Int(size)) => size.as_str().parse().ok(),
                Some(Literal::Variable(variable)) => self
                    .variables
                    .get(variable.as_str())
                    .and_then(JsonValue::as_u64),
                _ => None,
            }
        });
        sizes.into_iter().flatten().next().unwrap_or(1)
    }
}

fn weight(size: u64) -> u64 {
    ((2.0 * (size.max(1) as f64).ln()).floor() as u64).max(1)
}

fn is_object(field: &Field) -> bool {
    let kind = field.inner_type_def(schema());
    !matches!(
        kind,
        None | Some(ExtendedType::Scalar(_) | ExtendedType::Enum(_))
    )
}
