//! Some SKUs are read again at once: what is other than held is said, and stored unless it is a trial.

use std::time::Duration;

use bestand::connection::{RereadError, Scope};
use bestand::id::SourceId;
use bestand::stock::CauseKind;
use bestand::stock::drift::Difference;
use bestand::store::history::{self, ChangeFilter};
use bestand_plugin_api::{Quantity, SkuErrorKind};
use bestand_upstreams::shopify::stock::NewItem;

use crate::support::{FinaleSystem, ShopifySystem, Site, on_both_engines, sku};

/// The articles that were not as held, with what was found.
fn found(differences: &[(SourceId, Difference)]) -> Vec<(&str, Option<i64>)> {
    let shown = differences.iter().map(|(_, difference)| {
        let found = difference.found.map(Quantity::floor);
        (difference.sku.as_str(), found)
    });
    shown.collect()
}

on_both_engines! {
    async fn a_trial_says_what_would_change_and_stores_nothing(database) {
        let site = Site::on(database, &["finale"]);
        let system = FinaleSystem::start(&site).await;
        for name in ["A", "B", "C"] {
            system.finale.set_stock(name, "Berlin", 5);
        }
        let life = site.start().await;
        let connection = life.connected(system.connection()).await;
        let berlin = life.source(connection.id, "Berlin").await;
        for name in ["A", "C"] {
            system.finale.set_stock(name, "Berlin", 2);
        }
        site.advance(Duration::from_secs(1));
        let wanted = [sku("A"), sku("B"), sku("NOBODY-KNOWS")];
        let scope = Scope::Skus(wanted.to_vec());
        let trial = life.connections.compare(&connection, &scope, vec![berlin.clone()]).await.unwrap();
        assert_eq!((trial.compared, trial.differences.len()), (2, 1));
        let (source, difference) = &trial.differences[0];
        assert_eq!((*source, &difference.sku), (berlin.id, &sku("A")));
        assert_eq!((difference.held, difference.found), (Some(Quantity::units(5)), Some(Quantity::units(2))));
        let untold: Vec<_> = trial.errors.iter().map(|error| (&error.sku, error.kind)).collect();
        assert_eq!(untold, [(&wanted[2], SkuErrorKind::NotFound)]);
        let available = async |name| life.level(&berlin, name).await.unwrap().available;
        assert_eq!(available("A").await, Some(Quantity::units(5)));

        let done = life.connections.reread(&connection, "desk", &scope, vec![berlin.clone()]).await.unwrap();
        assert_eq!(done, trial);
        assert_eq!((available("A").await, available("C").await), (Some(Quantity::units(2)), Some(Quantity::units(5))));
        let all = ChangeFilter::default();
        let changes = history::page(&life.db, life.account, berlin.id, &all, None, 10).await.unwrap();
        let [change] = &changes[..] else { panic!("one change") };
        assert_eq!((change.cause.kind, change.cause.actor.as_deref()), (CauseKind::Sync, Some("desk")));
        let again = life.connections.reread(&connection, "desk", &scope, vec![berlin]).await.unwrap();
        assert_eq!((again.compared, again.differences), (2, vec![]));
    }

    async fn all_that_is_held_at_a_source_is_read_again_and_nothing_elsewhere(database) {
        let site = Site::on(database, &["finale"]);
        let system = FinaleSystem::start(&site).await;
        let names: Vec<String> = (0..130).map(|number| format!("A{number:03}")).collect();
        for place in ["Berlin", "Munich"] {
            for name in &names {
                system.finale.set_stock(name, place, 5);
            }
        }
        let life = site.start().await;
        let connection = life.connected(system.connection()).await;
        let (berlin, munich) = (
            life.source(connection.id, "Berlin").await,
            life.source(connection.id, "Munich").await,
        );
        for place in ["Berlin", "Munich"] {
            system.finale.set_stock("A000", place, 2);
            system.finale.set_stock("A129", place, 3);
        }
        site.advance(Duration::from_secs(1));
        let everything = Scope::Everything;
        let trial = life.connections.compare(&connection, &everything, vec![berlin.clone()]).await.unwrap();
        assert_eq!((trial.compared, trial.differing), (130, 2));
        assert_eq!(found(&trial.differences), [("A000", Some(2)), ("A129", Some(3))]);
        let compare = || life.connections.compare(&connection, &everything, vec![berlin.clone()]);
        let (one, other) = tokio::join!(compare(), compare());
        assert!(one.is_ok() && matches!(other, Err(RereadError::Busy)), "one at a time: {other:?}");
        // A source that holds more than is looked up one batch after the other is listed.
        let mut large = berlin.clone();
        large.levels = 10_000_000;
        let listed = life.connections.compare(&connection, &everything, vec![large]).await.unwrap();
        assert_eq!((listed.compared, found(&listed.differences)), (130, found(&trial.differences)));
        let available = async |source, name| life.level(source, name).await.unwrap().available;
        assert_eq!(available(&berlin, "A000").await, Some(Quantity::units(5)));
        life.connections.reread(&connection, "desk", &everything, vec![berlin.clone()]).await.unwrap();
        assert_eq!(available(&berlin, "A000").await, Some(Quantity::units(2)));
        assert_eq!(available(&munich, "A000").await, Some(Quantity::units(5)));
        // What its system has not known for long is no news, and what it does not know any more is.
        system.finale.rename_product("A001", "Z001");
        let gone = life.connections.compare(&connection, &everything, vec![berlin.clone()]).await.unwrap();
        assert_eq!((gone.untold, gone.errors[0].sku.as_str()), (1, "A001"));
        life.sync(&site, connection.id, true).await;
        let known = life.connections.compare(&connection, &everything, vec![berlin.clone()]).await.unwrap();
        assert_eq!((known.untold, known.differing), (0, 0));
        let since = Scope::ChangedSince(life.clock.now());
        let refused = life.connections.compare(&connection, &since, vec![berlin]).await;
        assert!(matches!(refused, Err(RereadError::NoChanges)), "{refused:?}");
    }

    async fn what_changed_since_a_time_is_asked_from_the_sync_before_it(database) {
        let site = Site::on(database, &["shopify"]);
        let system = ShopifySystem::start(&site).await;
        let main = system.main;
        let items = system.shop.add_items(["A", "B"].map(|name| NewItem::sku(name).at(main, 9)));
        let before_all = site.clock.now();
        site.advance(Duration::from_secs(60));
        let life = site.start().await;
        let connection = life.connected(system.connection()).await;
        let source = life.source(connection.id, "Main").await;
        site.advance(Duration::from_secs(10));
        let then = site.clock.now();
        site.advance(Duration::from_secs(10));
        system.shop.set_quantity(items[0], main, "available", 4);
        site.advance(Duration::from_secs(10));
        let compare = async |since| {
            let scope = Scope::ChangedSince(since);
            life.connections.compare(&connection, &scope, vec![source.clone()]).await
        };
        let trial = compare(then).await.unwrap();
        assert_eq!(found(&trial.differences), [("A", Some(4))]);
        let early = compare(before_all).await;
        assert!(matches!(early, Err(RereadError::NoCheckpoint { since: Some(_) })), "{early:?}");
        let scope = Scope::ChangedSince(then);
        life.connections.reread(&connection, "desk", &scope, vec![source.clone()]).await.unwrap();
        assert_eq!(life.level(&source, "A").await.unwrap().available, Some(Quantity::units(4)));
        // What the connection goes on from is its own.
        site.advance(Duration::from_secs(300));
        life.sync(&site, connection.id, false).await;
        assert_eq!(life.level(&source, "A").await.unwrap().available, Some(Quantity::units(4)));
    }
}
