//! A firm at work on its texts, without a carrier between: texts arrive by the act that the webhook calls, people act by the API.
//! Jane is a witness in the cases 123 and 456, Mark an adjuster in 123 alone, Quinn the client of 789, which only those with all
//! cases reach; Lena is a lead.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests fail by panicking")]

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use casewire::auth::secret::BearerSecret;
use casewire::ops::create_token::CreateToken;
use casewire::ops::receive_text::ReceiveText;
use casewire::state::{App, Carriers};
use casewire_carriers::carrier::ProviderId;
use casewire_carriers::twilio::webhook::{InboundText, Media};
use casewire_core::id::{CaseId, Id as _, UserId};
use casewire_core::messaging::claims::StandingKind;
use casewire_core::phone::Address;
use casewire_core::view::Direction;
use casewire_store::conversations::{self, ConversationKey, ItemKind, NewItem};
use casewire_store::messages::{self, NewText};
use casewire_store::testing::TestDatabase;
use casewire_store::{Act, Store, StoreError, Tx, Value as Stored, mint};
use serde_json::{Value, json};

use crate::case_contacts::{case, contact, link};
use crate::support::{ACCOUNT, Answer, Client, Firm};

pub const JANE: &str = "+12125550123";
pub const MARK: &str = "+12125550145";
pub const QUINN: &str = "+12125550150";
pub const LENA: &str = "+12125550160";
pub const STRANGER: &str = "+12125550177";

pub const AGENT: &str = "Agent Specialist";
pub const PARALEGAL: &str = "Paralegal";
pub const ATTORNEY: &str = "Attorney";
pub const SUPERVISOR: &str = "Supervisor";
pub const MANAGER: &str = "Manager";
pub const ADMIN: &str = "Firm Admin";
pub const COMPLIANCE: &str = "Compliance Officer";

/// The firm and its people.
pub struct Desk {
    pub firm: Firm,
    pub jane: Value,
    pub mark: Value,
    pub quinn: Value,
    pub lena: Value,
    pub lead: Value,
    /// Jane's link to 123.
    pub jane_in_123: Value,
    clients: BTreeMap<&'static str, Client>,
    sids: AtomicU32,
}

impl Desk {
    pub async fn open(db: TestDatabase) -> Self {
        Self::of(Firm::start(db).await).await
    }

    /// The same for a firm that stands already.
    pub async fn of(mut firm: Firm) -> Self {
        for word in ["Jane Quill", "Mark Quill", "Quinn Quill", "Lena Quill"] {
            firm.keep_out_of_logs(word);
        }
        case(&firm, "123").await;
        case(&firm, "456").await;
        let jane = contact(&firm, "Jane Quill", &[JANE]).await;
        let mark = contact(&firm, "Mark Quill", &[MARK]).await;
        let quinn = contact(&firm, "Quinn Quill", &[QUINN]).await;
        let lena = contact(&firm, "Lena Quill", &[LENA]).await;
        let body = json!({"mycase_case_id": "789", "name": "Matter 789", "client_contact_id": quinn});
        firm.user(MANAGER).post("/api/cases/", body).await.ok();
        let jane_in_123 = link(&firm, "123", &jane, "Witness").await;
        link(&firm, "456", &jane, "Expert Witness").await;
        link(&firm, "123", &mark, "Adjuster").await;
        let lead = firm.user(AGENT).post("/api/leads/", json!({"contact_id": lena})).await.ok()["id"].clone();
        let clients = firm.users().map(|(role, client)| (role, client.clone())).collect();
        Self {
            firm,
            jane,
            mark,
            quinn,
            lena,
            lead,
            jane_in_123,
            clients,
            sids: AtomicU32::new(1),
        }
    }

    /// A text arrives a second later; its id.
    pub async fn arrives(&self, from: &str, body: &str) -> String {
        self.arrives_with(from, body, Vec::new()).await
    }

    /// The same with attachments.
    pub async fn arrives_with(&self, from: &str, body: &str, media: Vec<Media>) -> String {
        self.firm.advance(Duration::from_secs(1));
        let sid = format!("SM{:032x}", self.sids.fetch_add(1, Ordering::Relaxed));
        let text = InboundText {
            provider_id: ProviderId::from(sid.as_str()),
            account: ACCOUNT.to_owned(),
            from: Address::read(from),
            to: self.firm.number_e164.clone(),
            body: body.to_owned(),
            media,
            segments: None,
            keyword: None,
            extra: BTreeMap::new(),
        };
        let act = ReceiveText {
            tenant: self.firm.tenant,
            number_id: self.firm.number,
            text,
            now: self.firm.now(),
        };
        self.firm
            .store()
            .write(self.firm.organization(), act)
            .await
            .unwrap()
            .message_id
            .to_string()
    }

    /// A row from before case contacts: of a case and a number, a second later; its id.
    pub async fn old_row(&self, case: &str, from: &str, body: &str) -> String {
        self.firm.advance(Duration::from_secs(1));
        let id = self.as_user(MANAGER).get(&format!("/api/cases/{case}")).await.ok()["id"]
            .as_str()
            .unwrap()
            .to_owned();
        let row = OldRow {
            desk: (self.firm.tenant, self.firm.now()),
            case: (case.to_owned(), id.parse().unwrap()),
            from: from.to_owned(),
            body: body.to_owned(),
        };
        self.firm.store().write(self.firm.organization(), row).await.unwrap()
    }

    /// The user with that role, by a token that holds.
    #[track_caller]
    pub fn as_user(&self, role: &str) -> &Client {
        self.clients.get(role).unwrap_or_else(|| panic!("no user has the role {role}"))
    }

    /// A fresh token, as after a reactivation.
    pub async fn sign_in_again(&mut self, role: &'static str) {
        let client = self.another_token(self.firm.user_id(role)).await;
        self.clients.insert(role, client);
    }

    pub async fn another_token(&self, user: UserId) -> Client {
        let secret = BearerSecret::for_program().unwrap();
        let act = CreateToken::new(
            self.firm.tenant,
            user,
            &secret,
            "again",
            Duration::from_secs(86_400 * 365),
            self.firm.now(),
        );
        self.firm.store().write(self.firm.organization(), act).await.unwrap();
        Client::by_token(self.firm.service.clone(), user, secret.expose())
    }

    /// The user with that role at another node on the same database; on SQLite there is one node.
    pub async fn at_another_node(&self, role: &str) -> Client {
        let user = self.as_user(role);
        let database = self.firm.database();
        if database.server().is_none() {
            return user.clone();
        }
        let mut options = database.options();
        options.clock = self.firm.clock.reading();
        let store = Store::open(options).await.unwrap();
        let app = App::new(self.firm.app.config.clone(), store, self.firm.clock.clone(), Carriers::default());
        Client::by_token(casewire::api::service(&app), self.firm.user_id(role), user.token())
    }

    /// Does something with a text.
    pub async fn act(&self, role: &str, message: &str, verb: &str, body: Value) -> Answer {
        self.as_user(role)
            .post(&format!("/api/omnichannel/messages/{message}/{verb}/"), body)
            .await
    }

    /// What a list of conversations holds.
    pub async fn list(&self, role: &str, query: &str) -> Vec<Value> {
        let answer = self
            .as_user(role)
            .get(&format!("/api/omnichannel/conversations/?{query}"))
            .await
            .ok();
        answer["items"].as_array().unwrap().clone()
    }

    /// The names that a list of conversations shows.
    pub async fn names(&self, role: &str, query: &str) -> Vec<String> {
        let list = self.list(role, query).await;
        list.iter()
            .map(|conversation| text(&conversation["person"]["display_name"]))
            .collect()
    }

    /// The texts of a conversation, the latest first.
    pub async fn texts(&self, role: &str, conversation: &Value, query: &str) -> Vec<Value> {
        let path = format!(
            "/api/omnichannel/conversations/{}/items/?limit=200&{query}",
            conversation["id"].as_str().unwrap()
        );
        let items = self.as_user(role).get(&path).await.ok();
        items["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["message"].clone())
            .collect()
    }

    /// The ids of the texts in all conversations of a list, each with the number of its case or "".
    pub async fn standing(&self, role: &str, query: &str, items: &str) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for conversation in self.list(role, &format!("limit=200&{query}")).await {
            for message in self.texts(role, &conversation, items).await {
                found.push((text(&conversation["mycase_case_id"]), text(&message["id"])));
            }
        }
        found.sort();
        found
    }

    /// The cases, by number, in whose conversations somebody finds a text.
    pub async fn found_in(&self, role: &str, message: &str) -> Vec<String> {
        let all = self.standing(role, "view=all", "").await;
        all.into_iter().filter(|(_, id)| id == message).map(|(case, _)| case).collect()
    }

    /// Assigns exactly these to a case.
    pub async fn assign(&self, case: &str, roles: &[&str]) {
        let users: Vec<_> = roles.iter().map(|role| self.firm.user_id(role).to_string()).collect();
        let answer = self
            .as_user(ADMIN)
            .patch(&format!("/api/cases/{case}"), json!({"assigned_user_ids": users}))
            .await;
        assert!(answer.status.is_success(), "{}", answer.text());
    }

    /// Activates or deactivates a user.
    pub async fn set_active(&mut self, role: &'static str, active: bool) {
        let path = format!("/api/users/{}", self.firm.user_id(role));
        self.as_user(ADMIN).patch(&path, json!({"is_active": active})).await.ok();
        if active {
            self.sign_in_again(role).await;
        }
    }

    /// How many orphans the Firm Admin is told of.
    pub async fn orphans(&self) -> u64 {
        self.as_user(ADMIN).get("/api/me").await.ok()["orphans"].as_u64().unwrap()
    }

    /// Runs a statement beside the program, as no act would.
    pub async fn sql(&self, sql: &'static str, values: Vec<Stored>) {
        self.firm
            .store()
            .write(self.firm.organization(), Statement(sql, values))
            .await
            .unwrap();
    }

    /// The first column of every row, as text.
    pub async fn column(&self, sql: &'static str, values: Vec<Stored>) -> Vec<String> {
        self.firm.store().read(FirstColumn(sql, values)).await.unwrap()
    }
}

/// A text out of JSON; empty where it is null.
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

struct Statement(&'static str, Vec<Stored>);

impl Act for Statement {
    type Out = ();
    type Error = StoreError;
    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        tx.execute(self.0, &self.1).await.map(drop)
    }
}

struct FirstColumn(&'static str, Vec<Stored>);

impl Act for FirstColumn {
    type Out = Vec<String>;
    type Error = StoreError;
    async fn run(&self, tx: &mut Tx) -> Result<Vec<String>, StoreError> {
        tx.rows(self.0, &self.1).await?.iter().map(|row| row.columns().text()).collect()
    }
}

struct OldRow {
    desk: (casewire_core::access::Tenant, casewire_core::time::Timestamp),
    case: (String, CaseId),
    from: String,
    body: String,
}

impl Act for OldRow {
    type Out = String;
    type Error = StoreError;
    async fn run(&self, tx: &mut Tx) -> Result<String, StoreError> {
        let ((tenant, at), peer) = (self.desk, Address::read(&self.from));
        let conversation = conversations::ensure(tx, tenant, &ConversationKey::in_case(self.case.1, None, &peer), at).await?;
        let row = NewText {
            id: mint(),
            conversation_id: Some(conversation),
            direction: Direction::Inbound,
            standing: StandingKind::Routed,
            case: Some(self.case.clone()),
            contact_id: None,
            case_contact_id: None,
            contact_role_name: None,
            lead_id: None,
            peer,
            number_id: None,
            body: self.body.clone(),
            media: Vec::new(),
            at,
            created_at: at,
            provider_id: None,
            rule: None,
            receipt: None,
            sent_by: None,
            in_reply_to: None,
            is_clarifying: false,
            state: None,
            keyword: None,
        };
        messages::insert(tx, tenant, &row).await?;
        let item = NewItem {
            item_id: row.id.uuid(),
            kind: ItemKind::Text,
            at,
            direction: Direction::Inbound,
            text: &row.body,
            unclaimed: 0,
        };
        conversations::place(tx, tenant, conversation, item).await?;
        Ok(row.id.to_string())
    }
}
