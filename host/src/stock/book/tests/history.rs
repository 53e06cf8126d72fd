//! What changed is remembered and announced, and what did not is not.

use super::*;
use crate::store::history::ChangeFilter;
use crate::store::testing::on_both_engines;

fn units(counts: &Counts) -> Option<i64> {
    counts.available.map(Quantity::floor)
}

on_both_engines! {
    async fn history_tells_what_changed_and_why(db) {
        let shop = Shop::open(db).await;
        let run = SyncId::new();
        shop.apply(Cause::listing(run), vec![shop.level("A", 5, 10)]).await;
        shop.push(vec![shop.level("A", 5, 11)]).await;
        let by_hand = Cause { actor: Some("Erika".into()), ..Cause::of(CauseKind::Write) };
        shop.apply(by_hand.clone(), vec![shop.level("A", 4, 12)]).await;
        shop.finish(run, 20, Absent::Unknown).await;
        assert_eq!(shop.history("A").await.len(), 1, "the run named it");
        let next = SyncId::new();
        shop.finish(next, 20, Absent::Unknown).await;
        let [gone, written] = &shop.history("A").await[..] else { panic!("two changes") };
        assert_eq!((units(&written.before), units(&written.after)), (Some(5), Some(4)));
        assert_eq!((&written.cause, written.changed_at), (&by_hand, at(3600)));
        assert_eq!((units(&gone.before), units(&gone.after), gone.after.absent), (Some(4), None, true));
        assert_eq!(gone.cause, Cause::listing(next));
    }

    async fn what_a_batch_undoes_itself_is_no_change(db) {
        let shop = Shop::open(db).await;
        shop.push(vec![shop.level("A", 5, 10)]).await;
        shop.push(vec![shop.level("A", 6, 11), shop.level("A", 5, 12)]).await;
        assert!(shop.history("A").await.is_empty());
        shop.push(vec![shop.level("A", 6, 13), shop.level("A", 7, 14)]).await;
        let [change] = &shop.history("A").await[..] else { panic!("one change") };
        assert_eq!((units(&change.before), units(&change.after)), (Some(5), Some(7)));
    }

    async fn each_of_many_callers_has_its_change_remembered(db) {
        let shop = Shop::open(db).await;
        shop.push(vec![shop.level("A", 0, 0)]).await;
        let pushes = (1..=50).map(|n| shop.push(vec![shop.level("A", n, n.unsigned_abs())]));
        futures::future::join_all(pushes).await;
        let history = shop.history("A").await;
        assert_eq!(history.len(), 50);
        assert!(history.windows(2).all(|pair| pair[0].before == pair[1].after));
    }

    async fn old_changes_are_forgotten(db) {
        let shop = Shop::open(db).await;
        for n in 0..4 {
            shop.push(vec![shop.level("A", n, n.unsigned_abs())]).await;
        }
        assert_eq!(shop.book.forget_history(at(3600)).await.unwrap(), 0);
        assert_eq!(shop.book.forget_history(at(3601)).await.unwrap(), 3);
        assert!(shop.history("A").await.is_empty());
        assert_eq!(shop.available("A").await, Some((Some(3), 3)));
    }

    async fn changes_are_read_page_by_page_and_by_what_brought_them(db) {
        let shop = Shop::open(db).await;
        for n in 0..4 {
            shop.push(vec![shop.level("A", n, n.unsigned_abs()), shop.level("B", n, n.unsigned_abs())]).await;
        }
        shop.apply(Cause::of(CauseKind::Write), vec![shop.level("A", 9, 9)]).await;
        let page = async |filter: ChangeFilter, before, limit| {
            let page = shop.book.history_page(shop.account, shop.source, &filter, before, limit);
            page.await.unwrap()
        };
        let all = page(ChangeFilter::default(), None, 100).await;
        assert_eq!(all.len(), 7, "of both articles, the first sight of each left out");
        assert!(all.windows(2).all(|pair| pair[0].id > pair[1].id));
        let first = page(ChangeFilter::default(), None, 3).await;
        let rest = page(ChangeFilter::default(), Some(first[2].id), 100).await;
        assert_eq!([first, rest].concat(), all);
        let written = ChangeFilter { causes: vec![CauseKind::Write], ..ChangeFilter::default() };
        assert_eq!(page(written, None, 100).await, all[..1]);
        let of_b = page(ChangeFilter::of(&sku("B")), None, 100).await;
        assert_eq!((of_b.len(), &of_b[0].sku), (3, &sku("B")));
        let until = ChangeFilter { until: Some(at(3600)), ..ChangeFilter::default() };
        assert!(page(until, None, 100).await.is_empty());
        let since = ChangeFilter { since: Some(at(3600)), ..ChangeFilter::of(&sku("A")) };
        assert_eq!(page(since, None, 100).await.len(), 4);
        let (account, source) = shop.neighbour().await;
        let all = ChangeFilter::default();
        let theirs = shop.book.history_page(account, source, &all, None, 100);
        assert!(theirs.await.unwrap().is_empty());
    }

    async fn of_each_source_only_the_newest_changes_are_kept(db) {
        let shop = Shop::open(db).await;
        for n in 0..6 {
            shop.push(vec![shop.level("A", n, n.unsigned_abs())]).await;
        }
        let before = shop.history("A").await;
        assert_eq!(store::history::forget_beyond(db, 2).await.unwrap(), 3);
        assert_eq!(shop.history("A").await, before[..2]);
        assert_eq!(store::history::forget_beyond(db, 2).await.unwrap(), 0);
    }

    async fn listeners_hear_of_changes_once_they_are_readable(db) {
        let shop = Shop::open(db).await;
        let mut changes = shop.book.changes();
        shop.push(vec![shop.level("A", 5, 10), shop.level("B", 5, 10)]).await;
        let changed = changes.recv().await.unwrap();
        let expected = [(shop.source, sku("A")), (shop.source, sku("B"))];
        assert_eq!((changed.account_id, &changed.levels[..]), (shop.account, &expected[..]));
        shop.push(vec![shop.level("A", 5, 11), shop.level("B", 4, 11)]).await;
        assert_eq!(changes.recv().await.unwrap().levels, [(shop.source, sku("B"))]);
        shop.finish(SyncId::new(), 20, Absent::Zero).await;
        let gone = changes.recv().await.unwrap();
        assert_eq!((gone.cause.kind, gone.levels.len()), (CauseKind::Sync, 2));
        assert!(changes.try_recv().is_err());
    }
}
