//! `apply(old snapshot, events) == fresh snapshot`, for every act and every role: what a client keeps by events is what it would
//! read anew. The reader's side is in `reducer`; what a manager was told by each act is kept in `data/events/`, where the reducer
//! of the web client must come to the same end. After a wanted change: `UPDATE_SNAPSHOTS=1 cargo nextest run -p casewire replay`.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests fail by panicking")]

mod calls;
mod fixture;
mod reducer;

use std::collections::BTreeMap;

use axum::Router;
use casewire::ops::hand_over::{FinishHandOver, StartHandOver};
use casewire::ops::text_status::TextStatusChanged;
use casewire_carriers::carrier::{Doubt, HandOver, ProviderId};
use casewire_core::event::{Audience, Event, NewEvent};
use casewire_core::id::PartId;
use casewire_core::messaging::delivery::DeliveryState;
use casewire_store::{Act, StoreError, Tx, on_both_engines};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;

use self::fixture::Recorder;
use self::reducer::{Reader, Told};
use crate::inbox::desk::{ADMIN, AGENT, ATTORNEY, Desk, JANE, LENA, MANAGER, MARK, PARALEGAL, QUINN, STRANGER, text};
use crate::live::house::Client as Socket;
use crate::support::ACCOUNT;

/// A firm whose users all have a socket open and keep what they see by its events.
struct Replay {
    desk: Desk,
    readers: BTreeMap<&'static str, (Reader, Socket)>,
    recorder: Recorder,
}

/// Tells everybody something that changes nothing they see: the end of an act.
struct Marker(casewire_core::id::OrganizationId);

impl Act for Marker {
    type Out = ();
    type Error = StoreError;
    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        tx.emit(
            self.0,
            NewEvent {
                audience: Audience::Everyone,
                event: Event::SettingsChanged,
            },
        );
        Ok(())
    }
}

/// The part of a text that went furthest.
struct LastPart;

impl Act for LastPart {
    type Out = PartId;
    type Error = StoreError;
    async fn run(&self, tx: &mut Tx) -> Result<PartId, StoreError> {
        tx.row("select id from sms_parts order by id desc limit 1", &[])
            .await?
            .unwrap()
            .columns()
            .id()
    }
}

impl Replay {
    async fn open(desk: Desk, recorder: Recorder) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().fallback_service(desk.firm.service.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let mut readers = BTreeMap::new();
        for (role, user) in desk.firm.users() {
            let mut request = format!("ws://{address}/ws/omnichannel/").into_client_request().unwrap();
            request
                .headers_mut()
                .insert("authorization", format!("Bearer {}", user.token()).parse().unwrap());
            let (socket, _) = tokio_tungstenite::connect_async(request).await.unwrap();
            let mut socket = Socket { socket };
            socket.hello().await;
            readers.insert(role, (Reader::fresh(user).await, socket));
        }
        Self { desk, readers, recorder }
    }

    /// Ends an act: everybody applies what they were told since, and must see what they would read anew.
    async fn check(&mut self, act: &str) {
        let organization = self.desk.firm.organization();
        self.desk.firm.store().write(organization, Marker(organization)).await.unwrap();
        for (role, (reader, socket)) in &mut self.readers {
            let before = reader.clone();
            let told = told(socket).await;
            let Told { reread, everything } = reader.apply(&told);
            let user = self.desk.as_user(role);
            for conversation in &reread {
                reader.reread(user, conversation).await;
            }
            let fresh = Reader::fresh(user).await;
            if everything {
                *reader = fresh.clone();
            }
            reader.assert_is(&fresh, &format!("{act}, {role}, told {told:#?}"));
            if **role == *MANAGER {
                self.recorder.note(act, &before, &told, &reread, reader);
            }
        }
    }

    /// Everybody reads what is there now, whatever they were told of it: old rows are told to nobody.
    async fn begin_here(&mut self) {
        let organization = self.desk.firm.organization();
        self.desk.firm.store().write(organization, Marker(organization)).await.unwrap();
        for (role, (reader, socket)) in &mut self.readers {
            told(socket).await;
            *reader = Reader::fresh(self.desk.as_user(role)).await;
        }
    }

    async fn arrives(&mut self, from: &str, act: &str) -> String {
        let message = self.desk.arrives(from, &format!("Text of {act}")).await;
        self.check(act).await;
        message
    }

    async fn does(&mut self, who: &str, message: &str, verb: &str, body: Value, act: &str) {
        self.desk.act(who, message, verb, body).await.ok();
        self.check(act).await;
    }

    async fn changes(&mut self, who: &str, method: &str, path: &str, body: Value, act: &str) -> Value {
        let body = (!body.is_null()).then(|| body.to_string().into());
        let answer = self.desk.as_user(who).send(method.parse().unwrap(), path, body).await.ok();
        self.check(act).await;
        answer
    }

    /// The hand-over of the last text, as it ends.
    async fn handed_over(&mut self, outcome: HandOver, act: &str) -> PartId {
        let (tenant, organization, now) = (self.desk.firm.tenant, self.desk.firm.organization(), self.desk.firm.now());
        let store = self.desk.firm.store();
        let part_id = store.read(LastPart).await.unwrap();
        store.write(organization, StartHandOver { tenant, part_id, now }).await.unwrap();
        store
            .write(
                organization,
                FinishHandOver {
                    tenant,
                    part_id,
                    outcome,
                    now,
                },
            )
            .await
            .unwrap();
        self.check(act).await;
        part_id
    }

    async fn status(&mut self, part: PartId, state: DeliveryState, error_code: Option<u32>, act: &str) {
        let organization = self.desk.firm.organization();
        let news = TextStatusChanged {
            organization,
            part: Some(part),
            account_sid: ACCOUNT.to_owned(),
            provider_id: format!("SM{part}"),
            state,
            error_code,
            now: self.desk.firm.now(),
        };
        self.desk.firm.store().write(organization, news).await.unwrap();
        self.check(act).await;
    }
}

/// The events up to the marker; frames about the stream are left out.
async fn told(socket: &mut Socket) -> Vec<Value> {
    let mut told = Vec::new();
    loop {
        let frame = socket.next().await.unwrap_or_else(|code| panic!("closed with {code}"));
        match frame["type"].as_str().unwrap() {
            "settings_changed" => return told,
            "head" => {}
            _ => told.push(frame),
        }
    }
}

fn accepted(part: &str) -> HandOver {
    HandOver::Accepted {
        provider_id: ProviderId::from(part),
        state: DeliveryState::Accepted,
    }
}

on_both_engines! {
    async fn texts_that_arrive_are_offered_hidden_claimed_released_and_moved(db: TestDatabase) {
        let recorder = Recorder::on(&db);
        let mut replay = Replay::open(Desk::open(db).await, recorder).await;
        replay.arrives(MARK, "a text is routed to the only case").await;
        let first = replay.arrives(JANE, "a text is offered to two cases").await;
        replay.arrives(LENA, "a lead writes").await;
        let stranger = replay.arrives(STRANGER, "a stranger writes").await;
        let second = replay.arrives(JANE, "a second text is offered").await;
        replay.does(AGENT, &first, "dismiss", json!({"case_id": "123"}), "one hides a text in one case").await;
        replay.does(AGENT, &first, "undismiss", json!({}), "one brings a text back").await;
        replay.does(AGENT, &first, "dismiss", json!({}), "one hides a text in every case").await;
        replay.does(AGENT, &stranger, "dismiss", json!({}), "one hides a stranger").await;
        replay.does(MANAGER, &first, "dismiss", json!({"case_id": "456"}), "a manager hides a text").await;
        replay.does(PARALEGAL, &first, "claim", json!({"case_id": "123"}), "a text is claimed").await;
        let claimer = format!("/api/users/{}", replay.desk.firm.user_id(PARALEGAL));
        replay.changes(ADMIN, "PATCH", &claimer, json!({"name": "Petra Renamed"}), "who claimed a text is renamed").await;
        replay.does(ATTORNEY, &first, "release", json!({}), "a claimed text is released").await;
        for who in [PARALEGAL, ATTORNEY] {
            replay.does(who, &first, "dismiss", json!({}), &format!("{} hides the text too", who.to_lowercase())).await;
        }
        assert!(!replay.desk.list(MANAGER, "view=attention").await.is_empty());
        replay.does(PARALEGAL, &first, "undismiss", json!({"case_id": "123"}), "a text needs no attention any more").await;
        replay.does(PARALEGAL, &first, "dismiss", json!({"case_id": "123"}), "a text needs attention again").await;
        replay.does(ATTORNEY, &second, "claim", json!({"case_id": "456", "scope": "sender"}), "all of a sender are claimed").await;
        replay.does(PARALEGAL, &first, "release", json!({}), "a text that all had hidden is released").await;
        replay.does(ATTORNEY, &second, "move", json!({"case_id": "789"}), "a text is moved to a case that few reach").await;
        let to = json!({"case_id": "123", "contact_id": replay.desk.mark});
        replay.does(AGENT, &stranger, "move", to, "a stranger turns out to be somebody on a case").await;
        let third = replay.arrives(STRANGER, "the stranger writes again").await;
        let lead = json!({"lead_id": replay.desk.lead});
        replay.does(AGENT, &third, "move", lead, "a stranger turns out to be a lead").await;
        replay.recorder.finish();
    }

    async fn texts_that_are_written_go_their_way(db: TestDatabase) {
        let recorder = Recorder::on(&db);
        let mut replay = Replay::open(Desk::open(db).await, recorder).await;
        let unclaimed = replay.arrives(JANE, "a text waits").await;
        let send = "/api/omnichannel/messages";
        let to_mark = json!({"case_id": "123", "contact_id": replay.desk.mark, "body": "We have a question"});
        replay.changes(AGENT, "POST", send, to_mark.clone(), "a text is written").await;
        let part = replay.desk.firm.store().read(LastPart).await.unwrap();
        let part = replay.handed_over(accepted(&format!("SM{part}")), "the carrier takes a text").await;
        replay.status(part, DeliveryState::Sent, None, "a text is sent").await;
        replay.status(part, DeliveryState::Delivered, None, "a text is delivered").await;
        replay.changes(AGENT, "POST", send, to_mark.clone(), "another text is written").await;
        let part = replay.desk.firm.store().read(LastPart).await.unwrap();
        let part = replay.handed_over(accepted(&format!("SM{part}")), "the carrier takes another text").await;
        replay.status(part, DeliveryState::Undelivered, Some(30003), "a text is not delivered").await;
        replay.changes(AGENT, "POST", send, to_mark, "a third text is written").await;
        replay.handed_over(HandOver::Unknown(Doubt::TimedOut), "nobody knows whether the carrier took a text").await;
        let reply = json!({"case_id": "456", "in_reply_to": unclaimed, "body": "Which matter is it about?"});
        replay.changes(PARALEGAL, "POST", send, reply, "an unclaimed text is answered").await;
        let to_lead = json!({"lead_id": replay.desk.lead, "body": "How can we help?"});
        replay.changes(ATTORNEY, "POST", send, to_lead, "a lead is written to").await;
        let writer = format!("/api/users/{}", replay.desk.firm.user_id(AGENT));
        replay.changes(ADMIN, "PATCH", &writer, json!({"name": "Anna Renamed"}), "who wrote texts is renamed").await;
        replay.recorder.finish();
    }

    async fn people_change_and_their_conversations_with_them(db: TestDatabase) {
        let recorder = Recorder::on(&db);
        let mut replay = Replay::open(Desk::open(db).await, recorder).await;
        for from in [MARK, JANE, LENA, STRANGER, QUINN] {
            replay.desk.arrives(from, "Hello").await;
        }
        replay.desk.old_row("123", "+12125550178", "From before").await;
        replay.begin_here().await;
        let (jane, mark, lena, quinn) = (text(&replay.desk.jane), text(&replay.desk.mark), text(&replay.desk.lena), text(&replay.desk.quinn));
        let other = crate::case_contacts::role(&replay.desk.firm, "Other").await;
        let link = format!("/api/cases/123/contacts/{}", text(&replay.desk.jane_in_123));
        replay.changes(AGENT, "PATCH", &format!("/api/contacts/{mark}"), json!({"name": "Mark Renamed"}), "a contact is renamed").await;
        replay.changes(AGENT, "PATCH", &format!("/api/contacts/{lena}"), json!({"name": "Lena Renamed"}), "a lead is renamed").await;
        replay.changes(AGENT, "PATCH", &link, json!({"contact_role_id": other}), "a contact has another role in a case").await;
        let phone = json!({"number": "+12125550146", "is_primary": true});
        replay.changes(AGENT, "POST", &format!("/api/contacts/{mark}/phones"), phone, "a contact has another primary number").await;
        let holder = json!({"name": "Nina Holder", "phones": [{"number": STRANGER}, {"number": "+12125550178"}]});
        let holder = replay.changes(AGENT, "POST", "/api/contacts", holder, "the number of a stranger becomes known").await;
        let path = format!("/api/contacts/{}", text(&holder["id"]));
        replay.changes(AGENT, "PATCH", &path, json!({"name": "Nina Renamed"}), "the holder of that number is renamed").await;
        let second = json!({"name": "Norbert Holder", "phones": [{"number": STRANGER}]});
        replay.changes(AGENT, "POST", "/api/contacts", second, "two hold the number").await;
        replay.changes(ATTORNEY, "DELETE", &format!("{path}/phones/{}", text(&holder["phones"][0]["id"])), Value::Null, "one holds the number again").await;
        let added = json!({"contact_id": lena, "contact_role_id": other});
        replay.changes(AGENT, "POST", "/api/cases/456/contacts", added, "a contact is added to a case").await;
        replay.arrives(LENA, "somebody just added writes").await;
        replay.changes(ATTORNEY, "DELETE", &link, Value::Null, "a contact is removed from a case").await;
        replay.changes(ATTORNEY, "PATCH", &format!("/api/contacts/{jane}"), json!({"name": "Jane Renamed"}), "somebody removed is renamed").await;
        let again = json!({"contact_id": jane, "contact_role_id": other});
        replay.changes(ATTORNEY, "POST", "/api/cases/123/contacts", again, "a contact is added again").await;
        replay.changes(MANAGER, "PATCH", "/api/cases/123", json!({"name": "Matter renamed"}), "a case is renamed").await;
        replay.changes(MANAGER, "PATCH", "/api/cases/456", json!({"client_contact_id": quinn}), "a case has another client").await;
        replay.arrives(QUINN, "a client of two cases writes").await;
        replay.changes(MANAGER, "PATCH", "/api/cases/789", json!({"client_contact_id": null}), "a case has no client any more").await;
        replay.changes(MANAGER, "PATCH", "/api/cases/456", json!({"status": "closed"}), "a case is closed").await;
        replay.changes(ADMIN, "POST", "/api/contact-roles", json!({"name": "Bailiff"}), "a role is added").await;
        replay.recorder.finish();
    }

    async fn rights_change_and_everybody_concerned_reads_anew(db: TestDatabase) {
        let mut replay = Replay::open(Desk::open(db).await, Recorder::nowhere()).await;
        let first = replay.arrives(JANE, "a text is offered").await;
        replay.arrives(QUINN, "a text is routed").await;
        let (agent, manager) = (replay.desk.firm.user_id(AGENT).to_string(), replay.desk.firm.user_id(MANAGER).to_string());
        for who in [PARALEGAL, ATTORNEY] {
            replay.does(who, &first, "dismiss", json!({}), "a text is hidden").await;
        }
        replay.changes(ADMIN, "POST", "/api/cases/456/walls", json!({"user_id": agent}), "a wall is built").await;
        replay.changes(ADMIN, "POST", "/api/cases/123/walls", json!({"user_id": agent}), "the last who had not hidden it is kept out").await;
        replay.changes(ADMIN, "DELETE", &format!("/api/cases/123/walls/{agent}"), Value::Null, "a wall is taken down").await;
        replay.changes(ADMIN, "PATCH", "/api/cases/789", json!({"assigned_user_ids": [agent]}), "somebody is assigned").await;
        replay.changes(ADMIN, "POST", "/api/cases/789/walls", json!({"user_id": manager}), "a manager is kept out").await;
        replay.changes(ADMIN, "PATCH", &format!("/api/teams/{}", replay.desk.firm.team), json!({"member_ids": []}), "a team is emptied").await;
    }
}
