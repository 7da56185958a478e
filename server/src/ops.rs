//! The acts: load, decide, write, emit, each in one transaction and one file. Called alike by handlers, webhooks, jobs and
//! the command line. Refuse to parse requests or to shape answers: the API does.

pub mod accounts;
pub mod case_contacts;
pub mod cases;
pub mod claim_text;
pub mod contact_roles;
pub mod contacts;
pub mod count_conversations;
pub mod create_organization;
pub mod create_token;
pub mod dismiss_text;
pub mod explain_routing;
pub mod hand_over;
pub mod leads;
pub mod list_conversations;
pub mod list_steps;
pub mod move_text;
pub mod numbers;
pub mod people;
pub mod phones;
pub mod read_audit;
pub mod receive_text;
pub mod reconcile;
pub mod release_text;
pub mod resolve_part;
pub mod retry_text;
pub mod roles;
pub mod send_text;
pub mod settings;
pub mod sign_in;
pub mod strays;
pub mod teams;
pub mod text_status;
pub mod texts;
pub mod walls;
