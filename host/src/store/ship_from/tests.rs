//! Cases of stored ship-from locations, on both engines.

use super::super::testing::{account, connection, on_both_engines};
use super::*;
use crate::ship_from::Policy;
use crate::store::source;

const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);

/// A location as a test needs it.
pub(in crate::store) fn location(
    account: AccountId,
    name: &str,
    source: Option<SourceId>,
) -> ShipFromLocation {
    ShipFromLocation {
        allocation: crate::allocation::AllocationMode::default(),
        id: ShipFromId::new(),
        account_id: account,
        name: name.into(),
        address: Some("Torstraße 1, Berlin".into()),
        is_default: false,
        policy: Policy::Block,
        buffer: "12.5%".parse().unwrap(),
        source_id: source,
        version: 1,
        created_at: NOW,
    }
}

on_both_engines! {
    async fn a_location_is_read_back_as_it_was_stored(db) {
        let stored = location(account(db).await, "Berlin", None);
        insert(db, &stored).await.unwrap();
        assert_eq!(find(db, stored.account_id, stored.id).await.unwrap().as_ref(), Some(&stored));
        assert_eq!(list(db, stored.account_id).await.unwrap(), [stored]);
    }

    async fn there_is_one_default_and_a_new_one_takes_over(db) {
        let account = account(db).await;
        let first = ShipFromLocation { is_default: true, ..location(account, "Berlin", None) };
        let second = location(account, "Hamburg", None);
        insert(db, &first).await.unwrap();
        insert(db, &second).await.unwrap();
        assert_eq!(find_default(db, account).await.unwrap().unwrap().id, first.id);
        update(db, &ShipFromLocation { is_default: true, ..second.clone() }).await.unwrap();
        assert_eq!(find_default(db, account).await.unwrap().unwrap().id, second.id);
    }

    async fn one_source_serves_many_locations_and_each_has_one(db) {
        let (account, connection) = connection(db).await;
        let places = ["1", "2"].map(|id| bestand_plugin_api::Location::site(id, id));
        let sources = source::follow_locations(db, account, connection, &places, NOW).await.unwrap();
        let locations = ["Berlin", "Hamburg"].map(|name| location(account, name, None));
        for stored in &locations {
            insert(db, stored).await.unwrap();
            let linked = link(db, account, stored.id, Some(sources[0].id), Some(1)).await.unwrap();
            assert_eq!((linked.source_id, linked.version), (Some(sources[0].id), 2));
        }
        let moved = link(db, account, locations[0].id, Some(sources[1].id), None).await.unwrap();
        assert_eq!(moved.source_id, Some(sources[1].id));
        assert_eq!(link(db, account, locations[0].id, None, None).await.unwrap().source_id, None);
    }

    async fn a_source_of_another_account_cannot_be_linked(db) {
        let (other, connection) = connection(db).await;
        let places = [bestand_plugin_api::Location::site("1", "Main")];
        let sources = source::follow_locations(db, other, connection, &places, NOW).await.unwrap();
        let mine = location(account(db).await, "Berlin", None);
        insert(db, &mine).await.unwrap();
        let refused = link(db, mine.account_id, mine.id, Some(sources[0].id), None).await.unwrap_err();
        let expected = format!("there is no inventory source `{}` in this account", sources[0].id);
        assert_eq!(refused.to_string(), expected);
        let born_linked = location(mine.account_id, "Hamburg", Some(sources[0].id));
        assert_eq!(insert(db, &born_linked).await.unwrap_err().to_string(), expected);
    }

    async fn clashes_are_said_in_words(db) {
        let account = account(db).await;
        let stored = location(account, "Berlin", None);
        insert(db, &stored).await.unwrap();
        let refused = insert(db, &location(account, "Berlin", None)).await.unwrap_err();
        assert_eq!(refused.to_string(), "there is already a ship-from location named `Berlin`");
        update(db, &stored).await.unwrap();
        let refused = update(db, &stored).await.unwrap_err().to_string();
        assert!(refused.ends_with("was changed meanwhile; read it again"), "{refused}");
        let stale = link(db, account, stored.id, None, Some(1)).await;
        assert!(matches!(stale, Err(Error::Conflict { .. })));
        assert!(matches!(delete(db, account, stored.id, 1).await, Err(Error::Conflict { .. })));
        delete(db, account, stored.id, 2).await.unwrap();
        assert!(find(db, account, stored.id).await.unwrap().is_none());
    }
}
