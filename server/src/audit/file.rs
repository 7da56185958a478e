//! The file that the audit is exported to, line by line, each a JSON object: a header, then every entry of a stretch of the chain
//! in order, as itself where the export has it and as its digest where not, then checkpoints where they stand. So that a part of
//! the audit can be handed on, and checked, without the rest. Written by `crate::ops::export_audit`, read by `casewire verify`.

use casewire_core::audit::{AuditEntry, AuditKind, Checkpoint, Hash, hex, unhex};
use casewire_core::id::{CaseId, ContactId, OrganizationId, UserId};
use casewire_core::time::Timestamp;
use casewire_store::audit::checkpoints::SignedCheckpoint;
use serde::{Deserialize, Serialize};

/// What the header says.
pub const FORMAT: &str = "casewire audit export v1";

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// [`FORMAT`].
    pub format: String,
    /// Whose audit.
    pub organization_id: OrganizationId,
    /// Where the chain in the file begins.
    pub start: Start,
}

/// Where the chain in a file begins.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Start {
    /// With the first entry there is.
    First,
    /// Behind the entry of a checkpoint.
    Checkpoint(SignedLine),
}

/// Every further line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Line {
    /// An entry that the export has.
    Entry(Content),
    /// An entry that it has not: its digest stands for it in the chain.
    Digest {
        /// Its number.
        seq: i64,
        /// [`AuditEntry::digest`].
        digest: String,
    },
    /// The entry before it was signed.
    Checkpoint(SignedLine),
    /// The last line.
    End {
        /// How many entries the export has.
        entries: u64,
        /// The checkpoint in the export; none where the entries are not signed yet.
        signed_to: Option<i64>,
    },
}

/// The fields of an entry, but for the organization, and the hash that stands beside it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    seq: i64,
    at: Timestamp,
    kind: AuditKind,
    user_id: Option<UserId>,
    act: String,
    subject: String,
    case_id: Option<CaseId>,
    contact_id: Option<ContactId>,
    outcome: String,
    detail: String,
    /// Its hash.
    pub hash: String,
}

impl Content {
    /// The entry.
    #[must_use]
    pub fn numbered(&self, organization_id: OrganizationId) -> AuditEntry {
        AuditEntry {
            organization_id,
            seq: self.seq,
            at: self.at,
            kind: self.kind,
            user_id: self.user_id,
            act: self.act.clone(),
            subject: self.subject.clone(),
            case_id: self.case_id,
            contact_id: self.contact_id,
            outcome: self.outcome.clone(),
            detail: self.detail.clone(),
        }
    }
}

impl Line {
    /// The line of an entry that the export has.
    #[must_use]
    pub fn of_entry(entry: AuditEntry, hash: &Hash) -> Self {
        let AuditEntry {
            organization_id: _,
            seq,
            at,
            kind,
            user_id,
            act,
            subject,
            case_id,
            contact_id,
            outcome,
            detail,
        } = entry;
        Self::Entry(Content {
            seq,
            at,
            kind,
            user_id,
            act,
            subject,
            case_id,
            contact_id,
            outcome,
            detail,
            hash: hex(hash),
        })
    }

    /// The line of one that it has not.
    #[must_use]
    pub fn of_digest(entry: &AuditEntry) -> Self {
        Self::Digest {
            seq: entry.seq,
            digest: hex(&entry.digest()),
        }
    }
}

/// A checkpoint as it is written.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedLine {
    /// Up to this entry.
    pub seq: i64,
    hash: String,
    at: Timestamp,
    public_key: String,
    signature: String,
}

impl SignedLine {
    /// A checkpoint, to be written.
    #[must_use]
    pub fn of(signed: &SignedCheckpoint) -> Self {
        Self {
            seq: signed.checkpoint.seq,
            hash: hex(&signed.checkpoint.hash),
            at: signed.checkpoint.at,
            public_key: hex(&signed.public_key),
            signature: hex(&signed.signature),
        }
    }

    /// The checkpoint, if its digits are some.
    #[must_use]
    pub fn signed(&self, organization_id: OrganizationId) -> Option<SignedCheckpoint> {
        Some(SignedCheckpoint {
            checkpoint: Checkpoint {
                organization_id,
                seq: self.seq,
                hash: unhex(&self.hash)?,
                at: self.at,
            },
            public_key: unhex(&self.public_key)?,
            signature: unhex(&self.signature)?,
        })
    }
}
