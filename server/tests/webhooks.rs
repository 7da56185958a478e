//! The carrier's entry: what is believed, what is refused and how, and that nothing signed is ever lost.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use std::time::Duration;

use casewire_carriers::twilio::form::Form;
use casewire_store::on_both_engines;
use casewire_store::testing::TestDatabase;
use serde_json::json;

use crate::stage::{FIRM, JANE, OTHER_ACCOUNT, OTHER_TOKEN, STRANGER, Stage, TOKEN, UNOWNED, inbound};
use crate::support::{ACCOUNT, Answer};

const MESSAGES: &str = "/webhooks/twilio/messages";

#[track_caller]
fn thanked(answer: &Answer) {
    assert_eq!(
        (answer.status.as_u16(), answer.header("content-type"), answer.text().as_str()),
        (200, "text/xml", "<Response/>")
    );
}

/// A status callback for a part that nobody knows.
fn status(sid: u32, state: &str) -> Form {
    Form::default()
        .with("MessageSid", format!("SM{sid:032x}"))
        .with("AccountSid", ACCOUNT)
        .with("MessageStatus", state)
}

on_both_engines! {
    async fn a_signed_text_is_kept_once_however_often_it_comes(db: TestDatabase) {
        let stage = Stage::set(db).await;
        let text = inbound(1, JANE, FIRM, "Hello");
        for _ in 0..3 {
            thanked(&stage.signed(TOKEN, MESSAGES, &text).await);
        }
        assert_eq!(stage.stored("inbound").await, 1);
        let text = inbound(2, JANE, FIRM, "x");
        let (one, two) = tokio::join!(stage.signed(TOKEN, MESSAGES, &text), stage.signed(TOKEN, MESSAGES, &text));
        thanked(&one);
        thanked(&two);
        assert_eq!(stage.stored("inbound").await, 2);
    }

    async fn what_is_not_signed_by_its_account_is_refused(db: TestDatabase) {
        let stage = Stage::set(db).await;
        let text = inbound(1, JANE, FIRM, "Hello");
        let body = text.encode().into_bytes();
        let refused = |answer: Answer| (answer.status.as_u16(), answer.code());
        assert_eq!(refused(stage.posts(MESSAGES, body.clone(), None).await), (403, "unsigned_webhook".to_owned()));
        assert_eq!(refused(stage.posts(MESSAGES, body.clone(), Some("bm9uc2Vuc2U=")).await), (403, "wrong_signature".to_owned()));
        assert_eq!(refused(stage.signed(OTHER_TOKEN, MESSAGES, &text).await), (403, "wrong_signature".to_owned()));
        let elsewhere = stage.signature("/webhooks/twilio/status", &text);
        assert_eq!(refused(stage.posts(MESSAGES, body, Some(&elsewhere)).await), (403, "wrong_signature".to_owned()));
        let unknown = Form::default().with("MessageSid", format!("SM{:032x}", 1)).with("AccountSid", "AC99999999999999999999999999999999").with("From", JANE).with("To", FIRM);
        assert_eq!(refused(stage.signed(TOKEN, MESSAGES, &unknown).await), (403, "foreign_account".to_owned()));
        let theirs = Form::default().with("MessageSid", format!("SM{:032x}", 1)).with("AccountSid", OTHER_ACCOUNT).with("From", JANE).with("To", FIRM);
        assert_eq!(refused(stage.signed(OTHER_TOKEN, MESSAGES, &theirs).await), (403, "foreign_account".to_owned()));
        assert_eq!(stage.stored("inbound").await, 0);
        assert_eq!(stage.firm.stranger().get(MESSAGES).await.code(), "method_not_allowed");
    }

    async fn what_lacks_a_field_or_is_too_large_is_refused(db: TestDatabase) {
        let stage = Stage::set(db).await;
        let nothing = Form::default().with("AccountSid", ACCOUNT);
        let no_sender = Form::default().with("MessageSid", format!("SM{:032x}", 1)).with("AccountSid", ACCOUNT).with("To", FIRM);
        for form in [nothing, no_sender, status(1, "delivered")] {
            assert_eq!(stage.signed(TOKEN, MESSAGES, &form).await.code(), "malformed_webhook");
        }
        assert_eq!(stage.signed(TOKEN, "/webhooks/twilio/status", &inbound(1, JANE, FIRM, "x")).await.code(), "malformed_webhook");
        let huge = stage.signed(TOKEN, MESSAGES, &inbound(1, JANE, FIRM, &"a".repeat(300_000))).await;
        assert_eq!(huge.code(), "body_too_large");
        assert_eq!(stage.stored("inbound").await, 0);
    }

    async fn odd_senders_and_bodies_are_kept_as_they_came(db: TestDatabase) {
        let stage = Stage::set(db).await;
        let long_number = "+1234567890123456789";
        for (sid, from) in [(1, "24273"), (2, "ACME Corp"), (3, long_number)] {
            thanked(&stage.signed(TOKEN, MESSAGES, &inbound(sid, from, FIRM, "Your code is 1234")).await);
        }
        let picture = Form::default().with("MessageSid", format!("MM{:032x}", 4)).with("AccountSid", ACCOUNT).with("From", STRANGER)
            .with("To", FIRM).with("Body", "").with("NumMedia", "1").with("MediaUrl0", "https://api.twilio.com/m").with("MediaContentType0", "image/png");
        thanked(&stage.signed(TOKEN, MESSAGES, &picture).await);
        thanked(&stage.signed(TOKEN, MESSAGES, &inbound(5, STRANGER, FIRM, &"wörd ".repeat(20_000))).await);
        let mut broken = Form::default();
        for (name, value) in [("MessageSid", format!("SM{:032x}", 6).into_bytes()), ("AccountSid", ACCOUNT.into()), ("From", STRANGER.into()), ("To", FIRM.into()), ("Body", b"caf\xe9 \xff".to_vec())] {
            broken.push(name, value);
        }
        thanked(&stage.signed(TOKEN, MESSAGES, &broken).await);
        thanked(&stage.signed(TOKEN, MESSAGES, &inbound(7, STRANGER, FIRM, "nul \0 here")).await);
        assert_eq!(stage.stored("inbound").await, 7);
        let unknown = stage.conversations("view=unknown").await;
        assert_eq!(unknown.len(), 4);
        assert_eq!(unknown[0]["preview"], "nul \u{fffd} here");
        let no_answer = stage.firm.user("Attorney").get(&format!("/api/omnichannel/conversations/{}/items/", unknown[3]["id"].as_str().unwrap())).await.ok();
        let request = json!({"in_reply_to": no_answer["items"][0]["message"]["id"], "body": "Who is this?"});
        assert_eq!(stage.send(request).await.code(), "no_phone");
    }

    async fn an_unknown_sender_can_be_answered(db: TestDatabase) {
        let stage = Stage::set(db).await;
        thanked(&stage.signed(TOKEN, MESSAGES, &inbound(1, STRANGER, FIRM, "Hello?")).await);
        let unknown = stage.conversations("view=unknown").await;
        let items = stage.firm.user("Attorney").get(&format!("/api/omnichannel/conversations/{}/items/", unknown[0]["id"].as_str().unwrap())).await.ok();
        let sent = stage.send(json!({"in_reply_to": items["items"][0]["message"]["id"], "body": "Who is this?"})).await.ok();
        assert_eq!(sent["conversation_id"], unknown[0]["id"]);
        stage.until(&sent, "delivered").await;
        assert_eq!(stage.got(STRANGER).await, ["Who is this?"]);
        assert_eq!(stage.sessions().await, 0);
    }

    async fn a_text_to_a_number_that_nobody_owns_is_kept_and_adopted(db: TestDatabase) {
        let stage = Stage::set(db).await;
        for _ in 0..2 {
            thanked(&stage.signed(TOKEN, MESSAGES, &inbound(1, JANE, UNOWNED, "Is this the firm?")).await);
        }
        assert_eq!(stage.count("select count(*) from stray_texts", Vec::new()).await, 1);
        assert_eq!(stage.stored("inbound").await, 0);
        stage.firm.user("Firm Admin").post("/api/numbers/", json!({"number": UNOWNED, "account_sid": ACCOUNT})).await.ok();
        assert_eq!(stage.count("select count(*) from stray_texts", Vec::new()).await, 0);
        assert_eq!(stage.stored("inbound").await, 1);
        assert_eq!(stage.conversations("case_id=123").await[0]["preview"], "Is this the firm?");
        thanked(&stage.signed(TOKEN, MESSAGES, &inbound(1, JANE, UNOWNED, "Is this the firm?")).await);
        assert_eq!(stage.stored("inbound").await, 1);
    }

    async fn news_of_a_text_that_is_not_ours_is_taken_note_of_and_changes_nothing(db: TestDatabase) {
        let stage = Stage::set(db).await;
        let sent = stage.write("123", "Hello").await;
        let organization = stage.firm.organization();
        let paths = ["/webhooks/twilio/status".to_owned(), format!("/webhooks/twilio/status?o={organization}"),
            format!("/webhooks/twilio/status?o={organization}&m=part_00000000000000000000000000000001"),
            "/webhooks/twilio/status?o=org_00000000000000000000000000000001&m=nonsense".to_owned()];
        for path in paths {
            assert_eq!(stage.signed(TOKEN, &path, &status(9, "delivered")).await.status.as_u16(), 204, "{path}");
        }
        let part = stage.firm.store().read(PartOf).await.unwrap();
        let theirs = Form::default().with("MessageSid", format!("SM{:032x}", 9)).with("AccountSid", OTHER_ACCOUNT).with("MessageStatus", "delivered");
        let path = format!("/webhooks/twilio/status?o={organization}&m={part}");
        assert_eq!(stage.signed(OTHER_TOKEN, &path, &theirs).await.status.as_u16(), 204);
        assert_eq!(stage.read(&sent).await["state"], "queued");
    }

    async fn states_only_move_forward(db: TestDatabase) {
        let stage = Stage::set(db).await;
        let sent = stage.write("123", "Hello").await;
        let path = format!("/webhooks/twilio/status?o={}&m={}", stage.firm.organization(), stage.firm.store().read(PartOf).await.unwrap());
        for (state, shown) in [("sent", "sent"), ("queued", "sent"), ("delivered", "delivered"), ("sent", "delivered"), ("failed", "delivered"), ("read", "read")] {
            assert_eq!(stage.signed(TOKEN, &path, &status(7, state)).await.status.as_u16(), 204);
            assert_eq!(stage.read(&sent).await["state"], shown, "{state}");
        }
        stage.work().await;
        assert_eq!(stage.posted(), 0, "the carrier has it already");
        assert_eq!(stage.sessions().await, 1);
    }
}

/// A text that cannot be kept now is answered so that the carrier brings it again, and then it is kept once.
async fn comes_again(stage: &Stage, away: impl Future<Output = ()>) {
    let text = inbound(1, STRANGER, FIRM, "Do you hear me?");
    let answer = stage.signed(TOKEN, MESSAGES, &text).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (503, "unavailable"));
    away.await;
    thanked(&stage.signed(TOKEN, MESSAGES, &text).await);
    thanked(&stage.signed(TOKEN, MESSAGES, &text).await);
    assert_eq!(stage.stored("inbound").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_text_to_a_locked_file_is_kept_when_it_comes_again() {
    let stage = Stage::set(TestDatabase::sqlite().await).await;
    let other = rusqlite::Connection::open(stage.firm.database().path().unwrap()).unwrap();
    other.execute_batch("begin immediate").unwrap();
    comes_again(&stage, async move { other.execute_batch("rollback").unwrap() }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_text_to_a_full_disk_is_kept_when_it_comes_again() {
    let stage = Stage::set(TestDatabase::sqlite().await).await;
    let store = stage.firm.store().clone();
    store.write_for_all(Pragma("pragma max_page_count = 1")).await.unwrap();
    let text = inbound(9, STRANGER, FIRM, &"Fill ".repeat(20_000));
    assert_eq!(stage.signed(TOKEN, MESSAGES, &text).await.code(), "unavailable");
    store.write_for_all(Pragma("pragma max_page_count = 1000000")).await.unwrap();
    thanked(&stage.signed(TOKEN, MESSAGES, &text).await);
    assert_eq!(stage.stored("inbound").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_text_to_a_locked_table_is_kept_once_after_the_carrier_gave_up_waiting() {
    let stage = Stage::set(TestDatabase::postgres().await).await;
    let (client, connection) = stage
        .firm
        .database()
        .server()
        .unwrap()
        .connect(tokio_postgres::NoTls)
        .await
        .unwrap();
    let driver = tokio::spawn(connection);
    client
        .batch_execute("begin; lock table sms_history in access exclusive mode")
        .await
        .unwrap();
    let text = inbound(1, STRANGER, FIRM, "Do you hear me?");
    let waited = tokio::time::timeout(Duration::from_secs(1), stage.signed(TOKEN, MESSAGES, &text)).await;
    assert!(waited.is_err(), "nothing is acknowledged that is not kept");
    client.batch_execute("rollback").await.unwrap();
    driver.abort();
    thanked(&stage.signed(TOKEN, MESSAGES, &text).await);
    assert_eq!(stage.stored("inbound").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_text_while_the_server_of_the_database_is_away_is_kept_when_it_comes_again() {
    let stage = Stage::set(TestDatabase::postgres().await).await;
    let mut elsewhere = stage.firm.database().server().unwrap();
    let name = elsewhere.get_dbname().unwrap().to_owned();
    elsewhere.dbname("postgres");
    let (client, connection) = elsewhere.connect(tokio_postgres::NoTls).await.unwrap();
    let driver = tokio::spawn(connection);
    let away = format!(
        "alter database {name} allow_connections false; \
        select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'"
    );
    for statement in away.split("; ") {
        client.batch_execute(statement.trim()).await.unwrap();
    }
    comes_again(&stage, async move {
        client
            .batch_execute(&format!("alter database {name} allow_connections true"))
            .await
            .unwrap();
        driver.abort();
    })
    .await;
}

struct Pragma(&'static str);

impl casewire_store::Act for Pragma {
    type Out = ();
    type Error = casewire_store::StoreError;
    async fn run(&self, tx: &mut casewire_store::Tx) -> Result<(), Self::Error> {
        tx.rows(self.0, &[]).await.map(drop)
    }
}

/// The only part there is.
struct PartOf;

impl casewire_store::Act for PartOf {
    type Out = casewire_core::id::PartId;
    type Error = casewire_store::StoreError;
    async fn run(&self, tx: &mut casewire_store::Tx) -> Result<Self::Out, Self::Error> {
        tx.row("select id from sms_parts", &[]).await?.unwrap().columns().id()
    }
}
