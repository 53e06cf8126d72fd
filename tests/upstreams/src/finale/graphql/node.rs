//! The objects of an answer: root, connection, edges, page information, products.

use std::collections::BTreeMap;

use apollo_compiler::resolvers::{FieldError, ObjectValue, ResolveInfo, ResolvedValue};

use super::super::book::{Book, Product};
use super::connection::{Page, page};
use super::field::Field;
use super::format::shown;

pub(super) struct Root<'a> {
    pub(super) book: &'a Book,
    pub(super) fields: &'a BTreeMap<String, Field>,
}

struct Connection<'a> {
    root: &'a Root<'a>,
    page: Page<'a>,
}

struct Edge<'a> {
    root: &'a Root<'a>,
    cursor: String,
    product: &'a Product,
}

struct PageInfo {
    has_next: bool,
    has_previous: bool,
    start: Option<String>,
    end: Option<String>,
}

struct Node<'a> {
    root: &'a Root<'a>,
    product: &'a Product,
}

type Resolved<'a> = Result<ResolvedValue<'a>, FieldError>;

impl ObjectValue for Root<'_> {
    fn type_name(&self) -> &str {
        "Query"
    }

    fn resolve_field<'a>(&'a self, info: &'a ResolveInfo<'a>) -> Resolved<'a> {
        let page = page(self.book, self.fields, info.arguments())
            .map_err(|message| FieldError { message })?;
        Ok(ResolvedValue::object(Connection { root: self, page }))
    }
}

impl ObjectValue for Connection<'_> {
    fn type_name(&self) -> &str {
        "productConnection"
    }

    fn resolve_field<'a>(&'a self, info: &'a ResolveInfo<'a>) -> Resolved<'a> {
        let edges = &self.page.edges;
        match info.field_name() {
            "edges" => Ok(ResolvedValue::list(edges.iter().map(
                |(cursor, product)| {
                    ResolvedValue::object(Edge {
                        root: self.root,
                        cursor: cursor.clone(),
                        product,
                    })
                },
            ))),
            "pageInfo" => Ok(ResolvedValue::object(PageInfo {
                has_next: self.page.has_next,
                has_previous: self.page.has_previous,
                start: edges.first().map(|(cursor, _)| cursor.clone()),
                end: edges.last().map(|(cursor, _)| cursor.clone()),
            })),
            _ => Err(self.unknown_field_error(info)),
        }
    }
}

impl ObjectValue for Edge<'_> {
    fn type_name(&self) -> &str {
        "productEdge"
    }

    fn resolve_field<'a>(&'a self, info: &'a ResolveInfo<'a>) -> Resolved<'a> {
        match info.field_name() {
            "cursor" => Ok(ResolvedValue::leaf(self.cursor.as_str())),
            "node" => Ok(ResolvedValue::object(Node {
                root: self.root,
                product: self.product,
            })),
            _ => Err(self.unknown_field_error(info)),
        }
    }
}

impl ObjectValue for PageInfo {
    fn type_name(&self) -> &str {
        "pageInfo"
    }

    fn resolve_field<'a>(&'a self, info: &'a ResolveInfo<'a>) -> Resolved<'a> {
        let cursor = |cursor: &Option<String>| {
            cursor
                .as_deref()
                .map_or_else(ResolvedValue::null, ResolvedValue::leaf)
        };
        match info.field_name() {
            "hasNextPage" => Ok(ResolvedValue::leaf(self.has_next)),
            "hasPreviousPage" => Ok(ResolvedValue::leaf(self.has_previous)),
            "startCursor" => Ok(cursor(&self.start)),
            "endCursor" => Ok(cursor(&self.end)),
            _ => Err(self.unknown_field_error(info)),
        }
    }
}

impl ObjectValue for Node<'_> {
    fn type_name(&self) -> &str {
        "product"
    }

    fn resolve_field<'a>(&'a self, info: &'a ResolveInfo<'a>) -> Resolved<'a> {
        let field = self
            .root
            .fields
            .get(info.field_name())
            .ok_or_else(|| self.unknown_field_error(info))?;
        let formatter = info
            .arguments()
            .get("formatter")
            .and_then(|formatter| formatter.as_str());
        let raw = field.raw(self.root.book, self.product);
        shown(&raw, formatter)
            .map(ResolvedValue::leaf)
            .map_err(|message| FieldError { message })
    }
}
