//! The only place in the server that draws randomness.

/// Random bytes from the operating system.
///
/// # Errors
/// Where the system has none to give, which no caller can mend.
#[expect(clippy::disallowed_methods, reason = "this is the place")]
pub fn bytes<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(bytes)
}

/// The operating system gave no randomness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gave no randomness")]
pub struct NoRandomness;

impl From<NoRandomness> for crate::problem::Problem {
    fn from(error: NoRandomness) -> Self {
        tracing::error!(%error, "a secret could not be made");
        Self::of(crate::problem::ProblemCode::Internal)
    }
}
