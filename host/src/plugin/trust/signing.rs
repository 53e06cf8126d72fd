//! A publisher's key pair: made, kept in files, and used to sign.
//!
//! The files are minisign's own: `minisign -V` verifies what is signed here, and keys made by it sign here.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use minisign::{KeyPair, PublicKey, SecretKey, SecretKeyBox};

use super::key_id::KeyId;
use crate::secret::SecretText;

/// A secret key is its owner's alone.
const SECRET_FILE_MODE: u32 = 0o600;
/// What the second file of a pair ends with.
const PUBLIC_ENDING: &str = "pub";
/// What the secret key's algorithm field says when it needs no password.
const COMMENT: &str = "signature by a Bestand adapter's publisher";

/// How a secret key is kept.
#[derive(Clone, Debug)]
pub enum Protection {
    /// Encrypted with a password.
    Password(SecretText),
    /// Readable by whoever gets the file.
    Nothing,
}

/// A pair that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The file to keep.
    pub secret_file: PathBuf,
    /// The file to hand out.
    pub public_file: PathBuf,
    /// What stands in it, for `[[publisher]]`.
    pub public_key: String,
    /// The number of the key.
    pub key: KeyId,
}

/// Signs; made from a secret key's file.
pub struct Signer {
    secret: SecretKey,
    public: PublicKey,
}

/// Why a key cannot be made or used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// A file cannot be read or written.
    #[error("cannot use key file `{}`: {cause}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        cause: io::Error,
    },
    /// It needs a password.
    #[error("the key in `{}` is protected by a password, which was not given", .0.display())]
    PasswordMissing(PathBuf),
    /// The password is wrong, or the file is no secret key.
    #[error("the key in `{}` cannot be used: {reason}", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What the library says.
        reason: String,
    },
}

/// Makes a pair: the secret key in `path`, which must not exist, the public one beside it.
///
/// # Errors
/// When a file is there already or cannot be written.
pub fn make_pair(path: &Path, protection: &Protection) -> Result<Made, KeyError> {
    let unusable = |error: minisign::PError| unusable(path, &error);
    let pair = match protection {
        Protection::Nothing => KeyPair::generate_unencrypted_keypair(),
        Protection::Password(password) => {
            KeyPair::generate_encrypted_keypair(Some(password.reveal().to_owned()))
        }
    };
    let pair = pair.map_err(unusable)?;
    let public_file = path.with_extension(PUBLIC_ENDING);
    let secret = pair
        .sk
        .to_box(Some("secret key of a Bestand adapter's publisher"))
        .map_err(unusable)?;
    let public = pair.pk.to_box().map_err(unusable)?.into_string();
    let public_key = pair.pk.to_base64();
    let key = KeyId::of_public_key(&public_key).ok_or_else(|| KeyError::Unusable {
        path: path.into(),
        reason: "the pair has no number".into(),
    })?;
    write_new(path, SECRET_FILE_MODE, &secret.to_bytes())?;
    write_new(&public_file, 0o644, public.as_bytes())?;
    Ok(Made {
        secret_file: path.into(),
        public_file,
        public_key,
        key,
    })
}

// === impl Signer ===

impl Signer {
    /// Whether the key in the file needs a password.
    ///
    /// # Errors
    /// When the file is no secret key.
    pub fn needs_password(path: &Path) -> Result<bool, KeyError> {
        Ok(read_box(path)?.into_unencrypted_secret_key().is_err())
    }

    /// Reads the secret key.
    ///
    /// # Errors
    /// When the file is no secret key, or the password is not the right one.
    pub fn open(path: &Path, password: Option<SecretText>) -> Result<Self, KeyError> {
        let unusable = |error: minisign::PError| unusable(path, &error);
        let secret = match (Self::needs_password(path)?, password) {
            (false, _) => read_box(path)?.into_unencrypted_secret_key(),
            // Without one the library would ask for it on its own.
            (true, None) => return Err(KeyError::PasswordMissing(path.into())),
            (true, Some(password)) => {
                read_box(path)?.into_secret_key(Some(password.reveal().to_owned()))
            }
        };
        let secret = secret.map_err(unusable)?;
        let public = PublicKey::from_secret_key(&secret).map_err(unusable)?;
        Ok(Self { secret, public })
    }

    /// The public key, as `[[publisher]]` takes it.
    #[must_use]
    pub fn public_key(&self) -> String {
        self.public.to_base64()
    }

    /// The number of the key.
    #[must_use]
    pub fn key(&self) -> Option<KeyId> {
        KeyId::of_public_key(&self.public_key())
    }

    /// The signature file of `bytes`, with a trusted comment.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn sign(&self, bytes: &[u8], trusted_comment: &str) -> io::Result<String> {
        let signed = minisign::sign(
            Some(&self.public),
            &self.secret,
            bytes,
            Some(trusted_comment),
            Some(COMMENT),
        );
        signed
            .map(minisign::SignatureBox::into_string)
            .map_err(io::Error::other)
    }
}

/// The public key in `text`, or in the file of that name: what `[[publisher]]` takes.
///
/// # Errors
/// When it is neither.
pub fn read_public_key(text: &str) -> Result<String, KeyError> {
    let is_key = |text: &str| minisign_verify::PublicKey::from_base64(text).is_ok();
    if is_key(text) {
        return Ok(text.into());
    }
    let path = Path::new(text);
    let file = fs::read_to_string(path).map_err(|cause| KeyError::File {
        path: path.into(),
        cause,
    })?;
    let key = file
        .lines()
        .nth(1)
        .map(str::trim)
        .filter(|line| is_key(line));
    key.map(str::to_owned).ok_or_else(|| KeyError::Unusable {
        path: path.into(),
        reason: "it is no minisign public key".into(),
    })
}

fn read_box(path: &Path) -> Result<SecretKeyBox, KeyError> {
    let text = fs::read_to_string(path).map_err(|cause| KeyError::File {
        path: path.into(),
        cause,
    })?;
    SecretKeyBox::from_string(&text).map_err(|error| unusable(path, &error))
}

fn write_new(path: &Path, mode: u32, bytes: &[u8]) -> Result<(), KeyError> {
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(mode)
        .open(path);
    let written = written.and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()));
    written.map_err(|cause| KeyError::File {
        path: path.into(),
        cause,
    })
}

fn unusable(path: &Path, error: &minisign::PError) -> KeyError {
    KeyError::Unusable {
        path: path.into(),
        reason: error.to_string(),
    }
}

impl std::fmt::Debug for Signer {
    /// Never the secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Signer").field(&self.key()).finish()
    }
}
