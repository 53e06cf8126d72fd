//! Signatures that were moved, outlived or never right, and what is said of each.

use std::fs;

use jiff::civil::date;

use super::*;
use crate::plugin::package::testing::{
    TODAY, Workshop, judged, key_error, manifest, open, publisher,
};
use crate::plugin::package::{DESCRIPTION_FILE, MANIFEST_FILE, SIGNATURE_FILE};
use crate::plugin::trust::signing::{Protection, Signer, make_pair, read_public_key};
use crate::secret::SecretText;

#[test]
fn a_publisher_is_trusted_with_the_adapters_allowed_and_no_others() {
    let workshop = Workshop::open();
    let (acme, other) = (workshop.signer("acme"), workshop.signer("other"));
    let publishers = [
        publisher("Acme", &acme, &["acme-*"]),
        publisher("Other", &other, &["other-*"]),
    ];
    let own = workshop.opened(&manifest("acme-stock", "1.0.0"), Some(&acme));
    let trust = judged(&own, &publishers);
    assert_eq!(
        trust,
        Trust::Trusted {
            publisher: "Acme".into(),
            key: acme.key().unwrap()
        }
    );
    assert_eq!(trust.why_not("acme-stock"), None);

    let foreign = workshop.opened(&manifest("other-stock", "1.0.0"), Some(&acme));
    let refusal = judged(&foreign, &publishers)
        .why_not("other-stock")
        .unwrap();
    assert!(
        refusal.contains("of `Acme`, who may not sign it"),
        "{refusal}"
    );
}

#[test]
fn what_nobody_known_signed_is_not_trusted() {
    let workshop = Workshop::open();
    let (acme, stranger) = (workshop.signer("acme"), workshop.signer("stranger"));
    let publishers = [publisher("Acme", &acme, &["*"])];
    let unsigned = workshop.opened(&manifest("acme", "1.0.0"), None);
    assert_eq!(judged(&unsigned, &publishers), Trust::Unsigned);
    let strange = workshop.opened(&manifest("acme", "1.0.0"), Some(&stranger));
    assert_eq!(
        judged(&strange, &publishers),
        Trust::UnknownKey {
            key: stranger.key().unwrap()
        }
    );
}

#[test]
fn a_signature_that_was_moved_to_another_package_is_worth_nothing() {
    let workshop = Workshop::open();
    let acme = workshop.signer("acme");
    let publishers = [publisher("Acme", &acme, &["*"])];
    let signed = workshop.package(&manifest("acme", "1.0.0"), Some(&acme));
    for other in [manifest("other", "1.0.0"), manifest("acme", "0.9.0")] {
        let unsigned = workshop.package(&other, None);
        fs::copy(signed.join(SIGNATURE_FILE), unsigned.join(SIGNATURE_FILE)).unwrap();
        let trust = judged(&open(&unsigned).unwrap(), &publishers);
        assert!(matches!(trust, Trust::Modified { .. }), "{trust:?}");
    }
}

#[test]
fn a_signature_with_another_packages_comment_is_worth_nothing() {
    let workshop = Workshop::open();
    let acme = workshop.signer("acme");
    let folder = workshop.package(&manifest("acme", "1.0.0"), None);
    let bytes = fs::read(folder.join(MANIFEST_FILE)).unwrap();
    let signature = acme
        .sign(&bytes, "bestand package acme 2.0.0 sha256:00")
        .unwrap();
    fs::write(folder.join(SIGNATURE_FILE), signature).unwrap();
    let trust = judged(&open(&folder).unwrap(), &[publisher("Acme", &acme, &["*"])]);
    let refusal = trust.why_not("acme").unwrap();
    assert!(refusal.contains("made for another package"), "{refusal}");
}

#[test]
fn a_manifest_that_was_swapped_is_modified() {
    let workshop = Workshop::open();
    let acme = workshop.signer("acme");
    let signed = workshop.package(&manifest("acme", "1.0.0"), Some(&acme));
    let mut greedy = manifest("acme", "1.0.0");
    greedy.outbound.push("evil.example".into());
    let other = workshop.package(&greedy, None);
    for file in [MANIFEST_FILE, DESCRIPTION_FILE] {
        fs::copy(other.join(file), signed.join(file)).unwrap();
    }
    let trust = judged(&open(&signed).unwrap(), &[publisher("Acme", &acme, &["*"])]);
    assert_eq!(trust.word(), TrustWord::Modified);
}

#[test]
fn a_key_ends_on_its_day_and_a_revoked_one_for_all_its_names() {
    let workshop = Workshop::open();
    let acme = workshop.signer("acme");
    let package = workshop.opened(&manifest("acme", "1.0.0"), Some(&acme));
    let check = |expires, revoked, word| {
        let mut publishers = [
            publisher("Acme", &acme, &["*"]),
            publisher("Twin", &acme, &["*"]),
        ];
        publishers[0].keys[0].expires = expires;
        publishers[1].keys[0].expires = expires;
        publishers[1].keys[0].revoked = revoked;
        let trust = judged(&package, &publishers);
        assert_eq!(trust.word(), word, "{expires:?} {revoked:?}");
        trust.why_not("acme").unwrap_or_default()
    };
    let tomorrow = TODAY.tomorrow().unwrap();
    check(None, None, TrustWord::Trusted);
    check(Some(tomorrow), Some(tomorrow), TrustWord::Trusted);
    let expired = check(Some(TODAY), None, TrustWord::Expired);
    assert!(
        expired.contains(&format!(
            "key {} of `Acme`, which expired on 2026-11-23",
            acme.key().unwrap()
        )),
        "{expired}"
    );
    let revoked = check(None, Some(date(2026, 5, 1)), TrustWord::Revoked);
    assert!(
        revoked.contains("of `Twin`, which is revoked since 2026-05-01; ask them"),
        "{revoked}"
    );
    check(Some(TODAY), Some(TODAY), TrustWord::Revoked);
}

#[test]
fn a_file_that_is_no_signature_is_modified() {
    let workshop = Workshop::open();
    let acme = workshop.signer("acme");
    let folder = workshop.package(&manifest("acme", "1.0.0"), None);
    for text in [
        "",
        "a letter",
        "untrusted comment: x\nRWQ\ntrusted comment: y\nRWQ",
    ] {
        fs::write(folder.join(SIGNATURE_FILE), text).unwrap();
        let trust = judged(&open(&folder).unwrap(), &[publisher("Acme", &acme, &["*"])]);
        assert_eq!(trust.word(), TrustWord::Modified, "{text}");
    }
}

#[test]
fn a_protected_key_signs_only_with_its_password() {
    let workshop = Workshop::open();
    let path = workshop.path("acme.key");
    let made = make_pair(
        &path,
        &Protection::Password(SecretText::from("correct horse")),
    )
    .unwrap();
    assert!(Signer::needs_password(&path).unwrap());
    assert!(key_error(Signer::open(&path, None)).contains("protected by a password"));
    assert!(key_error(Signer::open(&path, Some("wrong".into()))).contains("cannot be used"));
    let signer = Signer::open(&path, Some("correct horse".into())).unwrap();
    assert_eq!(signer.public_key(), made.public_key);
    assert_eq!(
        read_public_key(made.public_file.to_str().unwrap()).unwrap(),
        made.public_key
    );
    let again = key_error(make_pair(&path, &Protection::Nothing));
    assert!(again.contains("exists"), "no key is written over: {again}");
}
