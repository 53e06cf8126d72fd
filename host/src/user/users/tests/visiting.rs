//! Cases of being there, and of no longer being.

use super::*;
use crate::user::held_visitors::TRUSTED_FOR;

on_both_engines! {
    async fn the_bearer_of_a_token_is_its_user_until_they_sign_out(db) {
        let ((users, _), account) = (users(db), account(db).await);
        anna(&users, account, Role::Reader).await;
        let signed_in = sign_in(&users, "anna").await;
        let visitor = users.visitor(signed_in.token.reveal()).await.unwrap().unwrap();
        assert_eq!((&visitor.user, visitor.session_id), (&signed_in.user, signed_in.session_id));
        for guess in ["", "x", &"A".repeat(43), &"A".repeat(10_000)] {
            assert!(users.visitor(guess).await.unwrap().is_none());
        }
        users.sign_out(signed_in.token.reveal()).await.unwrap();
        assert!(!is_there(&users, &signed_in).await);
    }

    async fn a_session_that_is_not_used_for_half_a_day_is_over(db) {
        let ((users, clock), account) = (users(db), account(db).await);
        anna(&users, account, Role::Reader).await;
        let (used, unused) = (sign_in(&users, "anna").await, sign_in(&users, "anna").await);
        clock.advance(IDLE_MAX - Duration::from_secs(1));
        assert!(is_there(&users, &used).await);
        clock.advance(Duration::from_secs(1));
        assert!(is_there(&users, &used).await && !is_there(&users, &unused).await);
        assert_eq!(users.forget_expired().await.unwrap(), 1);
    }

    async fn a_session_ends_after_thirty_days_however_much_it_is_used(db) {
        let ((users, clock), account) = (users(db), account(db).await);
        let anna = anna(&users, account, Role::Reader).await;
        let signed_in = sign_in(&users, "anna").await;
        for _ in 0..119 {
            assert!(is_there(&users, &signed_in).await);
            clock.advance(IDLE_MAX / 2);
        }
        let [session] = &*users.sessions(&anna).await.unwrap() else { panic!("there is one") };
        assert_eq!(session.expires_at, signed_in.ends_at);
        clock.advance(signed_in.ends_at.since(clock.now()) - Duration::from_secs(1));
        assert!(is_there(&users, &signed_in).await);
        clock.advance(Duration::from_secs(1));
        assert!(!is_there(&users, &signed_in).await);
    }

    async fn what_is_ended_is_refused_at_once_here_and_within_seconds_elsewhere(db) {
        let (((users, clock), account), elsewhere) = ((users(db), account(db).await), Users::new(db.clone(), Clock::set_at(NOW)));
        let anna = anna(&users, account, Role::Reader).await;
        let signed_in = sign_in(&users, "anna").await;
        assert!(is_there(&users, &signed_in).await && is_there(&elsewhere, &signed_in).await);
        elsewhere.end_session(&anna, signed_in.session_id).await.unwrap();
        assert!(!is_there(&elsewhere, &signed_in).await);
        clock.advance(TRUSTED_FOR);
        assert!(!is_there(&users, &signed_in).await);
    }

    async fn a_user_sees_their_sessions_and_ends_only_their_own(db) {
        let ((users, clock), account) = (users(db), account(db).await);
        let anna = anna(&users, account, Role::Reader).await;
        let berta = users.add(account, "Berta", Role::Admin, &PASSWORD.into()).await.unwrap();
        let first = sign_in(&users, "anna").await;
        clock.advance(Duration::from_secs(1));
        let second = sign_in(&users, "anna").await;
        let sessions = users.sessions(&anna).await.unwrap();
        let ids: Vec<_> = sessions.iter().map(|session| session.id).collect();
        assert_eq!(ids, [second.session_id, first.session_id]);
        assert_eq!((sessions[1].address, &*sessions[1].agent), ("192.0.2.1".parse().ok(), "Firefox"));
        assert_eq!((sessions[1].created_at, sessions[1].expires_at), (NOW, NOW.after(IDLE_MAX)));
        users.end_session(&berta, first.session_id).await.unwrap_err();
        users.end_session(&anna, first.session_id).await.unwrap();
        assert!(!is_there(&users, &first).await && is_there(&users, &second).await);
    }

    async fn that_somebody_is_there_is_kept_to_the_minute(db) {
        let ((users, clock), account) = (users(db), account(db).await);
        let anna = anna(&users, account, Role::Reader).await;
        let signed_in = sign_in(&users, "anna").await;
        for (after_secs, kept_secs) in [(0, 0), (50, 0), (60, 60), (100, 60), (120, 120)] {
            clock.advance(NOW.after(Duration::from_secs(after_secs)).since(clock.now()));
            assert!(is_there(&users, &signed_in).await);
            let kept = Some(NOW.after(Duration::from_secs(kept_secs)));
            assert_eq!(users.find(account, anna.id).await.unwrap().last_seen_at, kept);
            assert_eq!(Some(users.sessions(&anna).await.unwrap()[0].last_seen_at), kept);
        }
    }

    async fn a_role_that_is_changed_holds_at_once_in_a_session_under_way(db) {
        let ((users, _), account) = (users(db), account(db).await);
        let anna = anna(&users, account, Role::Reader).await;
        let signed_in = sign_in(&users, "anna").await;
        assert!(is_there(&users, &signed_in).await);
        users.change_role(account, anna.id, Role::Operator).await.unwrap();
        let visitor = users.visitor(signed_in.token.reveal()).await.unwrap().unwrap();
        assert_eq!(visitor.user.role, Role::Operator);
    }
}
