//! The newer wins, whoever brings it and however it is brought.

use std::collections::HashMap;

use proptest::prelude::*;
use proptest::strategy::ValueTree;

use super::*;
use crate::stock::newer_wins::{Decision, newer_wins};
use crate::store::testing::{on_both_engines, on_postgres, on_sqlite};

on_both_engines! {
    async fn what_is_applied_is_readable_at_once_and_after_a_restart(db) {
        let mut shop = Shop::open(db).await;
        let updates = vec![shop.level("A", 5, 10), shop.level("B", -2, 11)];
        let applied = shop.push(updates).await;
        assert_eq!(applied, Applied { changed: 2, ..Applied::default() });
        for _ in 0..2 {
            assert_eq!(shop.available("A").await, Some((Some(5), 10)));
            assert_eq!(shop.available("B").await, Some((Some(-2), 11)));
            shop.restart();
        }
    }

    async fn a_slow_answer_never_overwrites_a_later_push(db) {
        let mut shop = Shop::open(db).await;
        for _ in 0..2 {
            shop.push(vec![shop.level("A", 3, 20)]).await;
            let slow = shop.apply(Cause::of(CauseKind::Live), vec![shop.level("A", 5, 19)]).await;
            assert_eq!(slow, Applied { older: 1, ..Applied::default() });
            assert_eq!(shop.available("A").await, Some((Some(3), 20)));
            shop.restart();
        }
    }

    async fn of_duplicates_in_a_batch_the_newest_wins_and_of_equals_the_last(db) {
        let shop = Shop::open(db).await;
        let batch = [(1, 10), (2, 12), (3, 11), (4, 12)];
        let batch = batch.map(|(available, secs)| shop.level("A", available, secs));
        let applied = shop.push(batch.into()).await;
        assert_eq!(applied, Applied { changed: 3, confirmed: 0, older: 1 });
        assert_eq!(shop.available("A").await, Some((Some(4), 12)));
    }

    async fn saying_the_same_again_confirms_it(db) {
        let mut shop = Shop::open(db).await;
        shop.push(vec![shop.level("A", 5, 10)]).await;
        let again = shop.push(vec![shop.level("A", 5, 30)]).await;
        assert_eq!(again, Applied { confirmed: 1, ..Applied::default() });
        shop.restart();
        assert_eq!(shop.available("A").await, Some((Some(5), 30)));
    }

    async fn a_level_from_the_future_counts_as_one_of_now(db) {
        let shop = Shop::open(db).await;
        shop.push(vec![shop.level("A", 5, 999_999)]).await;
        assert_eq!(shop.available("A").await, Some((Some(5), 3600)));
    }

    async fn a_source_of_another_account_is_refused_and_nothing_is_taken(db) {
        let shop = Shop::open(db).await;
        let (other, their_source) = shop.neighbour().await;
        let theirs = Update { source_id: their_source, ..shop.level("B", 1, 10) };
        let refused = shop.book.apply(
            shop.account,
            Cause::of(CauseKind::Push),
            vec![shop.level("A", 1, 10), theirs],
        );
        assert!(matches!(refused.await, Err(Error::NotFound { .. })));
        assert_eq!(shop.held("A").await, None);
        assert!(shop.book.levels(other, shop.source, &[sku("A")]).await.is_err());
    }

    async fn many_callers_at_once_each_learn_what_became_of_theirs(db) {
        let shop = Shop::open(db).await;
        let pushes = (0..200u64).map(|n| {
            let updates = vec![shop.level("shared", 1, n % 7), shop.level(&n.to_string(), 1, n)];
            shop.push(updates)
        });
        let applied = futures::future::join_all(pushes).await;
        let sum = |of: fn(&Applied) -> u64| applied.iter().map(of).sum::<u64>();
        assert!(applied.iter().all(|one| one.changed + one.confirmed + one.older == 2));
        assert_eq!(sum(|one| one.changed), 201);
        assert_eq!(shop.available("shared").await, Some((Some(1), 6)));
        assert_eq!(shop.levels_counted().await, 201);
    }

    async fn details_are_kept_with_the_level_that_won(db) {
        let mut shop = Shop::open(db).await;
        let mut newest = shop.level("A", 5, 20);
        let third: Quantity = "0.333333".parse().unwrap();
        newest.level.item = Some(bestand_plugin_api::ItemRef("gid://1".into()));
        newest.level.quantities.other = [("damaged".to_owned(), third)].into();
        newest.level.lots = vec![bestand_plugin_api::Lot::new("L1", third).with_expires_at(at(9))];
        newest.level.source_updated_at = Some(at(8));
        newest.level.source_version = Some(u64::MAX);
        let expected = newest.level.clone();
        shop.push(vec![newest, shop.level("A", 9, 19)]).await;
        shop.restart();
        let details = shop.book.details(shop.account, shop.source, &[sku("B"), sku("A")]).await.unwrap();
        let [None, Some(details)] = &details[..] else { panic!("{details:?}") };
        assert_eq!(details.item, expected.item);
        assert_eq!(details.other, expected.quantities.other);
        assert_eq!(details.lots, expected.lots);
        assert_eq!(details.source_updated_at, expected.source_updated_at);
        assert_eq!(details.held.source_version, expected.source_version);
    }

    async fn the_source_tells_the_newest_confirmation(db) {
        let shop = Shop::open(db).await;
        shop.push(vec![shop.level("A", 5, 20), shop.level("B", 5, 10)]).await;
        shop.push(vec![shop.level("C", 5, 15)]).await;
        let source = store::source::find(&shop.db, shop.account, shop.source).await.unwrap().unwrap();
        assert_eq!((source.as_of, source.listed_at), (Some(at(20)), None));
    }

    async fn a_book_may_be_used_from_any_task(db) {
        let shop = Shop::open(db).await;
        let updates = vec![shop.level("A", 5, 10)];
        let (book, account, source) = (shop.book.clone(), shop.account, shop.source);
        let pushed = tokio::spawn(async move {
            let applied = book.apply(account, Cause::of(CauseKind::Push), updates).await.unwrap();
            (applied, book.levels(account, source, &[sku("A")]).await.unwrap())
        });
        assert_eq!(pushed.await.unwrap().0.changed, 1);
    }
}

/// What happens to a shop with six SKUs.
#[derive(Clone, Debug)]
enum Step {
    /// Updates of one batch: SKU, available, seconds, version.
    Apply(Vec<(u8, i64, u64, Option<u64>)>),
    /// Memory is lost.
    Restart,
    /// Somebody looks, which fills the index.
    Look(u8),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let update = (0u8..6, 0i64..4, 0u64..12, proptest::option::of(0u64..4));
    let step = prop_oneof![
        6 => proptest::collection::vec(update, 1..8).prop_map(Step::Apply),
        1 => Just(Step::Restart),
        3 => (0u8..6).prop_map(Step::Look),
    ];
    proptest::collection::vec(step, 1..24)
}

/// Does what the book does, one update at a time and in memory.
#[derive(Default)]
struct Model {
    levels: HashMap<String, Held>,
}

// === impl Model ===

impl Model {
    fn apply(&mut self, updates: &[Update]) {
        for Update { level, .. } in updates {
            let known = self.levels.get(level.sku.as_str()).copied();
            let incoming = Held::from_level(level, at(3600));
            if let Decision::Changed(held) | Decision::Confirmed(held) =
                newer_wins(known, None, incoming, incoming.as_of)
            {
                self.levels.insert(level.sku.to_string(), held);
            }
        }
    }
}

/// Runs generated steps against the book and the model, and compares after each.
async fn agrees_with_the_model(db: &Db, levels_max: usize) {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for _ in 0..24 {
        let steps = steps().new_tree(&mut runner).unwrap().current();
        let mut shop = Shop::open(db).await;
        let mut model = Model::default();
        shop.book = Shop::book(db, BookOptions { levels_max });
        for step in steps {
            match &step {
                Step::Apply(updates) => {
                    let update =
                        |(name, available, secs, version): &(u8, i64, u64, Option<u64>)| {
                            let mut update = shop.level(&name.to_string(), *available, *secs);
                            update.level.source_version = *version;
                            update
                        };
                    let updates: Vec<_> = updates.iter().map(update).collect();
                    model.apply(&updates);
                    shop.push(updates).await;
                }
                Step::Restart => shop.book = Shop::book(db, BookOptions { levels_max }),
                Step::Look(name) => {
                    let name = name.to_string();
                    assert_eq!(
                        shop.held(&name).await,
                        model.levels.get(&name).copied(),
                        "{step:?}"
                    );
                }
            }
        }
        for name in (0..6).map(|name| name.to_string()) {
            assert_eq!(shop.held(&name).await, model.levels.get(&name).copied());
        }
    }
}

#[tokio::test]
async fn any_history_ends_as_if_each_update_came_alone_on_sqlite() {
    on_sqlite(async |db| agrees_with_the_model(db, 1000).await).await;
}

#[tokio::test]
async fn any_history_ends_as_if_each_update_came_alone_on_postgres() {
    on_postgres(async |db| agrees_with_the_model(db, 1000).await).await;
}

#[tokio::test]
async fn a_memory_too_small_for_the_levels_changes_nothing_but_the_speed() {
    on_sqlite(async |db| agrees_with_the_model(db, 2).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_a_reader_sees_never_goes_back() {
    on_sqlite(async |db| {
        let mut shop = Shop::open(db).await;
        shop.book = Shop::book(db, BookOptions { levels_max: 4 });
        let (account, source) = (shop.account, shop.source);
        let names: Vec<Sku> = (0..16).map(|n| sku(&n.to_string())).collect();
        let readers: Vec<_> = (0..3)
            .map(|_| {
                let (book, names) = (shop.book.clone(), names.clone());
                tokio::spawn(async move {
                    let mut seen = vec![START; names.len()];
                    while seen.iter().any(|as_of| *as_of < at(300)) {
                        let levels = book.levels(account, source, &names).await.unwrap();
                        for (seen, held) in seen.iter_mut().zip(levels) {
                            let as_of = held.map_or(START, |held| held.as_of);
                            assert!(as_of >= *seen, "{as_of} after {seen}");
                            *seen = as_of;
                        }
                    }
                })
            })
            .collect();
        for secs in 1..=300u64 {
            let updates = names
                .iter()
                .map(|name| shop.level(name, i64::try_from(secs).unwrap(), secs));
            shop.push(updates.collect()).await;
        }
        for reader in readers {
            reader.await.unwrap();
        }
    })
    .await;
}
