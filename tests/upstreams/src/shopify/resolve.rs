//! Answers GraphQL fields from the shop's state, one object at a time.
//!
//! Items, levels and locations are looked up when a field of theirs is asked for; everything else is a record of
//! JSON, whose nested objects take their type from the schema. `{"$ref": gid}` in a record stands for a real node.

mod item;
mod level;
mod location;
mod mutation;
mod page;
mod query;
mod record;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use apollo_compiler::resolvers::{FieldError, ObjectValue, ResolveInfo, ResolvedValue};
use apollo_compiler::response::{JsonMap, JsonValue};
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::fault::Fault;
use super::gid::{Gid, find_gid};
use super::shop::Shop;
use super::stock::LevelKey;
use page::Page;

/// One request's view of the shop.
pub(crate) struct Context<'s> {
    pub(crate) shop: RefCell<&'s mut Shop>,
    pub(crate) now: Timestamp,
    pub(crate) variables: &'s JsonMap,
    /// Set while a bulk operation is exported: connections need no `first`, and the root one comes in windows.
    pub(crate) window: Option<Window>,
    pub(crate) faults: Vec<Fault>,
    /// The entries of `extensions.search`.
    pub(crate) searches: RefCell<Vec<Value>>,
    /// The code of each error, by its message.
    pub(crate) codes: RefCell<Vec<(String, &'static str)>>,
}

/// The part of a root connection that is exported now.
#[derive(Debug)]
pub(crate) struct Window {
    pub(crate) after: Option<u64>,
    pub(crate) size: usize,
    /// The last node of this window, when there are more.
    pub(crate) last: Cell<Option<u64>>,
}

/// Which object of the graph.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Query,
    Mutation,
    Item(u64),
    Level(LevelKey),
    Location(u64),
    Page(Rc<Page>),
    Edge(Rc<Page>, usize),
    Record {
        type_name: Rc<str>,
        fields: Rc<Map<String, Value>>,
    },
}

/// What a field resolves to.
pub(crate) enum Answer {
    Leaf(Value),
    Object(Kind),
    List(Vec<Answer>),
}

/// An object of the graph within one request.
pub(crate) struct Object<'c, 's> {
    pub(crate) ctx: &'c Context<'s>,
    pub(crate) kind: Kind,
}

impl ObjectValue for Object<'_, '_> {
    fn type_name(&self) -> &str {
        match &self.kind {
            Kind::Query => "QueryRoot",
            Kind::Mutation => "Mutation",
            Kind::Item(_) => "InventoryItem",
            Kind::Level(_) => "InventoryLevel",
            Kind::Location(_) => "Location",
            Kind::Page(page) => page.connection_type,
            Kind::Edge(page, _) => page.edge_type,
            Kind::Record { type_name, .. } => type_name,
        }
    }

    fn resolve_field<'a>(
        &'a self,
        info: &'a ResolveInfo<'a>,
    ) -> Result<ResolvedValue<'a>, FieldError> {
        let answer = match &self.kind {
            Kind::Query => query::field(self.ctx, info),
            Kind::Mutation => mutation::field(self.ctx, info),
            Kind::Item(id) => item::field(self.ctx, *id, info),
            Kind::Level(key) => level::field(self.ctx, *key, info),
            Kind::Location(id) => location::field(self.ctx, *id, info),
            Kind::Page(page) => page::field(page, info),
            Kind::Edge(page, index) => page::edge_field(page, *index, info),
            Kind::Record { fields, .. } => record::field(self.ctx, fields, info),
        };
        match answer? {
            Some(answer) => Ok(self.ctx.resolved(answer)),
            None => Err(self.unknown_field_error(info)),
        }
    }
}

impl<'s> Context<'s> {
    pub(crate) fn new(shop: &'s mut Shop, variables: &'s JsonMap, now: Timestamp) -> Self {
        Self {
            shop: RefCell::new(shop),
            now,
            variables,
            window: None,
            faults: Vec::new(),
            searches: RefCell::default(),
            codes: RefCell::default(),
        }
    }

    /// A top-level error with a code in its extensions.
    pub(crate) fn error(&self, code: &'static str, message: impl Into<String>) -> FieldError {
        let message = message.into();
        self.codes.borrow_mut().push((message.clone(), code));
        FieldError { message }
    }

    /// The node a global id stands for, if it exists.
    pub(crate) fn find_node(&self, gid: &Gid) -> Option<Kind> {
        let shop = self.shop.borrow();
        match gid.kind.as_str() {
            "InventoryItem" => shop
                .items
                .contains_key(&gid.number)
                .then_some(Kind::Item(gid.number)),
            "Location" => shop
                .locations
                .contains_key(&gid.number)
                .then_some(Kind::Location(gid.number)),
            "InventoryLevel" => {
                let location = shop
                    .locations
                    .values()
                    .find(|location| location.level_number == gid.number)?;
                let key = LevelKey {
                    item: gid.item?,
                    location: location.id,
                };
                shop.level(key).map(|_| Kind::Level(key))
            }
            "BulkOperation" => shop
                .jobs
                .find(gid.number)
                .map(|job| record::kind("BulkOperation", job.record(self.now))),
            _ => None,
        }
    }

    fn resolved<'a>(&'a self, answer: Answer) -> ResolvedValue<'a> {
        match answer {
            Answer::Leaf(value) => ResolvedValue::leaf(JsonValue::from(value)),
            Answer::Object(kind) => ResolvedValue::object(Object { ctx: self, kind }),
            Answer::List(answers) => {
                ResolvedValue::list(answers.into_iter().map(|answer| self.resolved(answer)))
            }
        }
    }

    /// The node behind an id argument.
    fn node_argument(&self, text: &str) -> Result<Option<Kind>, FieldError> {
        let Some(gid) = find_gid(text) else {
            return Err(self.error("INVALID_VARIABLE", format!("Invalid global id '{text}'")));
        };
        Ok(self.find_node(&gid))
    }
}

impl Answer {
    /// The node, or null.
    fn node(kind: Option<Kind>) -> Self {
        kind.map_or(Answer::Leaf(Value::Null), Answer::Object)
    }
}

impl<T: Into<Value>> From<T> for Answer {
    fn from(value: T) -> Self {
        Answer::Leaf(value.into())
    }
}

/// What every `field` function answers: nothing for a field that is not simulated.
pub(crate) type Resolved = Result<Option<Answer>, FieldError>;

/// The same JSON in the plain form.
pub(crate) fn plain(fields: &JsonMap) -> Value {
    serde_json::to_value(fields).expect("JSON is JSON")
}

fn text_argument<'a>(info: &'a ResolveInfo<'_>, name: &str) -> Option<&'a str> {
    info.arguments().get(name).and_then(JsonValue::as_str)
}

fn flag_argument(info: &ResolveInfo<'_>, name: &str) -> bool {
    info.arguments()
        .get(name)
        .and_then(JsonValue::as_bool)
        .unwrap_or(false)
}
