//! Passwords: argon2id on threads that may block, a few at a time. Does the same work whether or not an e-mail address is known,
//! so that the time of an answer tells nothing.

use std::sync::Arc;

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use super::random;
use crate::problem::{Problem, ProblemCode};

/// The fewest characters of a password.
pub const SHORTEST: usize = 10;
/// The most bytes of a password.
pub const LONGEST: usize = 512;

/// 19 MiB, two passes, one lane: OWASP's recommendation for argon2id.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;

/// A hash of nobody's password, by the same parameters.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Makes and checks hashes, a few at a time.
#[derive(Debug, Clone)]
pub struct Passwords {
    turns: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new()
    }
}

impl Passwords {
    /// As many at a time as the machine has processors.
    #[must_use]
    pub fn new() -> Self {
        let processors = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self {
            turns: Arc::new(Semaphore::new(processors)),
        }
    }

    /// The hash of a new password.
    ///
    /// # Errors
    /// `internal` where the system gives no randomness.
    pub async fn hash(&self, password: String) -> Result<String, Problem> {
        let salt = random::bytes::<16>()?;
        self.apart(move || {
            let salt = SaltString::encode_b64(&salt).ok()?;
            argon2()?
                .hash_password(password.as_bytes(), &salt)
                .ok()
                .map(|hash| hash.to_string())
        })
        .await?
        .ok_or_else(|| Problem::of(ProblemCode::Internal))
    }

    /// Whether it is the password behind a hash. Without a hash the same work is done, and the answer is no.
    ///
    /// # Errors
    /// `internal` where the threads are gone.
    pub async fn is_right(&self, password: String, hash: Option<String>) -> Result<bool, Problem> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
        let fits = self
            .apart(move || {
                let hash = PasswordHash::new(&hash).ok()?;
                argon2()?.verify_password(password.as_bytes(), &hash).ok()
            })
            .await?
            .is_some();
        Ok(fits && known)
    }

    async fn apart<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
        let internal = || Problem::of(ProblemCode::Internal);
        let turn = self.turns.clone().acquire_owned().await.map_err(|_| internal())?;
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        });
        done.await.map_err(|_| internal())
    }
}

fn argon2() -> Option<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).ok()?;
    Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Whether a password may be chosen.
///
/// # Errors
/// `invalid_field`, saying what it needs.
pub fn check_choice(field: &str, password: &str) -> Result<(), Problem> {
    if password.chars().count() < SHORTEST {
        return Err(Problem::invalid_field(field, "a password has at least 10 characters"));
    }
    if password.len() > LONGEST {
        return Err(Problem::invalid_field(field, "a password has at most 512 bytes"));
    }
    Ok(())
}
