//! Which changes of a source somebody wants to see.

use bestand_plugin_api::{Sku, Timestamp};
use sea_orm::Value;

use crate::id::ChangeId;
use crate::stock::CauseKind;
use crate::store::sql;

/// Which changes are wanted. What is empty lets everything through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangeFilter {
    /// Of this article.
    pub sku: Option<Sku>,
    /// Brought by one of these.
    pub causes: Vec<CauseKind>,
    /// Stored then or later.
    pub since: Option<Timestamp>,
    /// Stored before then.
    pub until: Option<Timestamp>,
}

// === impl ChangeFilter ===

impl ChangeFilter {
    /// Those of one article.
    #[must_use]
    pub fn of(sku: &Sku) -> Self {
        Self {
            sku: Some(sku.clone()),
            ..Self::default()
        }
    }

    /// What is to be added to a `where`, with values from `$first` on.
    pub(super) fn conditions(
        &self,
        before: Option<ChangeId>,
        first: usize,
    ) -> (String, Vec<Value>) {
        let single = [
            ("sku = ", self.sku.as_ref().map(|sku| sku.as_str().into())),
            ("id < ", before.map(|before| before.0.into())),
            ("changed_at >= ", self.since.map(|at| at.millis().into())),
            ("changed_at < ", self.until.map(|at| at.millis().into())),
        ];
        let (mut wanted, mut values) = (String::new(), Vec::<Value>::new());
        for (condition, value) in single {
            if let Some(value) = value {
                wanted += &format!(" and {condition}${}", first + values.len());
                values.push(value);
            }
        }
        if !self.causes.is_empty() {
            let places = sql::placeholders(first + values.len(), self.causes.len());
            wanted += &format!(" and cause in ({places})");
            values.extend(self.causes.iter().map(|cause| cause.as_str().into()));
        }
        (wanted, values)
    }
}
