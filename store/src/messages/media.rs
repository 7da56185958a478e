//! What is attached to a text when it is stored: something that the carrier has, or a version of a document. What becomes of it
//! afterwards is in `crate::media`.

use casewire_core::access::Tenant;
use casewire_core::id::DocumentId;

use super::NewText;
use crate::documents::StoredVersion;
use crate::params;
use crate::statements::statements;
use crate::value::Value;

statements! {
    /// An attachment.
    INSERT_MEDIA = "insert into sms_media (organization_id, message_id, position, url, content_type) values ($1, $2, $3, $4, $5)";
    /// An attachment that is a version of a document.
    INSERT_ATTACHMENT = "insert into sms_media (organization_id, message_id, position, url, content_type, state, name, sha256, size, \
        document_id, version) values ($1, $2, $3, '', $4, 'stored', $5, $6, $7, $8, $9)";
}

/// What is attached to a text that is to be stored.
#[derive(Clone)]
pub enum NewMedia {
    /// Something that the carrier has.
    AtCarrier {
        /// Where.
        url: String,
        /// Its MIME type as the carrier named it.
        content_type: String,
    },
    /// A version of a document.
    Document(DocumentId, Box<StoredVersion>),
}

/// The statements that store a text's attachments, for a pipeline.
#[must_use]
pub fn attaching(tenant: Tenant, text: &NewText) -> Vec<(&'static str, Vec<Value>)> {
    let organization = tenant.organization();
    let rows = text.media.iter().enumerate();
    rows.map(|(position, media)| match media {
        NewMedia::AtCarrier { url, content_type } => {
            let params = params![organization, text.id, position, url.as_str(), content_type.as_str()];
            (INSERT_MEDIA, params.to_vec())
        }
        NewMedia::Document(document, version) => {
            let StoredVersion {
                name,
                number,
                hash,
                size,
                content_type,
                ..
            } = version.as_ref();
            let which = params![organization, text.id, position, content_type.as_str(), name.as_str()];
            let content = params![*hash.bytes(), *size, *document, *number];
            (INSERT_ATTACHMENT, which.into_iter().chain(content).collect())
        }
    })
    .collect()
}
