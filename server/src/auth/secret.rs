//! The secrets by which a browser or a program is known again: 256 random bits, of which only the SHA-256 is stored. A token
//! for programs begins with `cw_`, so that scanners for leaked secrets find it.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::random::{self, NoRandomness};

/// What a program's token begins with.
pub const TOKEN_PREFIX: &str = "cw_";

/// What a launch token begins with.
pub const LAUNCH_PREFIX: &str = "cwl_";
/// What the token of an embedded case view begins with.
pub const EMBED_PREFIX: &str = "cwe_";

/// A secret in the form that travels. Never printed by Debug.
#[derive(Clone, PartialEq, Eq)]
pub struct BearerSecret(String);

impl BearerSecret {
    /// A new one for a cookie.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn for_cookie() -> Result<Self, NoRandomness> {
        Ok(Self(URL_SAFE_NO_PAD.encode(random::bytes::<32>()?)))
    }

    /// A new one for a program.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn for_program() -> Result<Self, NoRandomness> {
        Self::beginning(TOKEN_PREFIX)
    }

    /// A new one that is traded in for a session of the embedded case view.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn for_launch() -> Result<Self, NoRandomness> {
        Self::beginning(LAUNCH_PREFIX)
    }

    /// A new one for an embedded case view.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn for_embed() -> Result<Self, NoRandomness> {
        Self::beginning(EMBED_PREFIX)
    }

    fn beginning(prefix: &str) -> Result<Self, NoRandomness> {
        Ok(Self(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(random::bytes::<32>()?))))
    }

    /// What the asker is given, once.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What is stored.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        hash(&self.0)
    }
}

impl fmt::Debug for BearerSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BearerSecret(..)")
    }
}

/// The hash by which a secret that came in is looked up. 256 random bits need no salt and no slow hash.
#[must_use]
pub fn hash(presented: &str) -> [u8; 32] {
    Sha256::digest(presented.as_bytes()).into()
}
