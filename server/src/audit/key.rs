//! The key that signs the audit's checkpoints and the manifests of exports: Ed25519, from a file that is made when it is first needed.
//! Who has the file can sign; who has the public key can check. Refuses a file that holds anything else than 64 hexadecimal digits.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

use casewire_core::audit::{Checkpoint, hex, unhex};
use casewire_store::audit::checkpoints::SignedCheckpoint;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};

use crate::auth::random;

/// A key that can sign.
pub struct SigningKey(Ed25519KeyPair);

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read or made.
    #[error("the file of the audit's key, {path}, cannot be used: {why}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        why: std::io::Error,
    },
    /// The file holds something else.
    #[error("the file of the audit's key, {path}, does not hold 64 hexadecimal digits")]
    Content {
        /// The file.
        path: PathBuf,
    },
    /// No key can be made.
    #[error("no key for the audit can be made: the system has no randomness")]
    NoRandomness,
}

impl SigningKey {
    /// The key in the file; where there is no file, a new key in a new file that only its owner can read.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn of_file(path: &Path) -> Result<Self, KeyError> {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::of_text(path, &text),
            Err(error) if error.kind() == ErrorKind::NotFound => Self::make(path),
            Err(why) => Err(file_error(path, why)),
        }
    }

    fn make(path: &Path) -> Result<Self, KeyError> {
        let seed: [u8; 32] = random::bytes().map_err(|_| KeyError::NoRandomness)?;
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match options.open(path) {
            Ok(mut file) => {
                let written = file
                    .write_all(format!("{}\n", hex(&seed)).as_bytes())
                    .and_then(|()| file.sync_all());
                written.map_err(|why| file_error(path, why))?;
                Self::of_text(path, &hex(&seed))
            }
            // Another node was faster: its key is the key.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                let mut text = String::new();
                std::fs::File::open(path)
                    .and_then(|mut file| file.read_to_string(&mut text))
                    .map_err(|why| file_error(path, why))?;
                Self::of_text(path, &text)
            }
            Err(why) => Err(file_error(path, why)),
        }
    }

    fn of_text(path: &Path, text: &str) -> Result<Self, KeyError> {
        let content = || KeyError::Content { path: path.to_owned() };
        let seed = unhex::<32>(text.trim()).ok_or_else(content)?;
        Ed25519KeyPair::from_seed_unchecked(&seed).map(Self).map_err(|_| content())
    }

    /// The key by which signatures are checked.
    #[must_use]
    pub fn public(&self) -> [u8; 32] {
        let mut public = [0; 32];
        for (to, from) in public.iter_mut().zip(self.0.public_key().as_ref()) {
            *to = *from;
        }
        public
    }

    /// The signature of these bytes.
    #[must_use]
    pub fn sign(&self, bytes: &[u8]) -> [u8; 64] {
        let mut signature = [0; 64];
        for (to, from) in signature.iter_mut().zip(self.0.sign(bytes).as_ref()) {
            *to = *from;
        }
        signature
    }

    /// A checkpoint with its signature.
    #[must_use]
    pub fn seal(&self, checkpoint: Checkpoint) -> SignedCheckpoint {
        SignedCheckpoint {
            checkpoint,
            public_key: self.public(),
            signature: self.sign(&checkpoint.signed_bytes()),
        }
    }
}

fn file_error(path: &Path, why: std::io::Error) -> KeyError {
    KeyError::File {
        path: path.to_owned(),
        why,
    }
}

/// Whether a signature is of these bytes and by this key.
#[must_use]
pub fn is_signed(public_key: &[u8; 32], bytes: &[u8], signature: &[u8; 64]) -> bool {
    UnparsedPublicKey::new(&ED25519, public_key).verify(bytes, signature).is_ok()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_signs_what_only_it_can_have_signed() {
        let name = hex(&random::bytes::<8>().unwrap());
        let path = std::env::temp_dir().join(format!("casewire-test-{name}.key"));
        let key = SigningKey::of_file(&path).unwrap();
        assert_eq!(SigningKey::of_file(&path).unwrap().public(), key.public());
        let signature = key.sign(b"checkpoint");
        assert!(is_signed(&key.public(), b"checkpoint", &signature));
        assert!(!is_signed(&key.public(), b"Checkpoint", &signature));
        std::fs::write(&path, "no key").unwrap();
        assert!(matches!(SigningKey::of_file(&path), Err(KeyError::Content { .. })));
        std::fs::remove_file(&path).unwrap();
    }
}
