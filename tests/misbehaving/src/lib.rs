//! A plugin that misbehaves as its settings say: `{ "fault": "panic", "at": "list_stock" }`.
//!
//! A host that is to survive partners' plugins is tried with it. It is well-behaved in all but the one fault, so what
//! a test sees is that fault's doing. The faults are listed in [`settings::Fault`].
//!
//! What goes wrong before there are settings stands in the library itself, where a test writes over it ([`start`]).
//!
//! What only somebody who wishes us ill would try stands in `crash`, `escape`, `floods`, `greed` and `socket`. Some of it
//! ends the whole process, or succeeds where nothing confines it: only a sandbox is to be tried with it.
//!
//! Those of an author go through the SDK like any adapter's (`adapter`, `levels`); those that no author could
//! commit, because the SDK stands in between, are made on the bytes themselves (`raw`), which is why this plugin
//! exports its root by hand (`root`).

pub mod settings;
pub mod start;

mod adapter;
mod crash;
mod escape;
mod floods;
mod greed;
mod levels;
mod numbers;
mod raw;
mod root;
mod socket;

#[cfg(test)]
mod tests;
