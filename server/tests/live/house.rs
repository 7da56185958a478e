//! A law firm with its live hub on a real port: users with roles, cases, walls, events, and clients that connect.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests fail by panicking")]
#![expect(clippy::disallowed_methods, reason = "a test has routes, tenants and time of its own")]

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::{Query, State, WebSocketUpgrade};
use axum::response::Response;
use casewire::clock::Clock;
use casewire::live::hub::Hub;
use casewire::live::reading::ReadHead;
use casewire::live::{Gauges, Means, Tempo, socket};
use casewire_core::access::{Grant, Tenant};
use casewire_core::event::{Audience, Event, NewEvent};
use casewire_core::id::{CaseId, ContactId, ContactRoleId, Id, OrganizationId, RoleId, SessionId, TeamId, UserId};
use casewire_store::testing::TestDatabase;
use casewire_store::{Act, Store, StoreError, Tx, Value, mint};
use futures_util::StreamExt;
use serde_json::Value as Json;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long something may take that should happen at once.
pub const SOON: Duration = Duration::from_secs(10);
/// How long nothing must come.
pub const QUIET: Duration = Duration::from_millis(300);

/// Longer than the tests' sign-ins have been idle.
const IDLE: Duration = Duration::from_secs(3600);

/// Statements run one after the other in one act, and events emitted with them.
pub struct Change {
    pub statements: Vec<(&'static str, Vec<Value>)>,
    pub organization: OrganizationId,
    pub events: Vec<NewEvent>,
}

impl Act for Change {
    type Out = ();
    type Error = StoreError;
    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        for (sql, values) in &self.statements {
            tx.execute(sql, values).await?;
        }
        for event in &self.events {
            tx.emit(self.organization, event.clone());
        }
        Ok(())
    }
}

/// A firm on a database.
pub struct House {
    pub db: TestDatabase,
    pub organization: OrganizationId,
}

/// One node: a hub and a port.
pub struct Node {
    pub means: Means,
    address: SocketAddr,
}

/// A user who is signed in.
#[derive(Clone, Copy, Debug)]
pub struct Reader {
    pub user: UserId,
    pub sign_in: SessionId,
    role: RoleId,
}

pub fn v(value: impl Into<Value>) -> Value {
    value.into()
}

/// Short enough for tests, long enough for a busy machine.
pub fn tempo() -> Tempo {
    Tempo {
        tick: Duration::from_millis(100),
        beat: Duration::from_millis(200),
        send_within: Duration::from_millis(500),
        ..Tempo::default()
    }
}

impl House {
    pub async fn open(db: TestDatabase) -> Self {
        let organization = mint();
        let house = Self { db, organization };
        house
            .change(vec![(
                "insert into organizations (id, name, settings, created_at) values ($1, 'Firm', '{}', 0)",
                vec![v(organization)],
            )])
            .await;
        house
    }

    pub fn tenant(&self) -> Tenant {
        Tenant::of_row(self.organization)
    }

    /// A node on this firm's database.
    pub async fn node(&self, tempo: Tempo) -> Node {
        Node::start(self.db.store().clone(), self.tenant(), tempo).await
    }

    pub async fn change(&self, statements: Vec<(&'static str, Vec<Value>)>) {
        self.change_and_emit(statements, vec![]).await;
    }

    pub async fn change_and_emit(&self, statements: Vec<(&'static str, Vec<Value>)>, events: Vec<NewEvent>) {
        let change = Change {
            statements,
            organization: self.organization,
            events,
        };
        self.db.store().write(self.organization, change).await.unwrap();
    }

    pub async fn team(&self) -> TeamId {
        let team: TeamId = mint();
        let sql = "insert into teams (organization_id, id, name, created_at) values ($1, $2, $3, 0)";
        self.change(vec![(sql, vec![v(self.organization), v(team), v(team.to_string())])])
            .await;
        team
    }

    pub async fn reader(&self, grant: Grant, teams: &[TeamId]) -> Reader {
        let (user, sign_in, role): (UserId, SessionId, RoleId) = (mint(), mint(), mint());
        let org = self.organization;
        let token = sign_in.uuid().as_bytes().to_vec();
        let mut statements = vec![
            (
                "insert into users (organization_id, id, email, name, password_hash, is_active, created_at, updated_at) \
                 values ($1, $2, $3, 'User', '', 1, 0, 0)",
                vec![v(org), v(user), v(user.to_string())],
            ),
            (
                "insert into roles (organization_id, id, name, is_default, case_scope, case_contacts, sms, calls, audit, settings, created_at) \
                 values ($1, $2, $3, 0, $4, $5, $6, $7, $8, $9, 0)",
                vec![
                    v(org),
                    v(role),
                    v(role.to_string()),
                    v(grant.scope.as_str()),
                    v(grant.case_contacts.number()),
                    v(grant.sms.number()),
                    v(grant.calls.number()),
                    v(grant.audit.number()),
                    v(grant.settings.number()),
                ],
            ),
            (
                "insert into role_assignments (organization_id, user_id, role_id) values ($1, $2, $3)",
                vec![v(org), v(user), v(role)],
            ),
            (
                "insert into sign_ins (token_hash, organization_id, id, user_id, kind, label, created_at, seen_at, expires_at) \
                 values ($1, $2, $3, $4, 'session', '', 0, $5, $6)",
                vec![v(token), v(org), v(sign_in), v(user), v(Clock::System.now()), v(i64::MAX / 2)],
            ),
        ];
        for team in teams {
            let sql = "insert into team_members (organization_id, team_id, user_id) values ($1, $2, $3)";
            statements.push((sql, vec![v(org), v(*team), v(user)]));
        }
        self.change(statements).await;
        Reader { user, sign_in, role }
    }

    pub async fn case(&self, team: Option<TeamId>, assigned: &[UserId], walled: &[UserId]) -> CaseId {
        let case: CaseId = mint();
        let org = self.organization;
        let mut statements = vec![(
            "insert into cases (organization_id, id, mycase_case_id, name, search_name, status, client_contact_id, team_id, is_unattended, created_at, updated_at) \
             values ($1, $2, $3, 'Case', 'case', 'open', null, $4, 0, 0, 0)",
            vec![v(org), v(case), v(case.to_string()), v(team)],
        )];
        for user in assigned {
            statements.push((
                "insert into case_users (organization_id, case_id, user_id) values ($1, $2, $3)",
                vec![v(org), v(case), v(*user)],
            ));
        }
        for user in walled {
            statements.push((WALL, vec![v(org), v(case), v(*user)]));
        }
        self.change(statements).await;
        case
    }

    pub async fn contact(&self, client_of: &[CaseId], linked_to: &[CaseId]) -> ContactId {
        let contact: ContactId = mint();
        let org = self.organization;
        let mut statements = vec![(
            "insert into contacts (organization_id, id, external_id, name, search_name, contact_type, created_at, updated_at) \
             values ($1, $2, null, 'C', 'c', 'OTHER', 0, 0)",
            vec![v(org), v(contact)],
        )];
        for case in client_of {
            statements.push((
                "update cases set client_contact_id = $3 where organization_id = $1 and id = $2",
                vec![v(org), v(*case), v(contact)],
            ));
        }
        for case in linked_to {
            statements.push((
                "insert into case_contacts (organization_id, id, mycase_case_id, case_id, contact_id, contact_role_id, created_at, updated_at) \
                 values ($1, $2, $3, $4, $5, (select id from contact_roles where organization_id is null and name = 'Witness'), 0, 0)",
                vec![v(org), v(mint::<casewire_core::id::CaseContactId>()), v(case.to_string()), v(*case), v(contact)],
            ));
        }
        self.change(statements).await;
        contact
    }

    /// Puts a wall up as the API does: with an event.
    pub async fn wall(&self, case: CaseId, user: UserId) {
        let event = NewEvent {
            audience: Audience::Everyone,
            event: Event::AccessChanged { user_id: Some(user) },
        };
        self.change_and_emit(vec![(WALL, vec![v(self.organization), v(case), v(user)])], vec![event])
            .await;
    }

    /// Takes the only role of a user, silently or with an event.
    pub async fn take_role(&self, reader: Reader, events: Vec<NewEvent>) {
        let sql = "delete from role_assignments where organization_id = $1 and user_id = $2 and role_id = $3";
        self.change_and_emit(vec![(sql, vec![v(self.organization), v(reader.user), v(reader.role)])], events)
            .await;
    }

    /// Emits one event to each of the audiences in one act.
    pub async fn emit(&self, audiences: &[Audience]) {
        self.change_and_emit(vec![], audiences.iter().map(|audience| news(*audience)).collect())
            .await;
    }

    pub async fn head(&self) -> i64 {
        self.db.store().read(ReadHead { tenant: self.tenant() }).await.unwrap().last_seq
    }
}

const WALL: &str = "insert into walls (organization_id, case_id, user_id, created_at) values ($1, $2, $3, 0)";

/// An event that changes nobody's rights.
pub fn news(audience: Audience) -> NewEvent {
    NewEvent {
        audience,
        event: Event::ContactRoleRemoved {
            contact_role_id: mint::<ContactRoleId>(),
        },
    }
}

#[derive(Clone)]
struct Door {
    hub: Hub,
    tenant: Tenant,
}

#[derive(serde::Deserialize)]
struct Ask {
    sign_in: SessionId,
    since: Option<i64>,
}

async fn open_door(State(door): State<Door>, Query(ask): Query<Ask>, upgrade: WebSocketUpgrade) -> Response {
    let seat = door.hub.enter(door.tenant).await.unwrap();
    socket::accept(upgrade, seat, ask.sign_in, ask.since)
}

impl Node {
    pub async fn start(store: Store, tenant: Tenant, tempo: Tempo) -> Self {
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let means = Means {
            tempo,
            ..Means::new(store, Clock::System, IDLE, Gauges::default(), stop, tasks)
        };
        let hub = Hub::new(means.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new()
            .route("/ws", axum::routing::get(open_door))
            .with_state(Door { hub, tenant });
        tokio::spawn(serve(listener, router));
        Self { means, address }
    }

    pub async fn connect(&self, reader: Reader, since: Option<i64>) -> Client {
        let since = since.map(|since| format!("&since={since}")).unwrap_or_default();
        let url = format!("ws://{}/ws?sign_in={}{since}", self.address, reader.sign_in);
        let (socket, _) = tokio_tungstenite::connect_async(url).await.unwrap();
        Client { socket }
    }
}

async fn serve(listener: tokio::net::TcpListener, router: Router) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let service = hyper_util::service::TowerToHyperService::new(router.clone());
        tokio::spawn(async move {
            let io = hyper_util::rt::TokioIo::new(stream);
            drop(
                hyper::server::conn::http1::Builder::new()
                    .serve_connection(io, service)
                    .with_upgrades()
                    .await,
            );
        });
    }
}

/// One end of a live socket.
pub struct Client {
    pub socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Client {
    /// The next frame that is an object, or the close code.
    pub async fn next(&mut self) -> Result<Json, u16> {
        let next = async {
            loop {
                match self.socket.next().await {
                    Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(text.as_str()).unwrap()),
                    Some(Ok(Message::Close(frame))) => return Err(frame.map_or(0, |frame| frame.code.into())),
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return Err(0),
                }
            }
        };
        tokio::time::timeout(SOON, next)
            .await
            .unwrap_or_else(|_| panic!("nothing came in time"))
    }

    /// The first frame; the number from which the stream goes on.
    pub async fn hello(&mut self) -> (i64, i64) {
        let hello = self.next().await.unwrap();
        assert_eq!(hello["type"], "hello");
        (hello["head"].as_i64().unwrap(), hello["seq"].as_i64().unwrap())
    }

    /// The numbers of the events up to and including `head`, which is reached by an event or told by `head`.
    pub async fn until(&mut self, head: i64) -> Vec<i64> {
        let mut seqs = vec![];
        loop {
            let frame = self.next().await.unwrap_or_else(|code| panic!("closed with {code}"));
            let at = match (frame["seq"].as_i64(), frame["type"].as_str()) {
                (Some(seq), _) => {
                    seqs.push(seq);
                    seq
                }
                (None, Some("head")) => frame["head"].as_i64().unwrap(),
                (None, _) => continue,
            };
            if at >= head {
                return seqs;
            }
        }
    }

    /// The types of the frames that come until none comes for a while, heads left out.
    pub async fn rest(&mut self) -> Vec<Json> {
        let mut frames = vec![];
        let deadline = tokio::time::Instant::now() + QUIET;
        while let Ok(Some(Ok(message))) = tokio::time::timeout_at(deadline, self.socket.next()).await {
            if let Message::Text(text) = message {
                let frame: Json = serde_json::from_str(text.as_str()).unwrap();
                if frame["type"] != "head" {
                    frames.push(frame);
                }
            }
        }
        frames
    }

    /// Reads for a while; whether the socket is still open then.
    pub async fn rest_for(&mut self, while_: Duration) -> bool {
        let deadline = tokio::time::Instant::now() + while_;
        loop {
            match tokio::time::timeout_at(deadline, self.socket.next()).await {
                Err(_) => return true,
                Ok(Some(Ok(message))) if !message.is_close() => {}
                Ok(_) => return false,
            }
        }
    }

    /// The code with which the server closes; events before it are skipped.
    pub async fn close_code(&mut self) -> u16 {
        loop {
            if let Err(code) = self.next().await {
                return code;
            }
        }
    }
}

/// Whether all numbers are different and ascend.
pub fn ascend(seqs: &[i64]) -> bool {
    seqs.windows(2).all(|pair| pair[0] < pair[1]) && seqs.iter().collect::<BTreeSet<_>>().len() == seqs.len()
}
