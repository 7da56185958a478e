//! Text messages: where one goes, who owns it, how it is cut, what its delivery states mean. Start at [`routing`].

pub mod claims;
pub mod delivery;
pub mod opt_out;
pub mod parts;
pub mod routing;
pub mod segments;
pub mod trial;
