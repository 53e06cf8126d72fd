//! Articles as we call them and as a source does: under its own name, under another one, or made of others.
//!
//! A [`SkuAlias`] says which article of a source is meant by one of ours, and how many of it. A [`Kit`] is an article of
//! ours that lies nowhere: it is put together of others when it ships. Both are the account's own and never change what
//! a source says; they change what it is asked. Names are followed one step: a kit holds no kits, and an alias leads to
//! what the source itself lists.

mod alias;
mod articles;
mod component;
mod kit;
mod naming;
mod pack;
mod suggestion;
pub mod table;

pub use alias::{ALIASES_MAX, AliasConflict, SkuAlias};
pub use articles::Articles;
pub use component::Component;
pub use kit::{COMPONENTS_MAX, InvalidKit, KITS_MAX, Kit, KitComponent};
pub use naming::{Naming, SourceNaming};
pub use pack::{InvalidPack, PACK_MAX, Pack};
pub use suggestion::{Suggestion, Suggestions};
