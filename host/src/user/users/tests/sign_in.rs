//! Cases of signing in.

use super::*;

const WRONG: &str = "the name or the password is wrong";

on_both_engines! {
    async fn who_knows_name_and_password_is_signed_in_and_nobody_else(db) {
        let ((users, _), account) = (users(db), account(db).await);
        let anna = anna(&users, account, Role::Operator).await;
        let signed_in = sign_in(&users, " ANNA ").await;
        assert_eq!((signed_in.user.id, signed_in.ends_at), (anna.id, NOW.after(LIFE_MAX)));
        assert_eq!(signed_in.token.reveal().len(), 43);
        for (name, password) in [
            ("Anna", "ein rotes boot"),
            ("Anna", ""),
            ("Berta", PASSWORD),
            ("", PASSWORD),
            ("a\nb", &"x".repeat(5_000)),
        ] {
            assert_eq!(refusal(&users, name, password).await, WRONG);
        }
    }

    async fn a_letter_is_the_same_from_every_keyboard(db) {
        let ((users, _), account) = (users(db), account(db).await);
        users.add(account, "J\u{fc}rgen", Role::Reader, &"gr\u{fc}ne Wiesen".into()).await.unwrap();
        let signed_in = users.sign_in("ju\u{308}rgen", &"gru\u{308}ne Wiesen".into(), &from("")).await;
        assert_eq!(signed_in.unwrap().user.name.as_str(), "J\u{fc}rgen");
    }

    async fn a_disabled_user_is_told_so_only_with_the_right_password(db) {
        let ((users, _), account) = (users(db), account(db).await);
        let anna = anna(&users, account, Role::Reader).await;
        users.disable(account, anna.id).await.unwrap();
        assert_eq!(refusal(&users, "anna", "ein rotes boot").await, WRONG);
        assert_eq!(refusal(&users, "anna", PASSWORD).await, "this user is disabled; ask an admin");
        users.enable(account, anna.id).await.unwrap();
        sign_in(&users, "anna").await;
    }

    async fn who_tries_too_often_waits_with_the_right_password_too(db) {
        let ((users, clock), account) = (users(db), account(db).await);
        anna(&users, account, Role::Admin).await;
        for _ in 0..10 {
            assert_eq!(refusal(&users, "anna", "ein rotes boot").await, WRONG);
        }
        let told = "there were too many tries; try again in 1 s";
        assert_eq!(refusal(&users, "anna", PASSWORD).await, told);
        clock.advance(Duration::from_secs(1));
        sign_in(&users, "anna").await;
        assert_eq!(refusal(&users, "anna", "ein rotes boot").await, WRONG);
    }

    async fn a_name_that_is_unknown_waits_like_one_that_is_known(db) {
        let (users, _) = users(db);
        for _ in 0..10 {
            assert_eq!(refusal(&users, "nobody", PASSWORD).await, WRONG);
        }
        assert!(refusal(&users, "Nobody", PASSWORD).await.contains("too many tries"));
    }

    async fn guesses_from_everywhere_do_not_keep_out_who_has_been_there_before(db) {
        let ((users, clock), account) = (users(db), account(db).await);
        anna(&users, account, Role::Admin).await;
        sign_in(&users, "anna").await;
        clock.advance(LIFE_MAX);
        users.forget_expired().await.unwrap();
        for network in 1..=10 {
            let stranger = from(&format!("198.51.100.{network}"));
            for _ in 0..10 {
                users.sign_in("anna", &"ein rotes boot".into(), &stranger).await.unwrap_err();
            }
        }
        let from_a_new_place = users.sign_in("anna", &PASSWORD.into(), &from("203.0.113.1")).await;
        assert!(matches!(from_a_new_place, Err(SignInError::Throttled { .. })));
        sign_in(&users, "anna").await;
    }

    async fn a_token_and_a_password_do_not_show_in_debug_output_or_in_the_store(db) {
        let ((users, _), account) = (users(db), account(db).await);
        anna(&users, account, Role::Reader).await;
        let signed_in = sign_in(&users, "anna").await;
        assert!(!format!("{signed_in:?}").contains(signed_in.token.reveal()));
        let stored = store::user::find_by_name(db, "anna", None).await.unwrap().unwrap();
        assert!(!format!("{stored:?}").contains(PASSWORD));
    }

    async fn a_user_has_so_many_sessions_and_the_one_used_least_recently_ends_for_the_next(db) {
        let ((users, clock), account) = (users(db), account(db).await);
        let anna = anna(&users, account, Role::Reader).await;
        let stored = store::user::find_by_name(db, "anna", None).await.unwrap().unwrap();
        let first = sign_in(&users, "anna").await;
        for _ in 0..SESSIONS_PER_USER_MAX {
            clock.advance(Duration::from_secs(1));
            let new = Beginning::new(&from("192.0.2.1"), clock.now()).session;
            assert!(user_session::begin(db, &anna, &stored.password_hash, &new).await.unwrap());
        }
        assert_eq!(users.sessions(&anna).await.unwrap().len(), SESSIONS_PER_USER_MAX);
        assert!(!is_there(&users, &first).await);
    }

    async fn a_session_does_not_begin_with_a_password_that_was_changed_meanwhile(db) {
        let ((users, _), account) = (users(db), account(db).await);
        let anna = anna(&users, account, Role::Reader).await;
        let before = store::user::find_by_name(db, "anna", None).await.unwrap().unwrap();
        users.set_password(account, anna.id, &OTHER_PASSWORD.into()).await.unwrap();
        let new = Beginning::new(&from("192.0.2.1"), NOW).session;
        assert!(!user_session::begin(db, &anna, &before.password_hash, &new).await.unwrap());
    }

    async fn changing_ones_own_password_takes_the_old_one_and_ends_the_other_sessions(db) {
        let ((users, _), account) = (users(db), account(db).await);
        anna(&users, account, Role::Reader).await;
        let (mine, other) = (sign_in(&users, "anna").await, sign_in(&users, "anna").await);
        let visitor = users.visitor(mine.token.reveal()).await.unwrap().unwrap();
        assert!(is_there(&users, &other).await);
        let change = async |old: &str, new: &str| {
            users.change_own_password(&visitor, &old.into(), &new.into()).await
        };
        let refused = change(OTHER_PASSWORD, OTHER_PASSWORD).await.unwrap_err();
        assert_eq!(refused.to_string(), "the password so far is another");
        let refused = change(PASSWORD, "Anna").await.unwrap_err();
        assert!(matches!(refused, UserError::Password(WeakPassword::TooShort)));
        change(PASSWORD, OTHER_PASSWORD).await.unwrap();
        assert!(is_there(&users, &mine).await && !is_there(&users, &other).await);
        assert_eq!(refusal(&users, "anna", PASSWORD).await, WRONG);
        users.sign_in("anna", &OTHER_PASSWORD.into(), &from("")).await.unwrap();
    }

    async fn who_sits_at_a_foreign_browser_cannot_guess_its_password(db) {
        let ((users, _), account) = (users(db), account(db).await);
        anna(&users, account, Role::Reader).await;
        let visitor = users.visitor(sign_in(&users, "anna").await.token.reveal()).await.unwrap().unwrap();
        for _ in 0..10 {
            users.change_own_password(&visitor, &"x".into(), &OTHER_PASSWORD.into()).await.unwrap_err();
        }
        let told = users.change_own_password(&visitor, &PASSWORD.into(), &OTHER_PASSWORD.into()).await;
        assert!(matches!(told, Err(UserError::Throttled { .. })));
    }

    async fn anybody_can_be_signed_in_from_any_task(db) {
        let (users, _) = users(db);
        let task = tokio::spawn(async move {
            let refused = users.sign_in("anna", &PASSWORD.into(), &From::default()).await;
            (refused, users.visitor("").await, users.set_up("", "", &PASSWORD.into(), &From::default()).await)
        });
        assert!(matches!(task.await.unwrap(), (Err(SignInError::Wrong), Ok(None), Err(SetUpError::Link))));
    }
}
