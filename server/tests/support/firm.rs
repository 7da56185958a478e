//! A law firm on a fresh database behind the real router: the default roles with one active user each, the team "Litigation"
//! with the supervisor in it, one number, and a clock that stands until it is moved.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::{PasswordHasher, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use casewire::api::{self, Service};
use casewire::auth::secret::BearerSecret;
use casewire::clock::Clock;
use casewire::config::{Config, DatabaseAddress};
use casewire::state::{App, Carriers};
use casewire_carriers::twilio::webhook::PublicAddress;
use casewire_core::access::Tenant;
use casewire_core::access::policy::DEFAULT_ROLES;
use casewire_core::id::{NumberId, OrganizationId, SessionId, TeamId, UserId};
use casewire_core::phone::E164;
use casewire_core::settings::Settings;
use casewire_core::time::Timestamp;
use casewire_store::numbers::NewNumber;
use casewire_store::sign_ins::{NewSignIn, SignInKind};
use casewire_store::testing::{START, TestDatabase};
use casewire_store::users::NewUser;
use casewire_store::{Act, Store, StoreError, Tx, mint, numbers, organizations, roles, sign_ins, teams, users};

use super::client::Client;
use super::line::NullLine;
use super::logs;

/// The password of every user.
pub const PASSWORD: &str = "correct horse battery";
/// The carrier's account of every firm.
pub const ACCOUNT: &str = "AC00000000000000000000000000000001";

/// A law firm and its server.
pub struct Firm {
    pub app: App,
    pub service: Service,
    pub tenant: Tenant,
    pub team: TeamId,
    pub number: NumberId,
    pub number_e164: E164,
    pub clock: Clock,
    /// What carries its calls.
    pub line: Arc<NullLine>,
    clients: BTreeMap<&'static str, Client>,
    personal: Vec<String>,
    db: Option<TestDatabase>,
}

impl Firm {
    /// A firm, signed in as one user per role, on a server of its own.
    pub async fn start(db: TestDatabase) -> Self {
        Self::start_with(db, Carriers::default(), |config| config).await
    }

    /// The same with carriers and a configuration of the test's own.
    pub async fn start_with(db: TestDatabase, carriers: Carriers, configure: impl FnOnce(Config) -> Config) -> Self {
        logs::collect();
        let clock = Clock::standing_at(START);
        let mut options = db.options();
        options.clock = clock.reading();
        let store = Store::open(options).await.unwrap();
        let public = PublicAddress::parse("https://casewire.example").unwrap();
        let mut config = Config::local(([127, 0, 0, 1], 0).into(), DatabaseAddress::new("unused"), public);
        config.audit_key_file = std::env::temp_dir().join("casewire-test.audit-key");
        config.exports_folder = std::env::temp_dir().join(format!("casewire-test-{}.exports", mint::<OrganizationId>()));
        config.storage.folder = std::env::temp_dir().join(format!("casewire-test-files-{}", mint::<OrganizationId>()));
        let config = configure(config);
        let app = App::new(config, store, clock.clone(), carriers);
        let line = NullLine::new();
        if app.config.voice.is_none() {
            app.lines.join(line.clone());
        }
        let service = api::service(&app);
        Self::found(app, service, (clock, line), "firm.example", "+14155550100", Some(db)).await
    }

    /// Another firm on the same server, whose users are at `other.example`.
    pub async fn another(&self) -> Self {
        Self::found(
            self.app.clone(),
            self.service.clone(),
            (self.clock.clone(), self.line.clone()),
            "other.example",
            "+14155550200",
            None,
        )
        .await
    }

    #[expect(clippy::disallowed_methods, reason = "the firm was founded just now")]
    async fn found(
        app: App,
        service: Service,
        (clock, line): (Clock, Arc<NullLine>),
        domain: &str,
        number: &str,
        db: Option<TestDatabase>,
    ) -> Self {
        let organization = mint::<OrganizationId>();
        let number_e164 = E164::parse(number).unwrap();
        let found = Found {
            organization,
            domain: domain.to_owned(),
            number: number_e164.clone(),
            now: clock.now(),
        };
        let founded = app.store.write(organization, found).await.unwrap();
        let clients = founded
            .users
            .into_iter()
            .map(|(role, user, token)| (role, Client::by_token(service.clone(), user, &token)));
        let personal = DEFAULT_ROLES.iter().map(|role| person(role.name)).collect();
        Self {
            clients: clients.collect(),
            app,
            service,
            tenant: Tenant::of_row(organization),
            team: founded.team,
            number: founded.number,
            number_e164,
            clock,
            line,
            personal,
            db,
        }
    }

    pub fn organization(&self) -> OrganizationId {
        self.tenant.organization()
    }

    /// The user with that role, signed in by a token.
    #[track_caller]
    pub fn user(&self, role: &str) -> &Client {
        self.clients.get(role).unwrap_or_else(|| panic!("no user has the role {role}"))
    }

    /// The id of the user with that role.
    #[track_caller]
    pub fn user_id(&self, role: &str) -> UserId {
        self.user(role).user.unwrap()
    }

    /// Every user with the name of their role.
    pub fn users(&self) -> impl Iterator<Item = (&'static str, &Client)> {
        self.clients.iter().map(|(role, client)| (*role, client))
    }

    /// Somebody who is not signed in.
    pub fn stranger(&self) -> Client {
        Client::stranger(self.service.clone())
    }

    /// Moves the clock of the server and its store.
    pub fn advance(&self, span: Duration) {
        self.clock.advance(span);
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub fn store(&self) -> &Store {
        &self.app.store
    }

    /// The database beneath, for what another node or an operator does; not of a second firm.
    pub fn database(&self) -> &TestDatabase {
        self.db.as_ref().unwrap()
    }

    /// A name, number or text that must not be in any log line.
    pub fn keep_out_of_logs(&mut self, word: impl Into<String>) {
        self.personal.push(word.into());
    }

    /// Every line logged so far.
    pub fn logs(&self) -> String {
        logs::text()
    }
}

impl Drop for Firm {
    fn drop(&mut self) {
        if self.db.is_some() {
            // There is no folder where no document came.
            drop(std::fs::remove_dir_all(&self.app.config.storage.folder));
        }
        if std::thread::panicking() {
            return;
        }
        if let Some(line) = logs::personal_line(&self.personal) {
            panic!("a log line holds a number, a name or a text: {line}");
        }
    }
}

/// The name of the user with a role.
pub fn person(role: &str) -> String {
    format!("Pat {} Quillfeather", role.replace(' ', "-"))
}

/// The e-mail address of the user with a role: `agent@`, `paralegal@`, …
fn email(role: &str, domain: &str) -> String {
    let first = role.split(' ').next().unwrap_or_default().to_lowercase();
    let local = if first == "firm" { "admin".to_owned() } else { first };
    format!("{local}@{domain}")
}

/// The argon2id hash of [`PASSWORD`], with the least work that there is: tests sign in often.
fn password_hash() -> String {
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8, 1, 1, None).unwrap());
    let salt = SaltString::encode_b64(&[7; 16]).unwrap();
    argon2.hash_password(PASSWORD.as_bytes(), &salt).unwrap().to_string()
}

struct Found {
    organization: OrganizationId,
    domain: String,
    number: E164,
    now: Timestamp,
}

struct Founded {
    team: TeamId,
    number: NumberId,
    users: Vec<(&'static str, UserId, String)>,
}

impl Act for Found {
    type Out = Founded;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Founded, StoreError> {
        let tenant = organizations::create(tx, self.organization, "Quillfeather & Partners", &Settings::default(), self.now).await?;
        let (team, number) = (mint(), mint());
        teams::add(tx, tenant, team, "Litigation", self.now).await?;
        let new = NewNumber {
            id: number,
            e164: self.number.clone(),
            label: "Front desk".to_owned(),
            account_sid: ACCOUNT.to_owned(),
        };
        numbers::add(tx, tenant, &new, self.now).await?;
        let mut users = Vec::new();
        for role in &DEFAULT_ROLES {
            let (user, token) = self.employ(tx, tenant, role.name).await?;
            users.push((role.name, user, token));
            if role.name == "Supervisor" {
                teams::put_into(tx, tenant, user, &[team]).await?;
            }
        }
        Ok(Founded { team, number, users })
    }
}

impl Found {
    async fn employ(&self, tx: &mut Tx, tenant: Tenant, role: &str) -> Result<(UserId, String), StoreError> {
        let id = mint::<UserId>();
        let email = email(role, &self.domain);
        let new = NewUser {
            id,
            email,
            name: person(role),
            password_hash: password_hash(),
        };
        users::add(tx, tenant, &new, self.now).await?;
        let granted = roles::by_name(tx, tenant, role).await?.unwrap();
        roles::assign(tx, tenant, id, &[granted.id]).await?;
        let secret = BearerSecret::for_program().unwrap();
        let sign_in = NewSignIn {
            id: mint::<SessionId>(),
            token_hash: secret.hash(),
            user: id,
            kind: SignInKind::Token,
            label: "test".to_owned(),
            expires_at: self.now.plus(Duration::from_secs(3650 * 86_400)),
        };
        sign_ins::add(tx, tenant, &sign_in, self.now).await?;
        Ok((id, secret.expose().to_owned()))
    }
}
