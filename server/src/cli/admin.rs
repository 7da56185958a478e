//! `casewire admin`: what an operator does before anybody can sign in, and where nobody can. Each command is an act of its own
//! with an audit line that names no user.

mod lookup;
mod password;

use std::process::ExitCode;
use std::time::Duration;

use casewire_core::access::Tenant;
use casewire_core::id::OrganizationId;
use casewire_core::settings::Settings;
use casewire_store::{Store, mint};
use clap::Subcommand;
use serde_json::{Value, json};

use self::lookup::{Organizations, Person, RoleNamed, TeamNamed};
use self::password::Chosen;
use super::{Failure, configuration, open_migrated, say};
use crate::api::users::email;
use crate::auth::passwords::{Passwords, check_choice};
use crate::auth::secret::BearerSecret;
use crate::clock::Clock;
use crate::config::Origin;
use crate::ops::accounts::{ChangeUser, CreateUser};
use crate::ops::create_organization::CreateOrganization;
use crate::ops::create_token::CreateToken;
use crate::ops::numbers::CreateNumber;
use crate::ops::people::{LONGEST_NAME, label, line};
use crate::ops::teams::CreateTeam;

/// What `admin` can be told.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Answer as one JSON object.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// List the organizations.
    Organizations,
    /// Create an organization with the default roles.
    Organization {
        /// Its name.
        #[arg(long)]
        name: String,
    },
    /// Create a team.
    Team {
        /// The organization, by id or name.
        #[arg(long)]
        organization: String,
        /// Its name.
        #[arg(long)]
        name: String,
    },
    /// Create a user. The password is made up and shown, unless --password-stdin is given.
    User {
        /// The organization, by id or name.
        #[arg(long)]
        organization: String,
        /// The e-mail address to sign in by.
        #[arg(long)]
        email: String,
        /// Their name.
        #[arg(long)]
        name: String,
        /// A role by its name; may be given several times.
        #[arg(long = "role")]
        roles: Vec<String>,
        /// A team by its name; may be given several times.
        #[arg(long = "team")]
        teams: Vec<String>,
        /// Read the password from standard input.
        #[arg(long)]
        password_stdin: bool,
    },
    /// Give a user one role more.
    Assign {
        /// The user's e-mail address.
        #[arg(long)]
        email: String,
        /// The role by its name.
        #[arg(long)]
        role: String,
    },
    /// Give a user a new password; ends all their sign-ins and tokens.
    Password {
        /// The user's e-mail address.
        #[arg(long)]
        email: String,
        /// Read the password from standard input; else one is made up and shown.
        #[arg(long)]
        password_stdin: bool,
    },
    /// Register a number of an organization.
    Number {
        /// The organization, by id or name.
        #[arg(long)]
        organization: String,
        /// The number.
        #[arg(long)]
        number: String,
        /// The carrier's account that it belongs to (AC…).
        #[arg(long)]
        account: String,
        /// What people call it.
        #[arg(long, default_value = "")]
        label: String,
    },
    /// Create a token for a program that acts with a user's rights. It is shown once.
    Token {
        /// The user's e-mail address.
        #[arg(long)]
        email: String,
        /// What it is for.
        #[arg(long)]
        label: String,
        /// How many days it lasts.
        #[arg(long, default_value_t = 365, value_parser = clap::value_parser!(u64).range(1..=3650))]
        days: u64,
    },
}

/// Does what was asked, on an up-to-date database.
///
/// # Errors
/// Why it could not, in words.
pub async fn run(args: Args, origin: &Origin) -> Result<ExitCode, Failure> {
    let config = configuration(origin)?;
    let clock = Clock::System;
    let store = open_migrated(&config.database, &clock).await?;
    let answer = Desk {
        store,
        clock,
        passwords: Passwords::new(),
    }
    .perform(args.task)
    .await?;
    if args.json {
        say(&answer.to_string())
    } else {
        say_plainly(&answer)
    }
    Ok(ExitCode::SUCCESS)
}

fn say_plainly(answer: &Value) {
    let members = answer.as_object().into_iter().flatten();
    for (name, value) in members {
        match value {
            Value::Array(items) => items.iter().for_each(say_plainly),
            Value::String(text) => say(&format!("{name}: {text}")),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => say(&format!("{name}: {value}")),
        }
    }
}

struct Desk {
    store: Store,
    clock: Clock,
    passwords: Passwords,
}

impl Desk {
    async fn perform(&self, task: Task) -> Result<Value, Failure> {
        match task {
            Task::Organizations => self.organizations().await,
            Task::Organization { name } => self.create_organization(&name).await,
            Task::Team { organization, name } => self.create_team(&organization, &name).await,
            Task::User {
                organization,
                email,
                name,
                roles,
                teams,
                password_stdin,
            } => {
                let password = password::chosen(password_stdin)?;
                self.create_user(&organization, &email, &name, (roles, teams), password).await
            }
            Task::Assign { email, role } => self.assign(&email, &role).await,
            Task::Password { email, password_stdin } => self.set_password(&email, password::chosen(password_stdin)?).await,
            Task::Number {
                organization,
                number,
                account,
                label,
            } => self.create_number(&organization, number, account, &label).await,
            Task::Token { email, label, days } => self.create_token(&email, &label, days).await,
        }
    }

    async fn organizations(&self) -> Result<Value, Failure> {
        let all = self.store.read(Organizations).await?;
        let described = |(tenant, name): (Tenant, String)| json!({ "organization_id": tenant.organization(), "name": name });
        let all: Vec<Value> = all.into_iter().map(described).collect();
        Ok(json!({ "organizations": all }))
    }

    async fn create_organization(&self, name: &str) -> Result<Value, Failure> {
        let (id, name) = (mint::<OrganizationId>(), line("name", name, LONGEST_NAME)?);
        let create = CreateOrganization {
            id,
            name,
            settings: Settings::default(),
            now: self.clock.now(),
        };
        self.store.write(id, create).await?;
        Ok(json!({ "organization_id": id }))
    }

    async fn create_team(&self, organization: &str, name: &str) -> Result<Value, Failure> {
        let tenant = self.tenant(organization).await?;
        let name = line("name", name, LONGEST_NAME)?;
        let create = CreateTeam {
            tenant,
            by: None,
            name,
            members: Vec::new(),
            now: self.clock.now(),
        };
        let team = self.store.write(tenant.organization(), create).await?;
        Ok(json!({ "team_id": team.id }))
    }

    async fn create_user(
        &self,
        organization: &str,
        address: &str,
        name: &str,
        (role_names, team_names): (Vec<String>, Vec<String>),
        password: Chosen,
    ) -> Result<Value, Failure> {
        let tenant = self.tenant(organization).await?;
        check_choice("password", password.words())?;
        let (mut roles, mut teams) = (Vec::new(), Vec::new());
        for name in role_names {
            roles.push(self.store.read(RoleNamed { tenant, name }).await?);
        }
        for name in team_names {
            teams.push(self.store.read(TeamNamed { tenant, name }).await?);
        }
        let create = CreateUser {
            tenant,
            by: None,
            email: email("email", address)?,
            name: line("name", name, LONGEST_NAME)?,
            password_hash: self.passwords.hash(password.words().to_owned()).await?,
            roles,
            teams,
            now: self.clock.now(),
        };
        let user = self.store.write(tenant.organization(), create).await?;
        Ok(password.shown_in(json!({ "user_id": user.id, "email": user.email })))
    }

    async fn assign(&self, email: &str, role: &str) -> Result<Value, Failure> {
        let person = self.store.read(Person::by_email(email)).await?;
        let role = self
            .store
            .read(RoleNamed {
                tenant: person.tenant,
                name: role.to_owned(),
            })
            .await?;
        let mut roles = person.user.roles.clone();
        roles.push(role);
        let change = ChangeUser {
            roles: Some(roles),
            ..ChangeUser::nothing(person.tenant, None, person.user.id, self.clock.now())
        };
        let user = self.store.write(person.tenant.organization(), change).await?;
        Ok(json!({ "user_id": user.id, "role_ids": user.roles.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ") }))
    }

    async fn set_password(&self, email: &str, password: Chosen) -> Result<Value, Failure> {
        let person = self.store.read(Person::by_email(email)).await?;
        check_choice("password", password.words())?;
        let password_hash = Some(self.passwords.hash(password.words().to_owned()).await?);
        let change = ChangeUser {
            password_hash,
            ..ChangeUser::nothing(person.tenant, None, person.user.id, self.clock.now())
        };
        let user = self.store.write(person.tenant.organization(), change).await?;
        Ok(password.shown_in(json!({ "user_id": user.id })))
    }

    async fn create_number(&self, organization: &str, number: String, account_sid: String, name: &str) -> Result<Value, Failure> {
        let tenant = self.tenant(organization).await?;
        let label = label("label", name)?;
        let create = CreateNumber {
            tenant,
            by: None,
            number,
            label,
            account_sid,
            now: self.clock.now(),
        };
        let number = self.store.write(tenant.organization(), create).await?;
        Ok(json!({ "number_id": number.id }))
    }

    async fn create_token(&self, email: &str, name: &str, days: u64) -> Result<Value, Failure> {
        let person = self.store.read(Person::by_email(email)).await?;
        let secret = BearerSecret::for_program().map_err(|error| Failure::Words(error.to_string()))?;
        let lasts = Duration::from_secs(days * 24 * 3600);
        let name = line("label", name, LONGEST_NAME)?;
        let create = CreateToken::new(person.tenant, person.user.id, &secret, &name, lasts, self.clock.now());
        self.store.write(person.tenant.organization(), create).await?;
        Ok(json!({ "user_id": person.user.id, "token": secret.expose() }))
    }

    async fn tenant(&self, named: &str) -> Result<Tenant, Failure> {
        let all = self.store.read(Organizations).await?;
        let is_named = |tenant: Tenant, name: &str| tenant.organization().to_string() == named || name == named;
        let found: Vec<Tenant> = all
            .into_iter()
            .filter(|(tenant, name)| is_named(*tenant, name))
            .map(|(tenant, _)| tenant)
            .collect();
        match found.as_slice() {
            [one] => Ok(*one),
            [] => Err(Failure::Words(format!("there is no organization {named}"))),
            _ => Err(Failure::Words(format!("there are several organizations {named}: give the id"))),
        }
    }
}
