//! What a path below `/{account}/api/` addresses.

/// A resource, or the lack of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Resource {
    Collection(Collection),
    Product {
        part: String,
    },
    Variance {
        id: String,
    },
    VarianceAction {
        id: String,
        action: String,
    },
    GraphQl,
    /// A collection without its slash, or nothing Finale has.
    Unknown,
}

/// A collection that is simulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Collection {
    InventoryItem,
    Facility,
    Product,
    InventoryVariance,
}

impl Resource {
    /// Reads what follows `/{account}/api/`. A product's id may hold slashes.
    pub(crate) fn parse(path: &str) -> Self {
        match path {
            "inventoryitem/" => return Self::Collection(Collection::InventoryItem),
            "facility/" => return Self::Collection(Collection::Facility),
            "product/" => return Self::Collection(Collection::Product),
            "inventoryvariance/" => return Self::Collection(Collection::InventoryVariance),
            "graphql" | "graphql/" => return Self::GraphQl,
            _ => {}
        }
        if let Some(part) = path.strip_prefix("product/") {
            return Self::Product {
                part: part.to_owned(),
            };
        }
        let Some(rest) = path.strip_prefix("inventoryvariance/") else {
            return Self::Unknown;
        };
        match rest.split_once('/') {
            Some((id, action)) => Self::VarianceAction {
                id: id.to_owned(),
                action: action.to_owned(),
            },
            None => Self::Variance {
                id: rest.to_owned(),
            },
        }
    }

    pub(crate) fn is_collection(&self) -> bool {
        matches!(self, Self::Collection(_))
    }

    /// The name by which a fault is bound to it.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Collection(Collection::InventoryItem) => "inventoryitem",
            Self::Collection(Collection::Facility) => "facility",
            Self::Collection(Collection::Product) | Self::Product { .. } => "product",
            Self::Collection(Collection::InventoryVariance)
            | Self::Variance { .. }
            | Self::VarianceAction { .. } => "inventoryvariance",
            Self::GraphQl => "graphql",
            Self::Unknown => "",
        }
    }
}
