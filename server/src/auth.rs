//! Who asks: passwords and tokens, the cookie, the limit on guesses, and [`caller::Caller`], the signed-in active user with
//! their rights as they are now. What the rights allow is decided in `casewire_core::access`.

pub mod caller;
pub mod cookie;
pub mod origin;
pub mod passwords;
pub mod peer;
pub mod random;
pub mod rate_limit;
pub mod secret;
