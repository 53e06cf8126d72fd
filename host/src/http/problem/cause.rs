//! Why a request came to nothing, by its kind: the API tells it in English, a page in its visitor's language.

use crate::plugin::NoAdapter;
use crate::store::Clash;

/// Why a request came to nothing, as far as a page says more of it than its [`Kind`](super::Kind) does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Cause {
    /// Only the detail says it, in English.
    #[default]
    Other,
    /// The detail is in the language of a page's visitor.
    ForVisitor,
    /// It clashes with what is stored.
    Clash(Clash),
    /// The connection stands in the config file.
    ConfigOwned,
    /// Only an admin may change these settings of a connection.
    NeedsAdmin(String),
    /// Only an admin may open the own network.
    PrivateNetwork,
    /// There is no such adapter.
    NoAdapter(NoAdapter),
}
