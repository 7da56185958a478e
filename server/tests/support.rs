//! The set-up of a test, so that it reads as a sentence: `let firm = Firm::start(db).await; firm.user("Attorney").get("/api/me")`.
//! Every line that the server logs is collected; a firm fails its test at the end if one holds a number, a name or a text.

mod client;
mod firm;
mod line;
mod logs;

pub use client::{Answer, Client};
pub use firm::{ACCOUNT, Firm, PASSWORD};
pub use line::NULL;
