//! Cases of stored connections, on both engines.

use super::super::testing::{account, on_both_engines};
use super::*;
use crate::connection::record::Origin;
use crate::store::sync_run::SyncKind;
use crate::store::{ship_from, source, sync_run};

const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);

fn finale(account: AccountId) -> Connection {
    Connection {
        id: ConnectionId::new(),
        account_id: account,
        name: "Finale main".into(),
        adapter: "finale".into(),
        partner: None,
        settings: serde_json::json!({ "account": "acme", "depth": [1, 2.5, null] }),
        origin: Origin::Api,
        paused: false,
        allow_private_network: true,
        sync_interval_secs: Some(300),
        reconcile_secs: None,
        created_at: NOW,
        updated_at: NOW,
        version: 1,
    }
}

fn sealed(name: &str, bytes: &[u8]) -> SealedSecret {
    SealedSecret {
        name: name.into(),
        sealed: bytes.into(),
    }
}

fn putting<const COUNT: usize>(secrets: [SealedSecret; COUNT]) -> SecretChange {
    SecretChange {
        put: secrets.into(),
        remove: Vec::new(),
    }
}

on_both_engines! {
    async fn a_connection_is_read_back_as_it_was_stored(db) {
        let stored = finale(account(db).await);
        insert(db, &stored).await.unwrap();
        let (account, id) = (stored.account_id, stored.id);
        assert_eq!(find(db, account, id).await.unwrap().as_ref(), Some(&stored));
        assert_eq!(find_by_name(db, account, "Finale main").await.unwrap().as_ref(), Some(&stored));
        assert_eq!(list_of_all_accounts(db).await.unwrap(), [stored]);
    }

    async fn another_account_sees_nothing_of_it(db) {
        let (mine, other) = (finale(account(db).await), account(db).await);
        insert(db, &mine).await.unwrap();
        assert_eq!(find(db, other, mine.id).await.unwrap(), None);
        assert!(list(db, other).await.unwrap().is_empty());
        assert!(delete(db, other, mine.id, 1).await.is_err());
        insert(db, &finale(other)).await.expect("names are the account's own");
    }

    async fn of_two_changes_to_the_same_version_the_second_is_refused(db) {
        let stored = finale(account(db).await);
        insert(db, &stored).await.unwrap();
        let paused = update(db, &Connection { paused: true, ..stored.clone() }).await.unwrap();
        assert_eq!((paused.paused, paused.version), (true, 2));
        let refused = update(db, &stored).await.unwrap_err();
        assert_eq!(refused.to_string(), "connection `Finale main` was changed meanwhile; read it again");
    }

    async fn what_reads_something_else_from_now_on_has_listed_nothing_of_it(db) {
        let stored = finale(account(db).await);
        insert(db, &stored).await.unwrap();
        let (account, id) = (stored.account_id, stored.id);
        let places = [bestand_plugin_api::Location::site("1", "Main")];
        let source = source::follow_locations(db, account, id, &places, NOW).await.unwrap()[0].id;
        sync_run::start(db, account, id, SyncKind::Listing, NOW).await.unwrap();
        db.write(async |tx| source::keep_listed(tx, account, source, NOW).await).await.unwrap();
        let known = async || {
            let listed_at = source::find(db, account, source).await.unwrap().unwrap().listed_at;
            (listed_at, sync_run::list(db, account, id, 9).await.unwrap().len())
        };
        let renamed = update(db, &Connection { name: "Other".into(), ..stored }).await.unwrap();
        assert_eq!(known().await, (Some(NOW), 1));
        let settings = serde_json::json!({ "account": "other" });
        update(db, &Connection { settings, ..renamed }).await.unwrap();
        assert_eq!(known().await, (None, 0));
    }

    async fn a_registration_leads_to_its_connection_and_goes_with_it(db) {
        let stored = finale(account(db).await);
        let mine = stored.account_id;
        let secret = putting([sealed("api_key", &[1])]);
        registered::insert(db, &stored, &secret, "acme").await.unwrap();
        assert_eq!(registered::find(db, mine, "acme").await.unwrap().as_ref(), Some(&stored));
        assert_eq!(secrets(db, mine, stored.id).await.unwrap(), secret.put);
        assert_eq!(registered::find(db, mine, "other").await.unwrap(), None);
        assert_eq!(registered::find(db, account(db).await, "acme").await.unwrap(), None);
        delete(db, mine, stored.id, 1).await.unwrap();
        assert_eq!(registered::find(db, mine, "acme").await.unwrap(), None);
        registered::insert(db, &finale(mine), &secret, "acme").await.expect("it may register again");
    }

    async fn a_partner_that_is_registered_is_given_no_second_connection(db) {
        let stored = finale(account(db).await);
        let account = stored.account_id;
        let none = SecretChange::default();
        registered::insert(db, &stored, &none, "acme").await.unwrap();
        let second = Connection { name: "Second".into(), ..finale(account) };
        let refused = registered::insert(db, &second, &none, "acme").await;
        assert!(matches!(refused, Err(Error::Conflict { .. })));
        assert_eq!(list(db, account).await.unwrap(), [stored]);
    }

    async fn a_partner_that_registers_has_another_connection_than_the_one_it_pushes_to(db) {
        let partner = Some("Acme".to_owned());
        let asked = Connection { partner: partner.clone(), ..finale(account(db).await) };
        let account = asked.account_id;
        let none = SecretChange::default();
        registered::insert(db, &asked, &none, "acme").await.unwrap();
        assert_eq!(partner::find(db, account, "Acme").await.unwrap(), None);
        let pushed = Connection { name: "Pushed".into(), partner, ..finale(account) };
        insert(db, &pushed).await.unwrap();
        assert_eq!(partner::find(db, account, "Acme").await.unwrap(), Some(pushed));
        assert_eq!(registered::find(db, account, "acme").await.unwrap(), Some(asked));
    }

    async fn a_name_that_is_taken_is_said(db) {
        let account = account(db).await;
        insert(db, &finale(account)).await.unwrap();
        let refused = insert(db, &finale(account)).await.unwrap_err();
        assert_eq!(refused.to_string(), "there is already a connection named `Finale main`");
    }

    async fn secrets_are_kept_sealed_and_changed_name_by_name(db) {
        let stored = finale(account(db).await);
        let (account, id) = (stored.account_id, stored.id);
        let first = putting([sealed("api_key", &[0, 1]), sealed("api_secret", &[2])]);
        insert_with(db, &stored, &first).await.unwrap();
        assert_eq!(secrets(db, account, id).await.unwrap(), first.put);
        let second = SecretChange { remove: vec!["api_key".into()], ..putting([sealed("api_secret", &[4])]) };
        change_secrets(db, account, id, &second).await.unwrap();
        assert_eq!(secrets(db, account, id).await.unwrap(), second.put);
        let missing = change_secrets(db, account, ConnectionId::new(), &first).await;
        assert!(matches!(missing, Err(Error::NotFound { .. })));
    }

    async fn a_change_that_is_refused_changes_no_secret(db) {
        let stored = finale(account(db).await);
        let before = putting([sealed("api_key", &[1])]);
        insert_with(db, &stored, &before).await.unwrap();
        update(db, &stored).await.unwrap();
        let refused = update_with(db, &stored, &putting([sealed("api_key", &[2])])).await;
        assert!(matches!(refused, Err(Error::Conflict { .. })));
        assert_eq!(secrets(db, stored.account_id, stored.id).await.unwrap(), before.put);
    }

    async fn what_came_from_a_connection_goes_with_it_and_links_are_undone(db) {
        let stored = finale(account(db).await);
        insert(db, &stored).await.unwrap();
        let (account, id) = (stored.account_id, stored.id);
        change_secrets(db, account, id, &putting([sealed("api_key", &[1])])).await.unwrap();
        let places = [bestand_plugin_api::Location::site("1", "Main")];
        let sources = source::follow_locations(db, account, id, &places, NOW).await.unwrap();
        let location = ship_from::tests::location(account, "Berlin", Some(sources[0].id));
        ship_from::insert(db, &location).await.unwrap();
        let refused = delete(db, account, id, 2).await;
        assert!(matches!(refused, Err(Error::Conflict { .. })));
        assert_eq!(ship_from::find(db, account, location.id).await.unwrap().unwrap().version, 1);
        delete(db, account, id, 1).await.unwrap();
        assert!(list(db, account).await.unwrap().is_empty());
        assert!(source::list(db, account).await.unwrap().is_empty());
        let unlinked = ship_from::find(db, account, location.id).await.unwrap().unwrap();
        assert_eq!((unlinked.source_id, unlinked.version), (None, 2));
    }

    async fn a_transaction_that_fails_leaves_nothing_behind(db) {
        let stored = finale(account(db).await);
        insert(db, &stored).await.unwrap();
        let (account, id) = (stored.account_id, stored.id);
        let failed = db.write(async |tx| {
            put(tx, account, id, &sealed("api_key", &[1])).await?;
            Err::<(), _>(Error::changed_meanwhile("connection", "no"))
        });
        assert!(failed.await.is_err());
        assert!(secrets(db, account, id).await.unwrap().is_empty());
    }
}
