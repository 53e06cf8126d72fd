//! Cases of looking after users.

use super::*;

on_both_engines! {
    async fn users_are_read_back_by_name_as_they_were_added(db) {
        let ((users, _), mine, other) = (users(db), account(db).await, account(db).await);
        let berta = users.add(mine, "berta", Role::Reader, &PASSWORD.into()).await.unwrap();
        let anna = anna(&users, mine, Role::Admin).await;
        assert_eq!(users.list(mine).await.unwrap(), [anna.clone(), berta]);
        assert_eq!(users.find(mine, anna.id).await.unwrap(), anna);
        assert!(users.list(other).await.unwrap().is_empty());
        users.find(other, anna.id).await.unwrap_err();
    }

    async fn what_cannot_be_a_user_is_refused_with_the_reason(db) {
        let ((users, _), mine, other) = (users(db), account(db).await, account(db).await);
        anna(&users, mine, Role::Admin).await;
        let add = async |account, name: &str, role, password: &str| {
            users.add(account, name, role, &password.into()).await.unwrap_err()
        };
        let taken = add(other, "ANNA", Role::Reader, PASSWORD).await;
        assert_eq!(taken.to_string(), "there is already a user of this name; choose another");
        assert!(matches!(add(mine, " ", Role::Reader, PASSWORD).await, UserError::Name(_)));
        assert!(matches!(add(mine, "Berta", Role::Partner, PASSWORD).await, UserError::PartnerRole));
        let common = add(mine, "Berta", Role::Reader, "passwort1234").await;
        assert!(matches!(common, UserError::Password(WeakPassword::Common)));
        assert!(matches!(add(AccountId::new(), "Berta", Role::Reader, PASSWORD).await, UserError::Store(_)));
    }

    async fn the_last_admin_who_can_sign_in_stays_one(db) {
        let ((users, _), account) = (users(db), account(db).await);
        let anna = anna(&users, account, Role::Admin).await;
        let berta = users.add(account, "Berta", Role::Admin, &PASSWORD.into()).await.unwrap();
        users.disable(account, berta.id).await.unwrap();
        let told = "this is the last admin who can sign in; make somebody else an admin first";
        assert_eq!(users.remove(account, anna.id).await.unwrap_err().to_string(), told);
        assert_eq!(users.disable(account, anna.id).await.unwrap_err().to_string(), told);
        assert_eq!(users.change_role(account, anna.id, Role::Operator).await.unwrap_err().to_string(), told);
        users.change_role(account, anna.id, Role::Admin).await.unwrap();
        users.enable(account, berta.id).await.unwrap();
        users.remove(account, anna.id).await.unwrap();
        users.remove(account, anna.id).await.unwrap_err();
        assert_eq!(users.remove(account, berta.id).await.unwrap_err().to_string(), told);
    }

    async fn two_admins_who_disable_each_other_at_once_do_not_both_succeed(db) {
        let ((users, _), account) = (users(db), account(db).await);
        let anna = anna(&users, account, Role::Admin).await;
        let berta = users.add(account, "Berta", Role::Admin, &PASSWORD.into()).await.unwrap();
        for round in 0..20 {
            let (one, other) = tokio::join!(users.disable(account, anna.id), users.disable(account, berta.id));
            assert!(one.is_ok() != other.is_ok(), "{round}: {one:?} {other:?}");
            let disabled = if one.is_ok() { anna.id } else { berta.id };
            users.enable(account, disabled).await.unwrap();
        }
    }

    async fn who_is_removed_disabled_or_given_another_password_is_out_at_once(db) {
        let ((users, _), account) = (users(db), account(db).await);
        let anna = anna(&users, account, Role::Reader).await;
        let signed_in = sign_in(&users, "anna").await;
        assert!(is_there(&users, &signed_in).await);
        users.disable(account, anna.id).await.unwrap();
        assert!(!is_there(&users, &signed_in).await);
        users.enable(account, anna.id).await.unwrap();
        assert!(!is_there(&users, &signed_in).await);
        let signed_in = sign_in(&users, "anna").await;
        users.set_password(account, anna.id, &OTHER_PASSWORD.into()).await.unwrap();
        assert!(!is_there(&users, &signed_in).await);
        let signed_in = users.sign_in("anna", &OTHER_PASSWORD.into(), &from("")).await.unwrap();
        users.remove(account, anna.id).await.unwrap();
        assert!(!is_there(&users, &signed_in).await);
    }

    async fn users_of_another_account_are_out_of_reach(db) {
        let ((users, _), mine, other) = (users(db), account(db).await, account(db).await);
        let anna = anna(&users, mine, Role::Reader).await;
        users.remove(other, anna.id).await.unwrap_err();
        users.disable(other, anna.id).await.unwrap_err();
        users.change_role(other, anna.id, Role::Admin).await.unwrap_err();
        users.set_password(other, anna.id, &OTHER_PASSWORD.into()).await.unwrap_err();
        users.set_password(mine, UserId::new(), &OTHER_PASSWORD.into()).await.unwrap_err();
        sign_in(&users, "anna").await;
    }
}
