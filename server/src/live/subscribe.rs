//! The route of the live socket: who is signed in gets one. Refuses a `since` that is no number.
