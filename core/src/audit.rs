//! The chain of the audit: what an entry consists of, how its bytes are written down, and how each hash holds the one before. Pure:
//! numbers and times are given. The same functions make the chain when it is written and check it when it is verified. The store
//! numbers (`store/src/audit.rs`), the server signs (`server/src/audit/`).

use sha2::{Digest as _, Sha256};

use crate::id::{CaseId, ContactId, Id, OrganizationId, UserId};
use crate::time::Timestamp;

/// SHA-256.
pub type Hash = [u8; 32];

/// What kind of entry it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum AuditKind {
    /// Something was changed.
    Act,
    /// Something was looked at.
    Read,
    /// Something was asked for and not given.
    Refusal,
}

impl AuditKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Act, Self::Read, Self::Refusal];

    /// The word in the database and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Act => "act",
            Self::Read => "read",
            Self::Refusal => "refusal",
        }
    }
}

impl std::str::FromStr for AuditKind {
    type Err = crate::messaging::claims::UnknownWord;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == word)
            .ok_or(crate::messaging::claims::UnknownWord)
    }
}

/// An entry with its number: everything that its hash covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Whose audit.
    pub organization_id: OrganizationId,
    /// Its number there, from 1, without gaps.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// What kind.
    pub kind: AuditKind,
    /// Who; none for the system, a carrier or an operator.
    pub user_id: Option<UserId>,
    /// What was done: a verb and a noun, or the route that was refused.
    pub act: String,
    /// To what, by its id.
    pub subject: String,
    /// In which case.
    pub case_id: Option<CaseId>,
    /// About which person.
    pub contact_id: Option<ContactId>,
    /// How it ended.
    pub outcome: String,
    /// More of it: ids and words of ours.
    pub detail: String,
}

impl AuditEntry {
    /// The digest of everything in the entry. It can stand for the entry in a chain that is handed on without its content.
    #[must_use]
    pub fn digest(&self) -> Hash {
        let Self {
            organization_id,
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
        } = self;
        let mut bytes = Canonical::of("casewire audit entry v1");
        bytes.fixed(organization_id.uuid().as_bytes());
        bytes.fixed(&seq.to_be_bytes());
        bytes.fixed(&at.as_micros().to_be_bytes());
        bytes.text(kind.as_str());
        bytes.optional(user_id.map(Id::uuid));
        bytes.text(act);
        bytes.text(subject);
        bytes.optional(case_id.map(Id::uuid));
        bytes.optional(contact_id.map(Id::uuid));
        bytes.text(outcome);
        bytes.text(detail);
        bytes.hash()
    }

    /// The hash of the entry behind one whose hash is `previous`.
    #[must_use]
    pub fn hash(&self, previous: &Hash) -> Hash {
        link(previous, &self.digest())
    }
}

/// The hash of an entry from the hash before it and its digest.
#[must_use]
pub fn link(previous: &Hash, digest: &Hash) -> Hash {
    let mut bytes = Canonical::of("casewire audit link v1");
    bytes.fixed(previous);
    bytes.fixed(digest);
    bytes.hash()
}

/// What stands before the first entry of an organization.
#[must_use]
pub fn genesis(organization: OrganizationId) -> Hash {
    let mut bytes = Canonical::of("casewire audit genesis v1");
    bytes.fixed(organization.uuid().as_bytes());
    bytes.hash()
}

/// A checkpoint: everything up to an entry, as it was when it was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checkpoint {
    /// Whose audit.
    pub organization_id: OrganizationId,
    /// Up to this entry.
    pub seq: i64,
    /// The hash of that entry.
    pub hash: Hash,
    /// When it was signed.
    pub at: Timestamp,
}

impl Checkpoint {
    /// The bytes that are signed: lines that a person can write down and compare.
    #[must_use]
    pub fn signed_bytes(&self) -> Vec<u8> {
        let Self {
            organization_id,
            seq,
            hash,
            at,
        } = self;
        format!("casewire audit checkpoint v1\n{organization_id}\n{seq}\n{}\n{at}\n", hex(hash)).into_bytes()
    }
}

/// Bytes as lower-case hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(u32::from(digit), 16)).collect()
}

/// The bytes of hexadecimal digits of that many bytes, if the text is that.
#[must_use]
pub fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    if digits.len() != N * 2 {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let [high, low] = pair else { return None };
        let value = |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
        *byte = value(*high)? << 4 | value(*low)?;
    }
    Some(bytes)
}

/// A hash over fields, each of a fixed size or with its length before it, so that no two entries have the same bytes.
struct Canonical(Sha256);

impl Canonical {
    fn of(purpose: &str) -> Self {
        let mut bytes = Self(Sha256::new());
        bytes.text(purpose);
        bytes
    }

    fn fixed(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn text(&mut self, text: &str) {
        let length = u64::try_from(text.len()).unwrap_or(u64::MAX);
        self.0.update(length.to_be_bytes());
        self.0.update(text.as_bytes());
    }

    fn optional(&mut self, id: Option<uuid::Uuid>) {
        match id {
            None => self.0.update([0]),
            Some(id) => {
                self.0.update([1]);
                self.0.update(id.as_bytes());
            }
        }
    }

    fn hash(self) -> Hash {
        self.0.finalize().into()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn entry() -> AuditEntry {
        let id = uuid::Uuid::from_u128;
        AuditEntry {
            organization_id: OrganizationId::from_uuid(id(1)),
            seq: 7,
            at: Timestamp::from_micros(1_769_506_200_000_001),
            kind: AuditKind::Act,
            user_id: Some(UserId::from_uuid(id(2))),
            act: "claim_text".to_owned(),
            subject: "msg_1".to_owned(),
            case_id: Some(CaseId::from_uuid(id(3))),
            contact_id: None,
            outcome: "done".to_owned(),
            detail: String::new(),
        }
    }

    #[test]
    fn every_field_of_an_entry_changes_its_hash() {
        type Change = fn(&mut AuditEntry);
        let changes: [Change; 14] = [
            |e| e.organization_id = OrganizationId::from_uuid(uuid::Uuid::from_u128(9)),
            |e| e.seq = 8,
            |e| e.at = Timestamp::from_micros(1),
            |e| e.kind = AuditKind::Read,
            |e| e.user_id = None,
            |e| e.user_id = Some(UserId::from_uuid(uuid::Uuid::from_u128(9))),
            |e| e.act.push('x'),
            |e| e.subject.push('x'),
            |e| e.case_id = None,
            |e| e.contact_id = Some(ContactId::from_uuid(uuid::Uuid::from_u128(3))),
            |e| e.outcome.push('x'),
            |e| e.detail.push('x'),
            // A letter that moves from one field to the next is a change, too.
            |e| {
                e.act = "claim_textm".to_owned();
                e.subject = "sg_1".to_owned();
            },
            |e| {
                e.outcome = "do".to_owned();
                e.detail = "ne".to_owned();
            },
        ];
        let before = genesis(entry().organization_id);
        let mut hashes = BTreeSet::from([entry().hash(&before)]);
        for change in changes {
            let mut changed = entry();
            change(&mut changed);
            assert!(hashes.insert(changed.hash(&before)), "{changed:?}");
        }
        assert!(hashes.insert(entry().hash(&entry().hash(&before))), "the hash before it counts");
    }

    #[test]
    fn the_encoding_of_an_entry_never_changes() {
        // Chains that were written by older programs hold this: change the encoding and every one of them breaks.
        let hash = entry().hash(&genesis(entry().organization_id));
        assert_eq!(hex(&hash), "3fccce4d520679b850364f92138b64b8e58d4e67206001ab3afb85c0c77e0e89");
        let signed = Checkpoint {
            organization_id: entry().organization_id,
            seq: 7,
            hash,
            at: entry().at,
        };
        assert!(
            String::from_utf8(signed.signed_bytes())
                .unwrap()
                .ends_with("\n2026-01-27T09:30:00.000001Z\n")
        );
    }

    #[test]
    fn hexadecimal_digits_read_back_and_nothing_else_does() {
        assert_eq!(unhex::<3>(&hex(&[0, 171, 255])), Some([0, 171, 255]));
        for text in ["", "00", "00abfg", "00abf", "00abfff", "+0abff"] {
            assert_eq!(unhex::<3>(text), None, "{text}");
        }
    }
}
