//! The check of a chain: every entry's hash from its fields and the hash before it, every checkpoint's signature. Pure but for what
//! it is fed: entries in order, then checkpoints. Names the first entry that does not hold. Fed by the job that signs, by the
//! screen and by `casewire verify`.

use std::fmt;

use casewire_core::audit::{AuditEntry, Checkpoint, Hash, genesis, link};
use casewire_core::id::OrganizationId;
use casewire_store::audit::checkpoints::SignedCheckpoint;

use super::key;

/// Where a chain does not hold, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Break {
    /// The entry.
    pub seq: i64,
    /// How.
    pub why: Why,
}

/// How a chain does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// What the entry says is not what its hash is of, or the entry before it is another.
    Content,
    /// The entry is missing.
    Missing,
    /// The chain goes on behind its end, or ends before it.
    Head,
    /// The checkpoint is of another entry than the one that stands here.
    Checkpoint,
    /// The signature of the checkpoint is not by its key.
    Signature,
    /// The checkpoint is signed with another key than the one that is trusted.
    Key,
}

impl fmt::Display for Break {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seq = self.seq;
        match self.why {
            Why::Content => write!(f, "entry {seq} does not hold: it, or its link to the entry before, was changed"),
            Why::Missing => write!(f, "entry {seq} is missing"),
            Why::Head => write!(f, "the end of the chain does not hold: entry {seq} is not where the chain ends"),
            Why::Checkpoint => write!(f, "entry {seq} is not the one that was signed at its checkpoint"),
            Why::Signature => write!(f, "the checkpoint at entry {seq} is not signed by its key"),
            Why::Key => write!(f, "the checkpoint at entry {seq} is signed with another key than the one given"),
        }
    }
}

/// A chain that is being walked along.
#[derive(Debug, Clone)]
pub struct Walk {
    seq: i64,
    hash: Hash,
    /// Where the walk began: checkpoints before it cannot be compared.
    began: i64,
    checkpoints: Vec<SignedCheckpoint>,
    next: usize,
}

impl Walk {
    /// From the first entry of an organization.
    #[must_use]
    pub fn from_the_first(organization: OrganizationId) -> Self {
        Self::behind(0, genesis(organization))
    }

    /// From the entry behind one whose hash is trusted.
    #[must_use]
    pub const fn behind(seq: i64, hash: Hash) -> Self {
        Self {
            seq,
            hash,
            began: seq,
            checkpoints: Vec::new(),
            next: 0,
        }
    }

    /// Up to which entry everything holds.
    #[must_use]
    pub const fn seq(&self) -> i64 {
        self.seq
    }

    /// The hash of that entry.
    #[must_use]
    pub const fn hash(&self) -> Hash {
        self.hash
    }

    /// Takes the checkpoints to be compared on the way, in order, after a look at their signatures.
    ///
    /// # Errors
    /// The first whose signature does not hold, or is by another key than `trusted`.
    pub fn expect(&mut self, checkpoints: Vec<SignedCheckpoint>, trusted: Option<&[u8; 32]>) -> Result<(), Break> {
        for signed in &checkpoints {
            let (seq, bytes) = (signed.checkpoint.seq, signed.checkpoint.signed_bytes());
            if !key::is_signed(&signed.public_key, &bytes, &signed.signature) {
                return Err(Break { seq, why: Why::Signature });
            }
            if trusted.is_some_and(|trusted| *trusted != signed.public_key) {
                return Err(Break { seq, why: Why::Key });
            }
        }
        self.checkpoints.extend(checkpoints);
        Ok(())
    }

    /// The next entry with the hash that stands beside it.
    ///
    /// # Errors
    /// Where it does not hold.
    pub fn entry(&mut self, entry: &AuditEntry, stored: &Hash) -> Result<(), Break> {
        self.step(entry.seq, &entry.digest(), stored)
    }

    /// The next entry of which only the digest is known, with the hash that stands beside it.
    ///
    /// # Errors
    /// Where it does not hold.
    pub fn step(&mut self, seq: i64, digest: &Hash, stored: &Hash) -> Result<(), Break> {
        let expected = self.seq.saturating_add(1);
        if seq != expected {
            return Err(Break {
                seq: expected,
                why: Why::Missing,
            });
        }
        let hash = link(&self.hash, digest);
        if hash != *stored {
            return Err(Break { seq, why: Why::Content });
        }
        (self.seq, self.hash) = (seq, hash);
        while let Some(Checkpoint { seq: at, hash, .. }) = self.checkpoints.get(self.next).map(|signed| signed.checkpoint)
            && at <= seq
        {
            if at > self.began && (at != seq || hash != self.hash) {
                return Err(Break {
                    seq: at,
                    why: Why::Checkpoint,
                });
            }
            self.next += 1;
        }
        Ok(())
    }

    /// The end: the chain ends here, and no checkpoint is of an entry behind it.
    ///
    /// # Errors
    /// Where it does not.
    pub fn end(&self, head: Option<(i64, Hash)>) -> Result<(), Break> {
        if let Some((seq, hash)) = head {
            if seq > self.seq {
                return Err(Break {
                    seq: self.seq.saturating_add(1),
                    why: Why::Missing,
                });
            }
            if seq != self.seq || hash != self.hash {
                return Err(Break {
                    seq: self.seq,
                    why: Why::Head,
                });
            }
        }
        match self.checkpoints.last().map(|signed| signed.checkpoint) {
            Some(last) if last.seq > self.seq => Err(Break {
                seq: self.seq.saturating_add(1),
                why: Why::Missing,
            }),
            Some(_) | None => Ok(()),
        }
    }
}
