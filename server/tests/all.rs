//! The tests of the server, over the real router.
