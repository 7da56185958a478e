//! The ids of everything that has one: a UUIDv7 that travels as a short prefix and 32 hex digits (`msg_0190…`).
//! Refuses to mint: ids are made where randomness is allowed, in the store.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// What is wrong with a text that should have been an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id of the form {prefix}_ and 32 hexadecimal digits")]
pub struct IdError {
    /// The prefix that was expected.
    pub prefix: &'static str,
}

/// What all ids have in common, so that one function can mint any of them.
pub trait Id: Copy + fmt::Display + FromStr<Err = IdError> {
    /// The prefix on the wire, without the underscore.
    const PREFIX: &'static str;
    /// The id as the database holds it.
    fn uuid(self) -> Uuid;
    /// The id that the database held.
    fn from_uuid(uuid: Uuid) -> Self;
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Uuid);

        impl Id for $name {
            const PREFIX: &'static str = $prefix;
            fn uuid(self) -> Uuid {
                self.0
            }
            fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "_{}"), self.0.simple())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                parse(text, $prefix).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .pattern(Some(concat!("^", $prefix, "_[0-9a-f]{32}$")))
                    .into()
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $name {}
    )*};
}

ids! {
    /// A law firm, the tenant.
    OrganizationId = "org";
    /// An account; in its work, an agent.
    UserId = "usr";
    /// A group of agents with supervisors.
    TeamId = "team";
    /// A named set of levels with a case scope.
    RoleId = "role";
    /// A number that the firm owns.
    NumberId = "num";
    /// A person.
    ContactId = "con";
    /// A number of a person.
    PhoneId = "pho";
    /// A matter.
    CaseId = "case";
    /// The link of a contact to a case.
    CaseContactId = "cc";
    /// What a contact is in a case, such as Witness.
    ContactRoleId = "crole";
    /// A person before there is a case.
    LeadId = "lead";
    /// What one contact and the firm said to each other in one case.
    ConversationId = "conv";
    /// One text message, in or out (a row of SMSHistory).
    MessageId = "msg";
    /// A part of an outbound message: one hand-over to the carrier.
    PartId = "part";
    /// One call (a row of CallHistory).
    CallId = "call";
    /// A recording of a call, or a voicemail.
    RecordingId = "rec";
    /// A leg of a call at a carrier; its label there.
    CallLegId = "leg";
    /// Something that a carrier is to be asked for a call.
    CallOrderId = "order";
    /// A sign-in or a program's token.
    SessionId = "sess";
    /// A program's token.
    TokenId = "tok";
    /// A piece of work to be done after a commit.
    JobId = "job";
    /// A follow-up task.
    TaskId = "task";
    /// A document, with all its versions.
    DocumentId = "doc";
    /// An export of a case.
    ExportId = "exp";
    /// One step in the life of a message: routed, claimed, released, moved, dismissed.
    StepId = "step";
}

fn parse(text: &str, prefix: &'static str) -> Result<Uuid, IdError> {
    let error = IdError { prefix };
    let digits = text.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('_')).ok_or(error)?;
    if digits.len() != 32 || digits.bytes().any(|b| b.is_ascii_uppercase()) {
        return Err(error);
    }
    Uuid::try_parse(digits).map_err(|_| error)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_from_its_wire_form() {
        let id = MessageId::from_uuid(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_002a));
        assert_eq!(id.to_string(), "msg_0190000000007000800000000000002a");
        assert_eq!(id.to_string().parse::<MessageId>().unwrap(), id);
    }

    #[test]
    fn an_id_of_another_kind_or_shape_is_refused() {
        let refused = [
            "",
            "msg_",
            "case_0190000000007000800000000000002a",
            "msg_0190",
            "msg_0190000000007000800000000000002A",
            "msg_01900000-0000-7000-8000-00000000002",
        ];
        for text in refused {
            assert!(text.parse::<MessageId>().is_err(), "{text}");
        }
    }
}
