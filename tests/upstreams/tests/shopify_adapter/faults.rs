//! What goes wrong at Shopify becomes a kind of error, and never a wrong number.

use bestand_plugin_api::ErrorKind;
use bestand_upstreams::shopify::ShopifyOptions;
use bestand_upstreams::shopify::fault::{Fault, FaultRule};
use bestand_upstreams::shopify::stock::NewItem;
use jiff::SignedDuration;

use crate::wire::{Connected, available};

async fn large_shop() -> Connected {
    let connected = Connected::with(ShopifyOptions::default(), 0).await;
    connected.shop.add_items(
        (0..40).map(|number| NewItem::sku(format!("S{number}")).at(connected.location, number)),
    );
    connected
}

#[tokio::test]
async fn bad_files_are_read_again_or_replaced_by_pages() {
    let faults = [
        FaultRule::from(Fault::TruncatedJsonl),
        FaultRule::always(Fault::TruncatedJsonl),
        FaultRule::from(Fault::WrongObjectCount),
        FaultRule::from(Fault::BulkFailed),
        FaultRule::from(Fault::BulkCanceled),
        FaultRule::from(Fault::ExpiredUrl),
        FaultRule::from(Fault::BulkStuck),
    ];
    for fault in faults {
        let connected = large_shop().await;
        connected.shop.fault(fault.clone());
        let levels = connected.list(2).await.unwrap();
        let sum: i64 = levels.iter().filter_map(available).sum();
        assert_eq!((levels.len(), sum), (40, 780), "{fault:?}");
    }
}

#[tokio::test]
async fn a_listing_goes_on_from_its_cursor_after_a_failure_in_its_middle() {
    let connected = Connected::new().await;
    connected.shop.add_items(
        (0..600).map(|number| NewItem::sku(format!("S{number}")).at(connected.location, 1)),
    );
    for code in [401, 429, 502] {
        connected.shop.forget_requests();
        connected.shop.fault(
            FaultRule::from(Fault::Status {
                code,
                retry_after_secs: None,
            })
            .after(1),
        );
        assert_eq!(connected.list(1).await.unwrap().len(), 600, "{code}");
        assert_eq!(
            connected.shop.requests().len(),
            4,
            "three pages and one refusal"
        );
    }
}

#[tokio::test]
async fn failures_are_told_apart() {
    let cases = [
        (
            Fault::Status {
                code: 401,
                retry_after_secs: None,
            },
            ErrorKind::Auth,
        ),
        (
            Fault::Status {
                code: 402,
                retry_after_secs: None,
            },
            ErrorKind::Upstream { status: 402 },
        ),
        (
            Fault::Status {
                code: 423,
                retry_after_secs: None,
            },
            ErrorKind::Upstream { status: 423 },
        ),
        (Fault::HtmlBody, ErrorKind::Protocol),
        (Fault::Reset, ErrorKind::Transient),
        (Fault::InternalError, ErrorKind::Transient),
        (Fault::SearchWarning, ErrorKind::Protocol),
    ];
    let connected = large_shop().await;
    for (fault, expected) in cases {
        connected.shop.fault(fault.clone());
        assert_eq!(
            connected.by_sku(&["S1"], &[]).await.unwrap_err().kind,
            expected,
            "{fault:?}"
        );
    }
    assert_eq!(
        connected.by_sku(&["S1"], &[]).await.unwrap().levels.len(),
        1
    );
}

#[tokio::test]
async fn nodes_that_come_back_null_are_searched_for() {
    let connected = large_shop().await;
    connected.by_sku(&["S7"], &[]).await.unwrap();
    connected
        .shop
        .fault(FaultRule::from(Fault::NullNodes).on("InventoryItemsByIds"));
    let answers = connected.by_sku(&["S7"], &[]).await.unwrap();
    assert_eq!(available(&answers.levels[0]), Some(7));
}

#[tokio::test]
async fn falling_forward_is_a_warning_of_the_check() {
    let connected = large_shop().await;
    connected.shop.fault(Fault::FallForward {
        version: "2027-01".into(),
    });
    assert!(connected.check().await.unwrap().warnings[0].contains("2027-01"));
    assert!(connected.check().await.unwrap().warnings.is_empty());
}

#[tokio::test]
async fn an_expired_operation_is_started_over_as_pages() {
    let connected = large_shop().await;
    let mut cursor = None;
    for _ in 0..2 {
        let bestand_plugin_api::Listing::Pending { cursor: next, .. } =
            connected.step(cursor).await.unwrap()
        else {
            panic!("the operation has not been followed to its file")
        };
        cursor = Some(next);
    }
    connected
        .shop
        .clock()
        .advance(SignedDuration::from_hours(8 * 24));
    let step = connected.step(cursor).await.unwrap();
    assert!(
        matches!(step, bestand_plugin_api::Listing::Pending { .. }),
        "{step:?}"
    );
}
