//! Cases of the first admin.

use super::*;

async fn token(users: &Users, account: AccountId) -> SecretText {
    users
        .new_set_up_token(account)
        .await
        .unwrap()
        .expect("there is no user")
}

async fn set_up(users: &Users, token: &SecretText, name: &str) -> Result<SignedIn, SetUpError> {
    let (password, from) = (PASSWORD.into(), from("192.0.2.1"));
    users.set_up(token.reveal(), name, &password, &from).await
}

on_both_engines! {
    async fn the_link_makes_the_first_admin_once_and_signs_them_in(db) {
        let ((users, _), account) = (users(db), account(db).await);
        assert!(users.set_up_link_needed(account).await.unwrap());
        let token = token(&users, account).await;
        assert!(users.is_set_up_token(token.reveal()).await.unwrap());
        let signed_in = set_up(&users, &token, "Anna").await.unwrap();
        assert_eq!((signed_in.user.role, signed_in.user.account_id), (Role::Admin, account));
        assert!(is_there(&users, &signed_in).await);
        sign_in(&users, "anna").await;
        assert!(!users.set_up_link_needed(account).await.unwrap());
        assert!(!users.is_set_up_token(token.reveal()).await.unwrap());
        assert!(users.new_set_up_token(account).await.unwrap().is_none());
        assert!(matches!(set_up(&users, &token, "Berta").await, Err(SetUpError::Link)));
    }

    async fn a_newer_link_makes_the_older_void(db) {
        let ((users, _), account) = (users(db), account(db).await);
        let (older, newer) = (token(&users, account).await, token(&users, account).await);
        assert!(matches!(set_up(&users, &older, "Anna").await, Err(SetUpError::Link)));
        set_up(&users, &newer, "Anna").await.unwrap();
    }

    async fn a_link_is_void_after_a_day(db) {
        let ((users, clock), account) = (users(db), account(db).await);
        let token = token(&users, account).await;
        clock.advance(SET_UP_TOKEN_LIFE);
        assert!(matches!(set_up(&users, &token, "Anna").await, Err(SetUpError::Link)));
        assert_eq!(users.forget_expired().await.unwrap(), 1);
    }

    async fn a_link_is_void_once_there_is_a_user_by_another_way(db) {
        let ((users, _), account) = (users(db), account(db).await);
        let token = token(&users, account).await;
        anna(&users, account, Role::Reader).await;
        assert!(matches!(set_up(&users, &token, "Berta").await, Err(SetUpError::Link)));
    }

    async fn a_slip_leaves_the_link_good(db) {
        let ((users, _), mine, other) = (users(db), account(db).await, account(db).await);
        anna(&users, other, Role::Admin).await;
        let token = token(&users, mine).await;
        assert!(matches!(set_up(&users, &token, "").await, Err(SetUpError::Name(_))));
        let weak = users.set_up(token.reveal(), "Berta", &"short".into(), &from("")).await;
        assert!(matches!(weak, Err(SetUpError::Password(WeakPassword::TooShort))));
        assert!(matches!(set_up(&users, &token, "ANNA").await, Err(SetUpError::NameTaken)));
        set_up(&users, &token, "Berta").await.unwrap();
    }

    async fn however_many_set_up_at_once_one_does(db) {
        let ((users, _), account) = (users(db), account(db).await);
        let token = token(&users, account).await;
        let names: Vec<String> = (0..8).map(|number| format!("Anna {number}")).collect();
        let all = names.iter().map(|name| set_up(&users, &token, name));
        let all = futures::future::join_all(all).await;
        assert_eq!(all.iter().filter(|made| made.is_ok()).count(), 1);
        assert!(all.iter().flat_map(|made| made.as_ref().err()).all(|error| matches!(error, SetUpError::Link)));
        assert_eq!(users.list(account).await.unwrap().len(), 1);
    }
}
