//! Global ids: `gid://shopify/InventoryItem/1`, and the composite one of an inventory level.

/// A well-formed global id, whether or not anything answers to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Gid {
    pub(crate) kind: String,
    pub(crate) number: u64,
    /// The `inventory_item_id` of a level's id.
    pub(crate) item: Option<u64>,
}

pub(crate) fn gid(kind: &str, number: u64) -> String {
    format!("gid://shopify/{kind}/{number}")
}

pub(crate) fn find_gid(text: &str) -> Option<Gid> {
    let (kind, rest) = text.strip_prefix("gid://shopify/")?.split_once('/')?;
    let (number, parameters) = rest.split_once('?').unwrap_or((rest, ""));
    let item = parameters
        .strip_prefix("inventory_item_id=")
        .and_then(|item| item.parse().ok());
    let well_formed = !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_alphanumeric());
    well_formed.then_some(())?;
    Some(Gid {
        kind: kind.to_owned(),
        number: number.parse().ok()?,
        item,
    })
}

/// The number of a global id of that kind.
pub(crate) fn find_number(text: &str, kind: &str) -> Option<u64> {
    find_gid(text)
        .filter(|gid| gid.kind == kind)
        .map(|gid| gid.number)
}
