//! Cases of stored inventory sources, on both engines.

use super::super::testing::{connection, on_both_engines};
use super::*;

const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);

on_both_engines! {
    async fn sources_follow_the_places_that_hold_stock(db) {
        let (account, connection) = connection(db).await;
        let bin = Location::new("3", "A-1", LocationKind::Bin);
        let places = [Location::site("1", "Main"), Location::site("2", "Outlet"), bin];
        let first = follow_locations(db, account, connection, &places, NOW).await.unwrap();
        assert_eq!(first.iter().map(|source| &*source.name).collect::<Vec<_>>(), ["Main", "Outlet"]);
        assert!(first.iter().all(|source| source.active && source.included));

        let renamed = [Location::site("1", "Head office").unsellable()];
        let second = follow_locations(db, account, connection, &renamed, NOW).await.unwrap();
        assert_eq!((second[0].id, &*second[0].name, second[0].sellable), (first[0].id, "Head office", false));
        assert_eq!((second[1].id, second[1].active), (first[1].id, false));
        assert_eq!(list(db, account).await.unwrap(), second);
    }

    async fn what_the_operator_decides_survives_the_next_look(db) {
        let (account, connection) = connection(db).await;
        let places = [Location::site("1", "Main")];
        let known = follow_locations(db, account, connection, &places, NOW).await.unwrap().remove(0);
        let decision = Decision { included: false, max_age_secs: Some(60), direction: Some(Direction::Off) };
        decide(db, &known, decision).await.unwrap();
        let refused = decide(db, &known, Decision::of(&known)).await;
        assert!(matches!(refused, Err(Error::Conflict { .. })), "somebody has decided meanwhile");
        let again = follow_locations(db, account, connection, &places, NOW).await.unwrap();
        assert_eq!((Decision::of(&again[0]), again[0].reads()), (decision, false));
    }

    async fn the_start_of_the_last_listing_never_goes_back(db) {
        let (account, connection) = connection(db).await;
        let places = [Location::site("1", "Main")];
        let id = follow_locations(db, account, connection, &places, NOW).await.unwrap()[0].id;
        for secs in [20, 10] {
            let at = Timestamp::from_secs(secs);
            db.write(async |tx| keep_listed(tx, account, id, at).await).await.unwrap();
        }
        let found = find(db, account, id).await.unwrap().unwrap();
        assert_eq!(found.listed_at, Some(Timestamp::from_secs(20)));
    }

    async fn sources_are_listed_with_their_owner(db) {
        let (account, connection) = connection(db).await;
        let places = [Location::site("1", "Main")];
        let sources = follow_locations(db, account, connection, &places, NOW).await.unwrap();
        let listed = list_with_owner(db, account).await.unwrap();
        assert_eq!(listed, [(Owner::adapter("finale"), sources[0].clone())]);
    }
}
