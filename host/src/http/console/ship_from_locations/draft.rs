//! A ship-from location as a form has it: text, until it is checked.

use serde::Deserialize;

use crate::allocation::AllocationMode;
use crate::http::api::ship_from_locations::ShipFromToMake;
use crate::http::console::visitor::Visitor;
use crate::http::problem::Problem;
use crate::id::SourceId;
use crate::ship_from::{Buffer, Policy, ShipFromLocation};

/// What the form holds; what was typed stays in it when something is wrong.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::http::console) struct Draft {
    pub(super) name: String,
    pub(super) address: String,
    /// Whether its box is ticked.
    pub(super) is_default: Option<String>,
    pub(super) policy: String,
    pub(super) buffer: String,
    /// Ticked when orders are promised their goods by themselves; an unticked box is not sent.
    #[serde(default)]
    pub(super) allocates: Option<String>,
    /// The id of the source; empty for none.
    pub(super) source: String,
    /// What the form was filled from.
    pub(super) version: i64,
}

/// What a removal is based on.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(in crate::http::console) struct Removal {
    pub(in crate::http::console) version: i64,
}

// === impl Draft ===

impl Draft {
    pub(super) fn of(location: &ShipFromLocation) -> Self {
        Self {
            name: location.name.clone(),
            address: location.address.clone().unwrap_or_default(),
            is_default: location.is_default.then(|| "yes".into()),
            policy: location.policy.as_str().into(),
            buffer: location.buffer.to_string(),
            allocates: (location.allocation == AllocationMode::Automatic).then(|| "yes".into()),
            source: location
                .source_id
                .map(|id| id.to_string())
                .unwrap_or_default(),
            version: location.version,
        }
    }

    /// The policy that is ticked.
    pub(super) fn policy(&self) -> &str {
        match self.policy.as_str() {
            "" => Policy::default().as_str(),
            policy => policy,
        }
    }

    pub(super) fn to_new(&self, visitor: &Visitor) -> Result<ShipFromToMake, Problem> {
        Ok(ShipFromToMake {
            name: self.name.clone(),
            address: self.address(),
            is_default: self.is_default.is_some(),
            policy: self.parsed_policy()?,
            buffer: self.buffer(visitor)?,
            allocation: self.allocation(),
            source_id: self.source(visitor)?,
        })
    }

    pub(super) fn applied_to(
        &self,
        location: &ShipFromLocation,
        visitor: &Visitor,
    ) -> Result<ShipFromLocation, Problem> {
        Ok(ShipFromLocation {
            name: self.name.trim().into(),
            address: self.address(),
            is_default: location.is_default || self.is_default.is_some(),
            policy: self.parsed_policy()?,
            buffer: self.buffer(visitor)?,
            allocation: self.allocation(),
            source_id: self.source(visitor)?,
            version: self.version,
            ..location.clone()
        })
    }

    fn address(&self) -> Option<String> {
        Some(self.address.trim().to_owned()).filter(|address| !address.is_empty())
    }

    fn parsed_policy(&self) -> Result<Policy, Problem> {
        self.policy()
            .parse()
            .map_err(|error: String| Problem::field("policy", error))
    }

    /// A decimal comma is what Germans type.
    fn allocation(&self) -> AllocationMode {
        match self.allocates {
            Some(_) => AllocationMode::Automatic,
            None => AllocationMode::Manual,
        }
    }

    fn buffer(&self, visitor: &Visitor) -> Result<Buffer, Problem> {
        let typed = self.buffer.trim().replace(',', ".");
        match typed.as_str() {
            "" => Ok(Buffer::NONE),
            typed => typed.parse().map_err(|_| {
                Problem::field_for_visitor("buffer", visitor.text().say("buffer-invalid"))
            }),
        }
    }

    fn source(&self, visitor: &Visitor) -> Result<Option<SourceId>, Problem> {
        match self.source.as_str() {
            "" => Ok(None),
            id => id.parse().map(Some).map_err(|_| {
                Problem::field_for_visitor("source_id", visitor.text().say("source-missing"))
            }),
        }
    }
}
