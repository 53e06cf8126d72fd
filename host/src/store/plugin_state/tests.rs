//! Cases of what adapters keep, on both engines.

use super::super::testing::{connection, on_both_engines};
use super::*;

async fn owner(db: &Db) -> Owner {
    let (account_id, connection_id) = connection(db).await;
    Owner {
        account_id,
        connection_id,
    }
}

fn put(key: &str, value: &str) -> Write {
    Write::put(key, value.into(), Expected::Any)
}

async fn keys(
    db: &Db,
    owner: Owner,
    prefix: &str,
    after: Option<&str>,
    limit: usize,
) -> Vec<String> {
    let mut range = EntryRange::prefix(prefix).limit(limit);
    range.after = after.map(String::from);
    list(db, owner, &range)
        .await
        .unwrap()
        .into_iter()
        .map(|entry| entry.key)
        .collect()
}

async fn value(db: &Db, owner: Owner, key: &str) -> Option<Entry> {
    get(db, owner, &[key.into()]).await.unwrap().remove(0)
}

on_both_engines! {
    async fn entries_come_in_the_order_asked_for_and_only_to_their_owner(db) {
        let (mine, other) = (owner(db).await, owner(db).await);
        commit(db, mine, &[put("a", "1"), put("b", "2")]).await.unwrap();
        let found = get(db, mine, &["b".into(), "c".into(), "a".into(), "b".into()]).await.unwrap();
        let values = found.iter().map(|entry| Some(&*entry.as_ref()?.value));
        assert_eq!(values.collect::<Vec<_>>(), [Some(&b"2"[..]), None, Some(b"1"), Some(b"2")]);
        assert_eq!(value(db, other, "a").await, None);
    }

    async fn a_list_is_by_prefix_in_the_order_of_bytes(db) {
        let owner = owner(db).await;
        let all = ["a/", "a/1", "a/\u{0}", "a/Z", "a/ä", "a/\u{10ffff}", "b", "a", "A"];
        commit(db, owner, &all.map(|key| put(key, ""))).await.unwrap();
        let under_a = ["a/", "a/\u{0}", "a/1", "a/Z", "a/ä", "a/\u{10ffff}"];
        assert_eq!(keys(db, owner, "a/", None, 100).await, under_a);
        assert_eq!(keys(db, owner, "a/", Some("a/1"), 2).await, under_a[3..5]);
        assert_eq!(keys(db, owner, "", None, 100).await.len(), all.len());
        assert_eq!(keys(db, owner, "", None, 0).await.len(), 0);
    }

    async fn a_commit_is_all_or_nothing(db) {
        let owner = owner(db).await;
        commit(db, owner, &[put("a", "1")]).await.unwrap();
        let writes = [put("b", "2"), Write::put("a", b"3".to_vec(), Expected::Absent)];
        let written = commit(db, owner, &writes).await.unwrap();
        assert_eq!(written, Written::Conflict { key: "a".into() });
        assert_eq!(value(db, owner, "b").await, None);
        assert_eq!(value(db, owner, "a").await.unwrap().value, b"1");
    }

    async fn a_version_grows_with_every_write_also_across_a_deletion(db) {
        let owner = owner(db).await;
        let mut last = 0;
        for _ in 0..3 {
            commit(db, owner, &[put("a", "1")]).await.unwrap();
            let entry = value(db, owner, "a").await.unwrap();
            assert!(entry.version > last);
            last = entry.version;
            let delete = Write::delete("a", Expected::unchanged(Some(&entry)));
            assert_eq!(commit(db, owner, &[delete]).await.unwrap(), Written::Done);
            assert_eq!(value(db, owner, "a").await, None);
        }
        let stale = Write::put("a", vec![], Expected::Version(last));
        assert_eq!(commit(db, owner, &[stale]).await.unwrap(), Written::Conflict { key: "a".into() });
    }

    async fn writes_of_one_commit_take_effect_in_order(db) {
        let owner = owner(db).await;
        let again = Write::put("a", b"2".to_vec(), Expected::Absent);
        let twice = [put("a", "1"), again.clone()];
        assert_eq!(commit(db, owner, &twice).await.unwrap(), Written::Conflict { key: "a".into() });
        let between = [put("a", "1"), Write::delete("a", Expected::Any), again];
        assert_eq!(commit(db, owner, &between).await.unwrap(), Written::Done);
        assert_eq!(value(db, owner, "a").await.unwrap().value, b"2");
    }

    async fn of_many_that_count_at_once_none_is_lost(db) {
        let owner = owner(db).await;
        let count_up = async || loop {
            let entry = value(db, owner, "count").await;
            let count = entry.as_ref().map_or(0, |entry| entry.value[0]) + 1;
            let write = Write::put("count", vec![count], Expected::unchanged(entry.as_ref()));
            if commit(db, owner, &[write]).await.unwrap() == Written::Done {
                break;
            }
        };
        futures::future::join_all((0..16).map(|_| count_up())).await;
        assert_eq!(value(db, owner, "count").await.unwrap().value, [16]);
    }

    async fn ten_thousand_writes_are_one_commit(db) {
        let owner = owner(db).await;
        let writes: Vec<_> = (0..BATCH_MAX)
            .map(|n| Write::put(format!("sku/{n:06}"), n.to_be_bytes().to_vec(), Expected::Absent))
            .collect();
        assert_eq!(commit(db, owner, &writes).await.unwrap(), Written::Done);
        assert_eq!(keys(db, owner, "sku/", None, usize::MAX).await.len(), BATCH_MAX);
        let all_keys: Vec<_> = writes.iter().map(|write| write.key.clone()).collect();
        assert!(get(db, owner, &all_keys).await.unwrap().iter().all(Option::is_some));
    }
}
