//! The acts: load, decide, write, emit, each in one transaction and one file. Called alike by handlers, webhooks, jobs and
//! the command line. Refuse to parse requests or to shape answers: the API does.

pub mod case_contacts;
pub mod cases;
pub mod claim_text;
pub mod contact_roles;
pub mod contacts;
pub mod dismiss_text;
pub mod explain_routing;
pub mod leads;
pub mod list_conversations;
pub mod move_text;
pub mod people;
pub mod phones;
pub mod receive_text;
pub mod release_text;
pub mod texts;
pub mod walls;
