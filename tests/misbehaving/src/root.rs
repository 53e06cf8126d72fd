//! The root module, exported by hand: `export_adapter!` leaves no way to stand between the SDK and the host.

#![expect(
    unsafe_code,
    reason = "abi_stable's header is a symbol of a fixed name, made by an unsafe constructor"
)]

use std::sync::Arc;

use bestand_plugin_api::abi::abi_stable::library::{
    __call_root_module_loader, CheckTypeLayout, LibHeader, RootModuleResult,
};
use bestand_plugin_api::abi::abi_stable::prefix_type::PrefixTypeTrait;
use bestand_plugin_api::abi::abi_stable::std_types::{RResult, RString};
use bestand_plugin_api::abi::{self, BoundaryObject, Root, RootRef, inward, outward};

use crate::adapter::wiring;
use crate::raw::Spoiling;

/// Starts the adapter with the one who spoils its answers in front of it.
pub(crate) extern "C" fn start(host: BoundaryObject) -> RResult<BoundaryObject, RString> {
    let started = abi::start(wiring, host);
    started.map(|adapter| outward(Arc::new(Spoiling::new(inward(adapter)))))
}

fn root() -> RootRef {
    Root { start }.leak_into_prefix()
}

extern "C" fn erased_root() -> RootModuleResult {
    __call_root_module_loader(root)
}

// SAFETY: the constructor returns the very module type it is declared with, and nothing else in this library has the
// name, which is abi_stable's `ROOT_MODULE_LOADER_NAME`.
#[unsafe(export_name = "_1as_0lib_1header_0root_bmodule_bloader")]
static ROOT_MODULE: LibHeader =
    unsafe { LibHeader::from_constructor::<RootRef>(erased_root, CheckTypeLayout::Yes) };
