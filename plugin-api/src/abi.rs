//! The frozen root: all that crosses between daemon and plugin as a type.
//!
//! One module with one function, and one trait used in both directions: bytes in, a future of bytes out. Everything
//! else travels inside the bytes ([`crate::call`]), so this file is not expected to change within 1.x. A field that
//! is added nevertheless goes to the end of [`Root`], behind `last_prefix_field`.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use abi_stable::StableAbi;
use abi_stable::library::RootModule;
use abi_stable::package_version_strings;
use abi_stable::sabi_types::VersionStrings;
use abi_stable::std_types::{RArc, RResult, RString, RVec};
use async_ffi::{FfiFuture, FutureExt};

use crate::call::{Port, PortFuture};
use crate::export::Wiring;
use crate::{Adapter, forward};

pub use abi_stable;

/// The root module of every plugin.
#[repr(C)]
#[derive(StableAbi)]
#[sabi(kind(Prefix(prefix_ref = RootRef)))]
#[sabi(missing_field(panic))]
pub struct Root {
    /// Starts the adapter with the host's side of the boundary; does no work. Called once per generation.
    #[sabi(last_prefix_field)]
    pub start: extern "C" fn(host: BoundaryObject) -> RResult<BoundaryObject, RString>,
}

/// One side of the boundary, shared.
pub type BoundaryObject = boundary::Boundary_TO<'static, RArc<()>>;

mod boundary {
    #![expect(
        unsafe_code,
        reason = "made by sabi_trait, whose expansion is abi_stable's to vouch for"
    )]
    #![expect(non_local_definitions, unreachable_pub, reason = "made by sabi_trait")]
    use abi_stable::sabi_trait;
    use abi_stable::std_types::RVec;
    use async_ffi::FfiFuture;

    /// Bytes in, bytes out. The future is `Send`, and dropping it cancels the work.
    #[sabi_trait]
    pub trait Boundary: Send + Sync {
        fn call(&self, request: RVec<u8>) -> FfiFuture<RVec<u8>>;
    }
}

/// A [`Port`] as the other side sees it.
struct Outward(Arc<dyn Port>);

/// The other side as a [`Port`].
struct Inward(BoundaryObject);

impl RootModule for RootRef {
    abi_stable::declare_root_module_statics! {RootRef}
    const BASE_NAME: &'static str = "bestand_plugin";
    const NAME: &'static str = "bestand_plugin";
    const VERSION_STRINGS: VersionStrings = package_version_strings!();
}

/// Wraps a port for the other side.
#[must_use]
pub fn outward(port: Arc<dyn Port>) -> BoundaryObject {
    boundary::Boundary_TO::from_ptr(RArc::new(Outward(port)), abi_stable::sabi_trait::TD_Opaque)
}

/// Unwraps what the other side gave.
#[must_use]
pub fn inward(object: BoundaryObject) -> Arc<dyn Port> {
    Arc::new(Inward(object))
}

impl boundary::Boundary for Outward {
    fn call(&self, request: RVec<u8>) -> FfiFuture<RVec<u8>> {
        let answer = self.0.call(request.into_vec());
        async move { RVec::from(answer.await) }.into_ffi()
    }
}

impl Port for Inward {
    fn call(&self, request: Vec<u8>) -> PortFuture {
        let answer = self.0.call(request.into());
        Box::pin(async move { answer.await.into_vec() })
    }
}

/// Starts an adapter; what [`Root::start`] of an exported adapter does.
pub fn start<A: Adapter>(
    wiring: fn() -> Wiring<A>,
    host: BoundaryObject,
) -> RResult<BoundaryObject, RString> {
    let started = catch_unwind(AssertUnwindSafe(|| {
        let host = inward(host);
        forward::install(&host);
        outward(Arc::new(wiring().serve(host)))
    }));
    match started {
        Ok(adapter) => RResult::ROk(adapter),
        Err(_) => RResult::RErr("the adapter panicked while it described itself".into()),
    }
}

/// Exports the root module of this library under abi_stable's symbol.
#[doc(hidden)]
#[macro_export]
macro_rules! __export_root {
    ($wiring:path) => {
        const _: () = {
            use $crate::abi::abi_stable::library as __library;
            use $crate::abi::abi_stable::prefix_type::PrefixTypeTrait as _;
            use $crate::abi::abi_stable::std_types as __std_types;

            extern "C" fn start(
                host: $crate::abi::BoundaryObject,
            ) -> __std_types::RResult<$crate::abi::BoundaryObject, __std_types::RString> {
                $crate::abi::start($wiring, host)
            }

            fn root() -> $crate::abi::RootRef {
                $crate::abi::Root { start }.leak_into_prefix()
            }

            extern "C" fn erased_root() -> __library::RootModuleResult {
                __library::__call_root_module_loader(root)
            }

            // SAFETY: the constructor returns the very module type it is declared with. The symbol's name is
            // abi_stable's `ROOT_MODULE_LOADER_NAME`; a test compares the two.
            #[unsafe(export_name = "_1as_0lib_1header_0root_bmodule_bloader")]
            pub static ROOT_MODULE: __library::LibHeader = unsafe {
                __library::LibHeader::from_constructor::<$crate::abi::RootRef>(
                    erased_root,
                    __library::CheckTypeLayout::Yes,
                )
            };
        };
    };
}
