//! Every statement text of the crate, gathered so that a test prepares each on both engines. A noun file declares its own
//! with `statements!` and has one line in [`ALL`].

/// Declares statement texts: `statements! { /// What it does. NAME = "select …"; }` makes each a `pub(crate) const NAME: &str`
/// and gathers them in `ALL`.
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $text:expr;)*) => {
        $($(#[$doc])* pub(crate) const $name: &str = $text;)*
        /// Every statement of this file.
        #[cfg(any(test, feature = "testing"))]
        pub(crate) const ALL: &[&str] = &[$($name),*];
    };
}
pub(crate) use statements;

/// Every statement that is made for each engine.
#[cfg(any(test, feature = "testing"))]
pub(crate) const SPOKEN: &[&[crate::dialect::Spoken]] = &[crate::search::asking::SPOKEN, crate::inbox::SPOKEN];

/// Every statement of the crate, one line for each file that has any.
#[cfg(any(test, feature = "testing"))]
pub(crate) const ALL: &[&[&str]] = &[
    crate::idempotency::ALL,
    crate::numbers::ALL,
    crate::users::ALL,
    crate::teams::ALL,
    crate::roles::ALL,
    crate::organizations::ALL,
    crate::audit::ALL,
    crate::audit::checkpoints::ALL,
    crate::audit::list::ALL,
    crate::audit::walk::ALL,
    crate::sign_ins::ALL,
    crate::access::ALL,
    crate::agents::ALL,
    crate::step_lines::ALL,
    crate::announce::ALL,
    crate::attention::ALL,
    crate::communications::ALL,
    crate::conversations::ALL,
    crate::dismissals::ALL,
    crate::opt_outs::ALL,
    crate::receipts::ALL,
    crate::reconciliation::ALL,
    crate::sends::ALL,
    crate::sends::choices::ALL,
    crate::sessions::ALL,
    crate::strays::ALL,
    crate::inbound::ALL,
    crate::items::ALL,
    crate::calls::ALL,
    crate::calls::people::ALL,
    crate::calls::recordings::ALL,
    crate::calls::view::ALL,
    crate::softphones::ALL,
    crate::inbox::ALL,
    crate::inbox::counts::ALL,
    crate::message_view::ALL,
    crate::messages::ALL,
    crate::messages::media::ALL,
    crate::walls::ALL,
    crate::phones::ALL,
    crate::imports::ALL,
    crate::leads::ALL,
    crate::contacts::ALL,
    crate::contact_roles::ALL,
    crate::case_contacts::ALL,
    crate::cases::reach::ALL,
    crate::cases::ALL,
    crate::reports::ALL,
    crate::reports::cells::ALL,
    crate::search::ALL,
    crate::search::asking::ALL,
    crate::search::filling::ALL,
    crate::events::ALL,
    crate::exports::ALL,
    crate::jobs::ALL,
    crate::live::ALL,
    crate::local_line::ALL,
    crate::tasks::ALL,
    crate::twilio::ALL,
    crate::twilio::legs::ALL,
    crate::twilio::orders::ALL,
    crate::twilio::recordings::ALL,
    crate::documents::ALL,
    crate::media::ALL,
    crate::flow::ALL,
    crate::upkeep::ALL,
];
