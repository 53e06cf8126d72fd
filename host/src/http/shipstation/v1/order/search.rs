//! What a list of orders is filtered by.

use super::super::query::Parameters;
use super::status::Word;
use crate::http::problem::Problem;
use crate::store::shipstation::order::{Filter, Sort, Span};

/// The filter that these parameters say.
pub(super) fn filter(parameters: &Parameters) -> Result<Filter, Problem> {
    let text = |name| parameters.text(name).map(str::to_owned);
    let span = |start, end| {
        Ok::<_, Problem>(Span {
            start: parameters.moment(start)?,
            end: parameters.moment(end)?,
        })
    };
    let status = parameters.text("orderStatus");
    let status = status
        .map(|status| Word::read("orderStatus", Some(status)))
        .transpose()?;
    Ok(Filter {
        number: text("orderNumber"),
        status: status.map(|word| word.text.to_owned()),
        store_id: parameters.number("storeId")?,
        customer: text("customerName"),
        item: text("itemKeyword"),
        created: span("createDateStart", "createDateEnd")?,
        modified: span("modifyDateStart", "modifyDateEnd")?,
        ordered: span("orderDateStart", "orderDateEnd")?,
        paid: span("paymentDateStart", "paymentDateEnd")?,
        sort: sort(parameters)?,
        is_descending: is_descending(parameters)?,
    })
}

fn sort(parameters: &Parameters) -> Result<Sort, Problem> {
    match parameters
        .text("sortBy")
        .unwrap_or_default()
        .to_ascii_lowercase()
        .as_str()
    {
        "" | "createdate" => Ok(Sort::Created),
        "orderdate" => Ok(Sort::Ordered),
        "modifydate" => Ok(Sort::Modified),
        _ => Err(Problem::field(
            "sortBy",
            "it is OrderDate, ModifyDate or CreateDate",
        )),
    }
}

fn is_descending(parameters: &Parameters) -> Result<bool, Problem> {
    match parameters
        .text("sortDir")
        .unwrap_or_default()
        .to_ascii_lowercase()
        .as_str()
    {
        "" | "asc" => Ok(false),
        "desc" => Ok(true),
        _ => Err(Problem::field("sortDir", "it is ASC or DESC")),
    }
}
