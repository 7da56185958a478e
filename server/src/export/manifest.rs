//! The manifest of an export: of what it is, and the SHA-256 of each file in it; and its signature, by the key of the audit. Has no
//! time at which it was made and nobody who asked for it: both are in the audit.

use casewire_core::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What the manifest says of itself.
pub const FORMAT: &str = "casewire case export v1";
/// The name of the manifest in the ZIP.
pub const MANIFEST: &str = "manifest.json";
/// The name of its signature.
pub const SIGNATURE: &str = "manifest.sig.json";

/// The manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: String,
    /// Whose case.
    pub organization: Named,
    /// Which case.
    pub case: CaseOfExport,
    /// What narrows it.
    pub filter: ExportFilter,
    /// The zone of its local times.
    pub time_zone: String,
    /// How many entries are in it.
    pub entries: u64,
    /// The files beside this one.
    pub files: Vec<FileOfExport>,
}

/// Something by id and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// The case of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseOfExport {
    /// Its id.
    pub id: String,
    /// Its number outside.
    pub mycase_case_id: String,
    /// Its caption.
    pub name: String,
}

/// What narrows an export.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ExportFilter {
    /// With this person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact_id: Option<casewire_core::id::ContactId>,
    /// With those who had this role, by its name; `Client` for the client.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// text or call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// Written, claimed or spoken by this user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<casewire_core::id::UserId>,
    /// inbound or outbound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direction: Option<casewire_core::view::Direction>,
    /// Not before this time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// Before this time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// A kind of communication.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// Texts.
    Text,
    /// Calls.
    Call,
}

/// A file of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileOfExport {
    /// Its name in the ZIP.
    pub name: String,
    /// Its size.
    pub size: u64,
    /// Its SHA-256, in hexadecimal digits.
    pub sha256: String,
}

/// The signature of a manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignatureOfManifest {
    /// The Ed25519 key.
    pub public_key: String,
    /// The Ed25519 signature of the bytes of the manifest.
    pub signature: String,
}

impl ExportFilter {
    /// As the store asks.
    #[must_use]
    pub fn of_store(&self) -> casewire_store::communications::Filter {
        use casewire_store::conversations::ItemKind;
        casewire_store::communications::Filter {
            contact: self.contact_id,
            role: self.role.clone(),
            channel: self.channel.map(|channel| match channel {
                Channel::Text => ItemKind::Text,
                Channel::Call => ItemKind::Call,
            }),
            user: self.user_id,
            direction: self.direction,
            from: self.from,
            until: self.until,
        }
    }
}
