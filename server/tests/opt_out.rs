//! Who asked not to be texted is not texted: by keyword, and by what the carrier says.
#![expect(clippy::indexing_slicing, reason = "tests fail by panicking")]

use casewire_store::on_both_engines;
use serde_json::json;

use crate::stage::{FIRM, JANE, Stage, TOKEN, inbound};

const MESSAGES: &str = "/webhooks/twilio/messages";

on_both_engines! {
    async fn stop_refuses_texts_until_start(db: TestDatabase) {
        let stage = Stage::set(db).await;
        let request = json!({"case_id": "123", "contact_id": stage.jane, "body": "Hello"});
        stage.signed(TOKEN, MESSAGES, &inbound(1, JANE, FIRM, " stop! ")).await.ok_text();
        assert_eq!(stage.send(request.clone()).await.code(), "recipient_opted_out");
        stage.signed(TOKEN, MESSAGES, &inbound(2, JANE, FIRM, "START")).await.ok_text();
        stage.send(request).await.ok();
    }

    async fn a_text_that_waits_is_not_handed_over_after_a_stop(db: TestDatabase) {
        let stage = Stage::set(db).await;
        let sent = stage.write("123", "Hello").await;
        stage.signed(TOKEN, MESSAGES, &inbound(1, JANE, FIRM, "STOP")).await.ok_text();
        stage.work().await;
        let refused = stage.read(&sent).await;
        assert_eq!((&refused["state"], &refused["error_code"], stage.posted()), (&json!("refused"), &json!(21610), 0));
        assert_eq!(stage.retry(&sent, json!({})).await.code(), "recipient_opted_out");
    }

    async fn what_the_carrier_knows_of_an_opt_out_is_noted(db: TestDatabase) {
        let stage = Stage::set(db).await;
        stage.fault(json!({"kind": "refuse_send", "code": 21610, "times": 1})).await;
        let sent = stage.write("123", "Hello").await;
        stage.work().await;
        assert_eq!(stage.read(&sent).await["error_code"], 21610);
        let again = stage.send(json!({"case_id": "123", "contact_id": stage.jane, "body": "Hello"})).await;
        assert_eq!(again.code(), "recipient_opted_out");
    }

    async fn an_opt_out_that_the_carrier_tells_afterwards_is_noted(db: TestDatabase) {
        let stage = Stage::set(db).await;
        stage.fault(json!({"kind": "fail_delivery", "code": 21610, "times": 1})).await;
        let sent = stage.write("123", "Hello").await;
        stage.until(&sent, "undelivered").await;
        assert_eq!(stage.retry(&sent, json!({})).await.code(), "recipient_opted_out");
        let person = stage.firm.user("Attorney").get(&format!("/api/contacts/{}", stage.jane.as_str().unwrap_or_default())).await.ok();
        assert_eq!(person["contact"]["phones"][0]["opted_out"], true);
    }
}

trait OkText {
    fn ok_text(self);
}

impl OkText for crate::support::Answer {
    #[track_caller]
    fn ok_text(self) {
        assert_eq!((self.status.as_u16(), self.text().as_str()), (200, "<Response/>"));
    }
}
