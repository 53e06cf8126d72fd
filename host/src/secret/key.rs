//! The vault's key: 32 bytes from the config, or from a file that is made at the first start.

use std::fmt;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::Generate;
use sha2::{Digest, Sha256};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::SecretText;

/// Length of a key: what XChaCha20-Poly1305 takes.
pub const KEY_BYTES: usize = 32;
/// Permission bits that let others than the owner at the key file.
const OTHERS: u32 = 0o077;

/// The 32 bytes that lock and unlock every stored secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Key(pub(super) Zeroizing<[u8; KEY_BYTES]>);

/// A name for a key that gives nothing away of it; stored with each secret, so that a wrong key is told from damage.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct KeyId(pub(super) [u8; 8]);

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The text is not 32 bytes in base64 or hex.
    #[error("{origin} is not 32 bytes in base64 or hex; make a key with `openssl rand -base64 32`")]
    NotAKey {
        /// What was read: the config key or the key file.
        origin: String,
    },
    /// Others than the daemon's user can read the key file.
    #[error("key file `{}` can be read by others (mode {mode:04o}); run `chmod 600 {}`", path.display(), path.display())]
    Exposed {
        /// The key file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The key file cannot be read or made.
    #[error("cannot {action} key file `{}`: {cause}", path.display())]
    Unreadable {
        /// `read` or `make`.
        action: &'static str,
        /// The key file.
        path: PathBuf,
        /// What the system says.
        cause: io::Error,
    },
}

// === impl Key ===

impl Key {
    /// A new random key.
    #[must_use]
    pub fn generate() -> Self {
        Self(Zeroizing::new(<[u8; KEY_BYTES]>::generate()))
    }

    /// Reads base64 or hex.
    ///
    /// # Errors
    /// When the text is neither, or not 32 bytes long.
    pub fn from_text(text: &SecretText) -> Result<Self, KeyError> {
        decode(text.reveal(), "it")
    }

    /// Reads the key file, or makes it, readable by its owner alone.
    ///
    /// # Errors
    /// When the file cannot be read or made, holds no key, or can be read by others.
    pub fn from_file(path: &Path) -> Result<Self, KeyError> {
        let failed = |action| {
            move |cause| KeyError::Unreadable {
                action,
                path: path.to_owned(),
                cause,
            }
        };
        if !path.try_exists().map_err(failed("read"))? {
            make_file(path).map_err(failed("make"))?;
        }
        let mode = fs::metadata(path)
            .map_err(failed("read"))?
            .permissions()
            .mode()
            & 0o7777;
        if mode & OTHERS != 0 {
            return Err(KeyError::Exposed {
                path: path.to_owned(),
                mode,
            });
        }
        let text = Zeroizing::new(fs::read_to_string(path).map_err(failed("read"))?);
        decode(&text, &format!("key file `{}`", path.display()))
    }

    /// The key's name.
    #[must_use]
    pub fn id(&self) -> KeyId {
        let digest = Sha256::new_with_prefix(b"bestand key id\0")
            .chain_update(*self.0)
            .finalize();
        let mut id = [0; 8];
        id.copy_from_slice(&digest[..8]);
        KeyId(id)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.id())
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Writes a new key beside `path` and links it into place: of two daemons that start together one wins, whole.
fn make_file(path: &Path) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    let draft = folder.join(format!(".{}.draft", Uuid::now_v7()));
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&draft)?;
    let text = Zeroizing::new(format!("{}\n", STANDARD.encode(*Key::generate().0)));
    let linked = file
        .write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::hard_link(&draft, path));
    fs::remove_file(&draft)?;
    match linked {
        Err(cause) if cause.kind() != io::ErrorKind::AlreadyExists => Err(cause),
        _ => File::open(folder)?.sync_all(),
    }
}

fn decode(text: &str, origin: &str) -> Result<Key, KeyError> {
    let text = text.trim();
    let bytes = match text.len() {
        64 => from_hex(text),
        _ => STANDARD.decode(text).ok(),
    };
    let bytes = Zeroizing::new(bytes.unwrap_or_default());
    let key: [u8; KEY_BYTES] = bytes.as_slice().try_into().map_err(|_| KeyError::NotAKey {
        origin: origin.into(),
    })?;
    Ok(Key(Zeroizing::new(key)))
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    text.as_bytes()
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => u8::try_from(digit(high)? * 16 + digit(low)?).ok(),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_and_hex_of_the_same_bytes_are_the_same_key() {
        let base64 =
            Key::from_text(&"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n".into()).unwrap();
        let hex = (0..32)
            .map(|byte| format!("{byte:02X}"))
            .collect::<String>();
        assert_eq!(base64, Key::from_text(&hex.into()).unwrap());
    }

    #[test]
    fn what_is_no_key_is_refused_without_being_shown() {
        for text in [
            "",
            "hunter2hunter2",
            "AAEC",
            &"zz".repeat(32),
            &"é".repeat(32),
        ] {
            let refusal = Key::from_text(&text.into()).unwrap_err().to_string();
            assert!(refusal.starts_with("it is not 32 bytes"), "{refusal}");
            assert!(!refusal.contains("hunter2"));
        }
    }

    #[test]
    fn a_missing_key_file_is_made_once_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/bestand.key");
        let made = Key::from_file(&path).unwrap();
        assert_eq!(made, Key::from_file(&path).unwrap());
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        assert_eq!(
            fs::read_dir(path.parent().unwrap()).unwrap().count(),
            1,
            "no draft is left behind"
        );
    }

    #[test]
    fn daemons_that_start_together_agree_on_one_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bestand.key");
        let start = || {
            std::thread::spawn({
                let path = path.clone();
                move || Key::from_file(&path).unwrap()
            })
        };
        let keys: Vec<_> = [start(), start(), start(), start()]
            .map(|thread| thread.join().unwrap())
            .into();
        assert!(keys.iter().all(|key| *key == keys[0]));
    }

    #[test]
    fn a_key_file_that_others_can_read_is_refused_with_the_way_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bestand.key");
        Key::from_file(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let refusal = Key::from_file(&path).unwrap_err().to_string();
        assert!(
            refusal.contains("(mode 0640); run `chmod 600 "),
            "{refusal}"
        );
    }

    #[test]
    fn debug_shows_the_name_of_a_key_and_not_the_key() {
        let key = Key::from_text(&"00".repeat(32).into()).unwrap();
        assert_eq!(format!("{key:?}"), format!("Key({})", key.id()));
        assert_ne!(key.id(), Key::generate().id());
    }
}
