//! Packages installed, upgraded and rolled back, and the attempts that are refused.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::plan::{Consent, Refusal};
use super::*;
use crate::plugin::candidate::{Candidate, Policy};
use crate::plugin::package::machine::Machine;
use crate::plugin::package::testing::{TODAY, Workshop, judged, manifest, publisher};
use crate::plugin::trust::signing::Signer;

const APPROVED: Consent = Consent {
    approve: true,
    allow_downgrade: false,
    allow_unsigned: false,
};

/// A plugin directory, and a publisher who is trusted with everything.
struct Site {
    workshop: Workshop,
    signer: Signer,
}

impl Site {
    fn new() -> Self {
        let workshop = Workshop::open();
        let signer = workshop.signer("acme");
        fs::create_dir(workshop.path("plugins")).unwrap();
        chmod(&workshop.path("plugins"), 0o755);
        Self { workshop, signer }
    }

    fn dir(&self) -> PathBuf {
        self.workshop.path("plugins")
    }

    fn policy(&self) -> Policy {
        let publishers = vec![publisher("Acme", &self.signer, &["*"])];
        Policy {
            publishers,
            allow_unsigned: false,
            today: TODAY,
            machine: Machine::here(),
        }
    }

    fn package(&self, version: &str, hosts: &[&str]) -> (Package, Trust) {
        let mut manifest = manifest("acme", version);
        manifest.outbound = hosts.iter().map(ToString::to_string).collect();
        let package = self.workshop.opened(&manifest, Some(&self.signer));
        let trust = judged(&package, &self.policy().publishers);
        (package, trust)
    }

    /// Installs the version and answers what is locked then.
    fn install(&self, version: &str) -> Locked {
        let (package, trust) = self.package(version, &["api.acme.example"]);
        let _alone = alone(&self.dir()).unwrap();
        let mut installed = Installed::read(&self.dir()).unwrap();
        let package = store::put(&self.dir(), &package, &Machine::here()).unwrap();
        let locked = match installed.find("acme") {
            None => plan::install(None, &package, &trust, Consent::default()),
            known => plan::upgrade(known, &package, &trust, Consent::default()),
        };
        let locked = locked.unwrap();
        installed.set("acme", Some(locked.clone()));
        installed.write(&self.dir()).unwrap();
        locked
    }

    fn candidate(&self) -> Candidate {
        let mut found = Candidate::find_all(&self.dir(), &self.policy()).unwrap();
        assert_eq!(found.len(), 1);
        found.remove(0)
    }
}

fn chmod(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn what_is_installed_is_written_and_read_again() {
    let site = Site::new();
    let first = site.install("1.0.0");
    let second = site.install("1.1.0");
    assert_eq!((first.generation, second.generation), (1, 2));
    assert_eq!(second.previous, [first.current]);
    let read = Installed::read(&site.dir()).unwrap();
    assert_eq!(read.find("acme"), Some(&second));
    let candidate = site.candidate();
    assert!(candidate.library.is_ok(), "{candidate:?}");
    assert_eq!(candidate.installed.unwrap().number, 2);
}

#[test]
fn a_downgrade_is_asked_for() {
    let site = Site::new();
    let locked = site.install("1.10.0");
    let (older, trust) = site.package("1.9.0", &["api.acme.example"]);
    let refusal = plan::upgrade(Some(&locked), &older, &trust, APPROVED).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "`acme` 1.9.0 is older than 1.10.0, which is installed; if you want it all the same, add `--allow-downgrade`"
    );
    let consent = Consent {
        allow_downgrade: true,
        ..Consent::default()
    };
    assert!(plan::upgrade(Some(&locked), &older, &trust, consent).is_ok());
}

#[test]
fn a_new_host_is_approved_before_it_is_granted() {
    let site = Site::new();
    let locked = site.install("1.0.0");
    let (greedy, trust) = site.package("1.1.0", &["api.acme.example", "evil.example"]);
    let refusal = plan::upgrade(Some(&locked), &greedy, &trust, Consent::default()).unwrap_err();
    assert!(matches!(refusal, Refusal::AsksForMore { .. }));
    assert!(
        refusal
            .to_string()
            .contains("than you have granted it: host `evil.example`; if"),
        "{refusal}"
    );
    let granted = plan::upgrade(Some(&locked), &greedy, &trust, APPROVED).unwrap();
    assert!(granted.current.hosts.contains("evil.example"));

    let (modest, trust) = site.package("1.2.0", &[]);
    let granted = plan::upgrade(Some(&granted), &modest, &trust, Consent::default()).unwrap();
    assert!(
        granted.current.hosts.is_empty(),
        "what is not asked for any more is not granted any more"
    );
}

#[test]
fn an_unsigned_package_needs_the_operators_word() {
    let site = Site::new();
    let unsigned = site.workshop.opened(&manifest("acme", "1.0.0"), None);
    let refusal = plan::install(None, &unsigned, &Trust::Unsigned, Consent::default()).unwrap_err();
    assert!(refusal.to_string().contains("is not signed"), "{refusal}");
    let consent = Consent {
        allow_unsigned: true,
        ..Consent::default()
    };
    assert_eq!(
        plan::install(None, &unsigned, &Trust::Unsigned, consent)
            .unwrap()
            .current
            .key,
        None
    );
}

#[test]
fn a_rollback_goes_back_and_can_be_undone() {
    let site = Site::new();
    let first = site.install("1.0.0");
    assert!(matches!(
        plan::rollback("acme", Some(&first)),
        Err(Refusal::NothingBefore { .. })
    ));
    let second = site.install("1.1.0");
    let back = plan::rollback("acme", Some(&second)).unwrap();
    assert_eq!((back.generation, &back.current), (3, &first.current));
    let forth = plan::rollback("acme", Some(&back)).unwrap();
    assert_eq!((forth.generation, &forth.current), (4, &second.current));
    assert!(matches!(
        plan::rollback("acme", None),
        Err(Refusal::NotInstalled(_))
    ));
}

#[test]
fn only_what_a_rollback_may_need_is_kept() {
    let site = Site::new();
    let first = site.install("1.0.0");
    for version in ["1.1.0", "1.2.0", "1.3.0"] {
        site.install(version);
    }
    let keep = Installed::read(&site.dir()).unwrap().packages();
    assert_eq!(keep.len(), 1 + PREVIOUS_MAX);
    assert_eq!(
        store::prune(&site.dir(), &keep).unwrap(),
        [first.current.package]
    );
    assert!(
        keep.iter()
            .all(|digest| store::place(&site.dir(), digest).exists())
    );
}

#[test]
fn a_store_that_was_tampered_with_does_not_start() {
    let check = |spoil: &dyn Fn(&Site, &Path), says: &str| {
        let site = Site::new();
        let locked = site.install("1.0.0");
        spoil(&site, &store::place(&site.dir(), &locked.current.package));
        let reason = site.candidate().library.unwrap_err().reason;
        assert!(reason.contains(says), "{reason}");
    };
    check(
        &|_, place| fs::write(place.join("adapter.toml"), "id = \"x\"").unwrap(),
        "is 8 bytes long",
    );
    check(
        &|_, place| fs::remove_dir_all(place).unwrap(),
        "cannot be used",
    );
    check(&|_, place| chmod(place, 0o777), "chmod go-w");
    check(
        &|site, _| chmod(&store::folder(&site.dir()), 0o777),
        "chmod go-w",
    );
    let other_package = |site: &Site, place: &Path| {
        let (other, _) = site.package("2.0.0", &["evil.example"]);
        fs::remove_dir_all(place).unwrap();
        fs::rename(other.folder, place).unwrap();
    };
    check(
        &other_package,
        "is not the package that `adapters.lock` names",
    );
    let more = |site: &Site, _: &Path| {
        let mut installed = Installed::read(&site.dir()).unwrap();
        let mut locked = installed.find("acme").unwrap().clone();
        locked.current.hosts.clear();
        installed.set("acme", Some(locked));
        installed.write(&site.dir()).unwrap();
    };
    check(&more, "asks for more than `adapters.lock` grants it");
}

#[test]
fn a_key_that_is_revoked_later_stops_what_is_installed() {
    let site = Site::new();
    site.install("1.0.0");
    let mut policy = site.policy();
    policy.publishers[0].keys[0].revoked = Some(TODAY);
    let found = Candidate::find_all(&site.dir(), &policy).unwrap();
    assert!(
        found[0]
            .library
            .as_ref()
            .unwrap_err()
            .reason
            .contains("is revoked since")
    );
}

#[test]
fn a_lock_or_directory_that_others_may_change_is_not_read() {
    let site = Site::new();
    site.install("1.0.0");
    for path in [site.dir(), site.dir().join(FILE)] {
        let mode = fs::metadata(&path).unwrap().permissions();
        chmod(&path, 0o777);
        let told = Candidate::find_all(&site.dir(), &site.policy())
            .unwrap_err()
            .to_string();
        assert!(told.contains("chmod go-w"), "{told}");
        fs::set_permissions(&path, mode).unwrap();
    }
    fs::write(site.dir().join(FILE), "format = 9").unwrap();
    let told = Installed::read(&site.dir()).unwrap_err().to_string();
    assert!(
        told.contains("it is of format 9, this release reads format 1; restore it"),
        "{told}"
    );
}

#[test]
fn loose_libraries_run_only_where_that_is_allowed() {
    let site = Site::new();
    fs::write(site.dir().join("loose.so"), "no library yet").unwrap();
    let candidate = site.candidate();
    assert!(
        candidate
            .library
            .unwrap_err()
            .reason
            .contains("plugins.allow_unsigned = true")
    );
    let policy = Policy {
        allow_unsigned: true,
        ..site.policy()
    };
    let found = Candidate::find_all(&site.dir(), &policy).unwrap();
    assert!(found[0].library.is_ok());
    assert_eq!(found[0].trust, Some(Trust::Unsigned));
}
