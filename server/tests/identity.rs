//! Who is signed in, and what they are told of themselves.

use axum::http::StatusCode;
use casewire_store::on_both_engines;

use crate::support::Firm;

on_both_engines! {
    async fn a_stranger_is_asked_to_sign_in(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let answer = firm.stranger().get("/api/me").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert_eq!(answer.code(), "unauthenticated");
    }

    async fn somebody_signed_in_is_told_who_they_are(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let me = firm.user("Supervisor").get("/api/me/").await.ok();
        assert_eq!(me["email"], "supervisor@firm.example");
        assert_eq!(me["levels"]["calls"], 3);
    }
}
