//! Slows down who guesses passwords and launch tokens: a sliding window per address and e-mail, and a wider one per address. In memory, by the
//! server's clock; keeps hashes of e-mails, never e-mails. Full windows answer when to come back.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::Mutex;
use std::time::Duration;

use casewire_core::time::Timestamp;

use super::secret::hash;
use crate::config::RateLimits;

/// So many keys are kept at most; beyond it those that are out of their window go first.
const MOST_KEYS: usize = 50_000;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Address(IpAddr),
    Person(IpAddr, [u8; 32]),
    Launch(IpAddr),
}

/// Counts tries.
#[derive(Debug)]
pub struct RateLimit {
    limits: RateLimits,
    tries: Mutex<HashMap<Key, VecDeque<Timestamp>>>,
}

impl RateLimit {
    /// With these limits and no tries yet.
    #[must_use]
    pub fn new(limits: RateLimits) -> Self {
        Self {
            limits,
            tries: Mutex::default(),
        }
    }

    /// Counts a try to sign in, unless there were too many already.
    ///
    /// # Errors
    /// How long to wait.
    pub fn sign_in(&self, address: IpAddr, email: &str, now: Timestamp) -> Result<(), Duration> {
        let keys = [
            (Key::Person(address, hash(email)), self.limits.sign_in_tries),
            (Key::Address(address), self.limits.sign_in_tries_per_address),
        ];
        let mut tries = self.tries.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        self.make_room(&mut tries, now);
        for (key, most) in &keys {
            if let Some(times) = tries.get_mut(key)
                && let Some(wait) = self.wait(times, *most, now)
            {
                return Err(wait);
            }
        }
        for (key, _) in keys {
            tries.entry(key).or_default().push_back(now);
        }
        Ok(())
    }

    /// Forgets the tries of somebody who has signed in.
    pub fn signed_in(&self, address: IpAddr, email: &str) {
        let mut tries = self.tries.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        tries.remove(&Key::Person(address, hash(email)));
    }

    /// Whether somebody may come with a launch token. Only those that were refused count: a whole office comes from one address.
    ///
    /// # Errors
    /// How long to wait.
    pub fn launch(&self, address: IpAddr, now: Timestamp) -> Result<(), Duration> {
        let mut tries = self.tries.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let wait = tries
            .get_mut(&Key::Launch(address))
            .and_then(|times| self.wait(times, self.limits.sign_in_tries_per_address, now));
        wait.map_or(Ok(()), Err)
    }

    /// Counts a launch token that was refused.
    pub fn launch_refused(&self, address: IpAddr, now: Timestamp) {
        let mut tries = self.tries.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        self.make_room(&mut tries, now);
        tries.entry(Key::Launch(address)).or_default().push_back(now);
    }

    /// Forgets who has not tried for a while, where there are too many.
    fn make_room(&self, tries: &mut HashMap<Key, VecDeque<Timestamp>>, now: Timestamp) {
        if tries.len() >= MOST_KEYS {
            let window = self.limits.sign_in_window;
            tries.retain(|_, times| times.back().is_some_and(|last| now.since(*last) < window));
        }
    }

    fn wait(&self, times: &mut VecDeque<Timestamp>, most: u32, now: Timestamp) -> Option<Duration> {
        let window = self.limits.sign_in_window;
        while times.front().is_some_and(|first| now.since(*first) >= window) {
            times.pop_front();
        }
        let full = u64::try_from(times.len()).unwrap_or(u64::MAX) >= u64::from(most);
        times.front().filter(|_| full).map(|first| first.plus(window).since(now))
    }
}
