//! What a route is tried on: the desk's firm, with a fresh subject for each request, so that what one role did changes nothing for
//! the next.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use std::sync::atomic::{AtomicU32, Ordering};

use casewire_store::testing::TestDatabase;
use serde_json::{Value, json};

use super::policy::{Need, ROUTES, Route, Subject};
use crate::inbox::desk::{ADMIN, ATTORNEY, Desk, JANE, MANAGER, MARK, text};
use crate::support::{Answer, Client};

pub struct Scene {
    pub desk: Desk,
    /// Somebody whom nobody else in the tests is: to be kept out of cases.
    outsider: String,
    role: String,
    count: AtomicU32,
}

/// A path and a body, ready to be sent.
pub struct Request {
    path: String,
    body: Option<String>,
}

impl Scene {
    pub async fn set(db: TestDatabase) -> Self {
        let desk = Desk::open(db).await;
        let new = json!({"email": "outsider@firm.example", "name": "Out Sider", "password": "correct horse battery"});
        let outsider = text(&desk.as_user(ADMIN).post("/api/users", new).await.ok()["id"]);
        let role = text(&crate::case_contacts::role(&desk.firm, "Other").await);
        Self {
            desk,
            outsider,
            role,
            count: AtomicU32::new(1),
        }
    }

    fn next(&self) -> u32 {
        self.count.fetch_add(1, Ordering::Relaxed)
    }

    /// A request for this route on a fresh subject.
    pub async fn request(&self, route: &Route) -> Request {
        let ids = self.make(route.subject).await;
        self.filled(route, ids)
    }

    /// The same where nothing of the subject is in another case than 123.
    pub async fn request_of_the_case_alone(&self, route: &Route) -> Request {
        let ids = if [Subject::Unclaimed, Subject::Claimed].contains(&route.subject) {
            vec![("{id}", self.desk.arrives(MARK, "A text").await)]
        } else {
            self.make(route.subject).await
        };
        self.filled(route, ids)
    }

    fn filled(&self, route: &Route, ids: Vec<(&'static str, String)>) -> Request {
        let mut all = ids;
        all.push(("{name}", "volumes".to_owned()));
        all.push(("{mycase_case_id}", "123".to_owned()));
        all.push(("{user_id}", self.outsider.clone()));
        all.push(("{team}", self.desk.firm.team.to_string()));
        all.push(("{role}", self.role.clone()));
        all.push(("{n}", self.next().to_string()));
        let fill = |template: &str| {
            all.iter()
                .fold(template.to_owned(), |text, (name, value)| text.replace(name, value))
        };
        let path = fill(&format!("{}{}", route.path, route.query()));
        assert!(!path.contains('{'), "{path}");
        Request {
            path,
            body: (!route.body.is_empty()).then(|| fill(route.body)),
        }
    }

    pub async fn ask(&self, who: &Client, route: &Route, request: &Request) -> Answer {
        who.send(route.method.parse().unwrap(), &request.path, request.body.clone().map(Into::into))
            .await
    }

    /// Makes a subject; its ids by the names of placeholders.
    async fn make(&self, subject: Subject) -> Vec<(&'static str, String)> {
        let (desk, admin, attorney) = (&self.desk, self.desk.as_user(ADMIN), self.desk.as_user(ATTORNEY));
        let id = |answer: &Value| vec![("{id}", text(&answer["id"]))];
        match subject {
            Subject::NoMore | Subject::FreshToken => Vec::new(),
            Subject::User => vec![("{id}", self.outsider.clone())],
            Subject::Team => vec![("{id}", desk.firm.team.to_string())],
            Subject::Number => vec![("{id}", desk.firm.number.to_string())],
            Subject::OwnRole => id(&self.own_role().await),
            Subject::OwnContactRole => id(&admin
                .post("/api/contact-roles", json!({"name": format!("Own {}", self.next())}))
                .await
                .ok()),
            Subject::Contact => vec![("{id}", text(&desk.mark)), ("{contact}", text(&desk.mark))],
            Subject::FreshContact => {
                let contact = text(&attorney.post("/api/contacts", json!({"name": "Fresh Person"})).await.ok()["id"]);
                vec![("{id}", contact.clone()), ("{contact}", contact)]
            }
            Subject::Phone => {
                let body = json!({"name": "Fresh Person", "phones": [{"number": "+12125550190"}, {"number": "+12125550191"}]});
                let contact = attorney.post("/api/contacts", body).await.ok();
                vec![("{id}", text(&contact["id"])), ("{phone_id}", text(&contact["phones"][1]["id"]))]
            }
            Subject::Link => {
                let body = json!({"contact": {"name": "Linked Person"}, "contact_role_id": self.role});
                id(&self.linker().await.post("/api/cases/123/contacts", body).await.ok())
            }
            Subject::Wall | Subject::NoWall => self.wall(subject).await,
            Subject::Lead => vec![("{id}", text(&desk.lead))],
            Subject::CaseConversation => {
                desk.arrives(MARK, "A text").await;
                id(&self.conversation_of_mark().await)
            }
            Subject::Unclaimed => vec![("{id}", desk.arrives(JANE, "A text").await)],
            Subject::Claimed => {
                let message = desk.arrives(JANE, "A text").await;
                desk.act(ATTORNEY, &message, "claim", json!({"case_id": "123"})).await.ok();
                vec![("{id}", message)]
            }
            Subject::Routed => vec![("{id}", desk.arrives(MARK, "A text").await)],
            Subject::Document => vec![("{id}", self.document(&format!("Behind the wall {}.txt", self.next())).await)],
            Subject::Attached => {
                let sent = self.attached().await;
                vec![("{id}", text(&sent["id"])), ("{position}", "0".to_owned())]
            }
            Subject::Task => {
                let body = json!({"what": "Behind the wall", "due": {"on": "2027-01-04"}, "case_id": "123"});
                id(&self.linker().await.post("/api/tasks", body).await.ok())
            }
            Subject::Export => id(&self.linker().await.post("/api/cases/123/exports", json!({})).await.ok()),
            Subject::Sent => {
                let body = json!({"case_id": "123", "contact_id": desk.mark, "body": "Hello"});
                id(&self.linker().await.post("/api/omnichannel/messages", body).await.ok())
            }
            Subject::LiveCall => self.call_of_mark().await,
        }
    }

    /// A role of the firm's own that grants nothing.
    async fn own_role(&self) -> Value {
        let levels = json!({"case_contacts": 0, "sms": 0, "calls": 0, "audit": 0, "settings": 0});
        let body = json!({"name": format!("Own {}", self.next()), "case_scope": "none", "levels": levels});
        self.desk.as_user(ADMIN).post("/api/roles", body).await.ok()
    }

    /// A text of the case 123 with a document attached.
    async fn attached(&self) -> Value {
        let document = self.document("Behind the wall.txt").await;
        let body = json!({"case_id": "123", "contact_id": self.desk.mark, "body": "Hello", "media": [{"document_id": document}]});
        self.linker().await.post("/api/omnichannel/messages", body).await.ok()
    }

    /// A document of the case 123.
    async fn document(&self, name: &str) -> String {
        let path = format!("/api/documents?case_id=123&name={}", name.replace(' ', "%20"));
        let body = format!("What stands in {name}");
        let user = self.linker().await.with("content-type", "application/octet-stream");
        text(&user.send(axum::http::Method::POST, &path, Some(body.into())).await.ok()["id"])
    }

    /// Somebody who reaches the case 123 whatever walls there are just now.
    async fn linker(&self) -> &Client {
        for who in [ATTORNEY, MANAGER] {
            let user = self.desk.as_user(who);
            if user.get("/api/cases/123").await.status.is_success() {
                return user;
            }
        }
        unreachable!("both are kept from the case 123")
    }

    /// A wall between the outsider and the case 123, or none.
    async fn wall(&self, subject: Subject) -> Vec<(&'static str, String)> {
        let admin = self.desk.as_user(ADMIN);
        admin.delete(&format!("/api/cases/123/walls/{}", self.outsider)).await;
        if subject == Subject::Wall {
            admin.post("/api/cases/123/walls", json!({"user_id": self.outsider})).await.ok();
        }
        Vec::new()
    }

    /// Somebody talks to Mark, and it is recorded.
    async fn call_of_mark(&self) -> Vec<(&'static str, String)> {
        let agent = self.linker().await;
        let recording = json!({"calls": {"recording": {"mode": "on", "consent_ack": true}}});
        self.desk.as_user(ADMIN).patch("/api/settings", recording).await.ok();
        for before in agent.get("/api/calls/?view=mine").await.ok()["items"].as_array().unwrap() {
            agent
                .patch(&format!("/api/calls/{}", text(&before["id"])), json!({"act": "hang_up"}))
                .await;
        }
        let user = agent.user.unwrap();
        let body = json!({"case_id": "123", "contact_id": self.desk.mark});
        let call = crate::calls::floor::talking(&self.desk.firm, agent, user, body).await;
        let list = agent.get(&format!("/api/calls/{call}/recordings")).await.ok();
        vec![("{id}", call), ("{recording_id}", text(&list["items"][0]["id"]))]
    }

    async fn conversation_of_mark(&self) -> Value {
        let path = format!("/api/omnichannel/conversations/?case_id=123&contact_id={}", text(&self.desk.mark));
        self.linker().await.get(&path).await.ok()["items"][0].clone()
    }

    /// Every list that there is, as a user may ask for it: whatever the route table has to read without naming anything, so that a
    /// new one is in it by itself, and those with filters, searches and names.
    pub fn lists(&self) -> Vec<String> {
        let mut lists = self.filtered_lists();
        let plain = ROUTES.iter().filter(|route| {
            // The audit names what its reader asked for in vain by the id that the reader named; it has tests of its own.
            let is_elsewhere = route.path.starts_with("/ws/") || route.path.starts_with("/api/audit");
            route.method == "GET" && route.need != Need::Anybody && !route.path.contains('{') && !is_elsewhere
        });
        lists.extend(plain.map(|route| route.path.to_owned()));
        for report in [
            "logged",
            "volumes",
            "roles",
            "responses",
            "claims",
            "unclaimed",
            "calls",
            "last_contact",
            "failures",
        ] {
            lists.push(format!("/api/reports/{report}"));
            lists.push(format!("/api/reports/{report}?format=csv"));
        }
        lists
    }

    fn filtered_lists(&self) -> Vec<String> {
        let mut lists: Vec<String> = ["all", "unclaimed", "dismissed", "attention", "unknown"]
            .iter()
            .map(|view| format!("/api/omnichannel/conversations/?limit=200&view={view}"))
            .collect();
        lists.extend(
            [
                "/api/cases/?limit=200",
                "/api/cases/?q=123",
                "/api/cases/?q=matter",
                "/api/contacts/?limit=200",
                "/api/contacts/?q=quill",
                "/api/contacts/?q=5550145",
                "/api/leads/?limit=200",
                "/api/calls/?limit=200",
                "/api/calls/?view=live",
                "/api/calls/?view=missed",
                "/api/agents",
                "/api/cases/123/communications?limit=200",
                "/api/cases/456/communications?limit=200",
                "/api/search/?q=behind",
                "/api/search/?q=quill",
                "/api/search/?q=matter",
                "/api/search/?q=own",
                "/api/search/?q=5550145",
                "/api/me",
                "/api/tasks/?limit=200",
                "/api/tasks/?status=done",
                "/api/tasks/?status=overdue&assignee=me",
            ]
            .map(str::to_owned),
        );
        for contact in [&self.desk.mark, &self.desk.jane] {
            lists.push(format!("/api/omnichannel/conversations/?contact_id={}", text(contact)));
            lists.push(format!("/api/contacts/{}", text(contact)));
        }
        lists.push(format!("/api/omnichannel/conversations/?lead_id={}", text(&self.desk.lead)));
        lists
    }

    /// All that a user finds in all lists and in the conversations that these name, as one text.
    pub async fn everything(&self, who: &str) -> String {
        let mut everything = String::new();
        let mut conversations = std::collections::BTreeSet::new();
        for list in self.lists() {
            let answer = self.desk.as_user(who).get(&list).await;
            everything.push_str(&answer.text());
            if list.starts_with("/api/omnichannel") && answer.status.is_success() {
                conversations.extend(
                    answer.ok()["items"]
                        .as_array()
                        .into_iter()
                        .flatten()
                        .map(|conversation| text(&conversation["id"])),
                );
            }
        }
        for conversation in conversations {
            let path = format!("/api/omnichannel/conversations/{conversation}/items/?limit=200&dismissed=true");
            everything.push_str(&self.desk.as_user(who).get(&path).await.text());
        }
        everything
    }

    /// What is of the case 123 alone: its id and name, its conversations, who is known from it alone, what they wrote.
    pub async fn of_the_case(&self) -> Vec<String> {
        let manager = self.desk.as_user(MANAGER);
        let case = manager.get("/api/cases/123").await.ok();
        let mut words = vec![
            text(&case["id"]),
            "Matter 123".to_owned(),
            "Mark Quill".to_owned(),
            text(&self.desk.mark),
            "Behind the wall".to_owned(),
        ];
        let list = manager.get("/api/omnichannel/conversations/?case_id=123").await.ok();
        words.extend(
            list["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|conversation| text(&conversation["id"])),
        );
        words
    }

    /// Ids and names that are this organization's alone.
    pub async fn ours(&self) -> Vec<String> {
        self.desk.arrives(MARK, "Our own words").await;
        let mut words = self.of_the_case().await;
        words.retain(|word| word != "Behind the wall" && word != "Matter 123");
        words.extend(["Jane Quill", "Our own words", "Out Sider", "+12125550145"].map(str::to_owned));
        words.extend([&self.desk.jane, &self.desk.lead, &self.desk.quinn].map(text));
        words.push(self.desk.firm.organization().to_string());
        words.extend(
            self.desk
                .firm
                .users()
                .filter_map(|(_, client)| client.user)
                .map(|user| user.to_string()),
        );
        words
    }
}
