//! An API key as a form has it: text, until it is checked.

use bestand_plugin_api::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use crate::api_key::Role;
use crate::http::api::api_keys::ApiKeyToMake;
use crate::http::console::form::Faults;
use crate::http::console::text::Text;
use crate::http::console::visitor::Visitor;
use crate::http::problem::{FieldError, Problem};

/// What the form holds; what was typed stays in it when something is wrong.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::http::console) struct Draft {
    pub(super) name: String,
    pub(super) role: String,
    /// The name of a partner that pushes, or the id of an adapter; empty for none.
    pub(super) partner: String,
    /// The last day on which it works, in the visitor's zone; empty for no end.
    pub(super) expires_on: String,
}

// === impl Draft ===

impl Draft {
    /// The role that is ticked.
    pub(super) fn role(&self) -> &str {
        match self.role.as_str() {
            "" => Role::Reader.as_str(),
            role => role,
        }
    }

    pub(super) fn to_new(&self, visitor: &Visitor) -> Result<ApiKeyToMake, Problem> {
        let role: Result<Role, String> = self.role().parse();
        Ok(ApiKeyToMake {
            name: self.name.clone(),
            role: role.map_err(|error| Problem::field("role", error))?,
            partner: Some(self.partner.clone()).filter(|partner| !partner.is_empty()),
            expires_at: self.expires_at(visitor)?,
        })
    }

    /// The end of the day that was chosen.
    fn expires_at(&self, visitor: &Visitor) -> Result<Option<Timestamp>, Problem> {
        if self.expires_on.trim().is_empty() {
            return Ok(None);
        }
        let date: Result<Date, jiff::Error> = self.expires_on.trim().parse();
        let end = date
            .and_then(Date::tomorrow)
            .and_then(|day| day.to_zoned(visitor.reader.zone.clone()));
        let end = end.map_err(|_| Problem::field("expires_at", "it is no day"))?;
        let millis = end.timestamp().as_millisecond();
        Ok(Some(Timestamp::from_millis(millis)))
    }
}

/// What is wrong with a draft, in the visitor's language.
pub(super) fn faults(problem: &Problem, text: Text) -> Faults {
    let said = problem.errors().iter().map(|error| {
        let id = match error.field.as_str() {
            "name" => "key-name-invalid",
            "partner" => "key-partner-invalid",
            "expires_at" => "key-expiry-invalid",
            _ => return error.clone(),
        };
        FieldError::for_visitor(&error.field, text.say(id))
    });
    match problem.errors() {
        [] => Faults::of_problem(problem, text),
        _ => Faults::of_problem(&Problem::fields(said.collect()), text),
    }
}
