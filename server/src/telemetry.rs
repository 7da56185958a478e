//! What the server says of itself: logs and metrics. Ids, route templates, states and times; never a number, a name, a text, a
//! path with its values or a body.

pub mod logs;
pub mod metrics;
pub mod requests;
