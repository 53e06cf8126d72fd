//! Some SKUs are read again at once: what is other than held is said, and stored unless it is a trial.

use std::time::Duration;

use bestand::stock::CauseKind;
use bestand::store::history::{self, ChangeFilter};
use bestand_plugin_api::{Quantity, SkuErrorKind};

use crate::support::{FinaleSystem, Site, on_both_engines, sku};

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
        let trial = life.connections.compare(&connection, &wanted, vec![berlin.clone()]).await.unwrap();
        assert_eq!((trial.compared, trial.differences.len()), (2, 1));
        let (source, difference) = &trial.differences[0];
        assert_eq!((*source, &difference.sku), (berlin.id, &sku("A")));
        assert_eq!((difference.held, difference.found), (Some(Quantity::units(5)), Some(Quantity::units(2))));
        let untold: Vec<_> = trial.errors.iter().map(|error| (&error.sku, error.kind)).collect();
        assert_eq!(untold, [(&wanted[2], SkuErrorKind::NotFound)]);
        let available = async |name| life.level(&berlin, name).await.unwrap().available;
        assert_eq!(available("A").await, Some(Quantity::units(5)));

        let done = life.connections.reread(&connection, "desk", &wanted, vec![berlin.clone()]).await.unwrap();
        assert_eq!(done, trial);
        assert_eq!((available("A").await, available("C").await), (Some(Quantity::units(2)), Some(Quantity::units(5))));
        let all = ChangeFilter::default();
        let changes = history::page(&life.db, life.account, berlin.id, &all, None, 10).await.unwrap();
        let [change] = &changes[..] else { panic!("one change") };
        assert_eq!((change.cause.kind, change.cause.actor.as_deref()), (CauseKind::Sync, Some("desk")));
        let again = life.connections.reread(&connection, "desk", &wanted, vec![berlin]).await.unwrap();
        assert_eq!((again.compared, again.differences), (2, vec![]));
    }
}
