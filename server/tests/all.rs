//! The tests of the server, over the real router, on both engines. The set-up is in `support`.

mod identity;
mod live;
mod support;
