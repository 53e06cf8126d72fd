//! The capabilities by name, for [`export_adapter!`](crate::export_adapter): each wires its trait's methods.

use super::Wiring;
use crate::call::adapter as methods;
use crate::{Adapter, Capability};

/// A capability that adapter `A` implements.
pub trait Wire<A: Adapter>: Sized {
    /// Adds its methods and declares it in the manifest.
    fn wire(wiring: Wiring<A>) -> Wiring<A>;
}

/// [`crate::StockListing`].
#[derive(Clone, Copy, Debug)]
pub struct StockListing;

/// [`crate::StockBySku`].
#[derive(Clone, Copy, Debug)]
pub struct StockBySku;

/// [`crate::StockChanges`].
#[derive(Clone, Copy, Debug)]
pub struct StockChanges;

/// [`crate::Inbound`].
#[derive(Clone, Copy, Debug)]
pub struct Inbound;

/// [`crate::StockWrites`].
#[derive(Clone, Copy, Debug)]
pub struct StockWrites;

/// [`crate::LocationWrites`].
#[derive(Clone, Copy, Debug)]
pub struct LocationWrites;

/// [`crate::StockPushes`].
#[derive(Clone, Copy, Debug)]
pub struct StockPushes;

/// [`crate::SourceReads`].
#[derive(Clone, Copy, Debug)]
pub struct SourceReads;

/// [`crate::StockLedger`].
#[derive(Clone, Copy, Debug)]
pub struct StockLedger;

impl<A: crate::StockListing> Wire<A> for StockListing {
    fn wire(wiring: Wiring<A>) -> Wiring<A> {
        wiring
            .declare(Capability::StockListing)
            .on::<methods::ListStock, _, _>(|adapter, ctx, cursor| async move {
                adapter.list_stock(&ctx, cursor).await
            })
    }
}

impl<A: crate::StockBySku> Wire<A> for StockBySku {
    fn wire(wiring: Wiring<A>) -> Wiring<A> {
        wiring
            .declare(Capability::StockBySku {
                max_batch: A::MAX_BATCH,
            })
            .on::<methods::StockBySku, _, _>(|adapter, ctx, query| async move {
                adapter.stock_by_sku(&ctx, query).await
            })
    }
}

impl<A: crate::StockChanges> Wire<A> for StockChanges {
    fn wire(wiring: Wiring<A>) -> Wiring<A> {
        wiring
            .declare(Capability::StockChanges {
                misses: A::MISSES.into(),
            })
            .on::<methods::StockChanges, _, _>(|adapter, ctx, since| async move {
                adapter
                    .stock_changes(&ctx, since.checkpoint, since.cursor)
                    .await
            })
    }
}

impl<A: crate::Inbound> Wire<A> for Inbound {
    fn wire(wiring: Wiring<A>) -> Wiring<A> {
        wiring
            .declare(Capability::Inbound)
            .on::<methods::Receive, _, _>(|adapter, ctx, request| async move {
                adapter.receive(&ctx, request).await
            })
            .on::<methods::Register, _, _>(|adapter, ctx, url| async move {
                adapter.register(&ctx, &url).await
            })
            .on::<methods::Unregister, _, _>(|adapter, ctx, url| async move {
                adapter.unregister(&ctx, &url).await
            })
    }
}

impl<A: crate::StockWrites> Wire<A> for StockWrites {
    fn wire(wiring: Wiring<A>) -> Wiring<A> {
        wiring
            .declare(Capability::StockWrites {
                max_batch: A::MAX_BATCH,
                idempotency: A::IDEMPOTENCY,
            })
            .on::<methods::WriteStock, _, _>(|adapter, ctx, operations| async move {
                adapter.write_stock(&ctx, operations).await
            })
    }
}

impl<A: crate::LocationWrites> Wire<A> for LocationWrites {
    fn wire(wiring: Wiring<A>) -> Wiring<A> {
        wiring
            .declare(Capability::LocationWrites)
            .on::<methods::ChangeLocation, _, _>(|adapter, ctx, change| async move {
                adapter.change_location(&ctx, change).await
            })
    }
}

impl<A: crate::StockLedger> Wire<A> for StockLedger {
    fn wire(wiring: Wiring<A>) -> Wiring<A> {
        wiring
            .declare(Capability::StockLedger)
            .on::<methods::ListLedger, _, _>(|adapter, ctx, query| async move {
                adapter.list_ledger(&ctx, query).await
            })
            .on::<methods::VerifyLedger, _, _>(|adapter, ctx, since| async move {
                adapter.verify_ledger(&ctx, since.cursor).await
            })
    }
}

impl<A: crate::StockPushes> Wire<A> for StockPushes {
    fn wire(wiring: Wiring<A>) -> Wiring<A> {
        wiring
            .declare(Capability::StockPushes)
            .on::<methods::PushRhythm, _, _>(|adapter, ctx, ()| async move {
                adapter.push_rhythm(&ctx).await
            })
    }
}

impl<A: crate::SourceReads> Wire<A> for SourceReads {
    /// It has no methods: it is a right that is asked for.
    fn wire(wiring: Wiring<A>) -> Wiring<A> {
        wiring.declare(Capability::SourceReads)
    }
}
