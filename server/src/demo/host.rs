//! The demo's other case system: what Casewire knows of it (its origin, and a program's token on behalf of the Firm Admin) and what it
//! shows. Its page: `carriers/src/sandbox/host.rs`.

use std::time::Duration;

use casewire_carriers::sandbox::host::SampleHost;
use casewire_core::id::OrganizationId;
use casewire_core::settings::origin::is_embeddable;
use casewire_core::time::Timestamp;
use casewire_store::users::{self, Credentials};
use casewire_store::{Act, Tx, organizations, sign_ins};

use super::firms::DemoFirm;
use super::seed::defect;
use crate::auth::secret::BearerSecret;
use crate::ops::create_token::CreateToken;
use crate::problem::Problem;

/// What the token is called.
const LABEL: &str = "sample host";
/// Longer than a demo runs; each start makes a new one.
const LASTS: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// The organization of a firm of the demo.
pub struct FindFirm(pub &'static DemoFirm);

impl Act for FindFirm {
    type Out = OrganizationId;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<OrganizationId, Problem> {
        Ok(admin(tx, self.0).await?.tenant.organization())
    }
}

async fn admin(tx: &mut Tx, firm: &DemoFirm) -> Result<Credentials, Problem> {
    let found = users::credentials(tx, &format!("admin@{}", firm.domain)).await?;
    found.ok_or_else(defect)
}

/// Lets the other case system show the case view, with a new token for its server.
pub struct OpenHost {
    /// Whose cases it shows.
    pub firm: &'static DemoFirm,
    /// Where its pages are.
    pub origin: String,
    /// What its server asks with.
    pub token: BearerSecret,
    /// Now.
    pub now: Timestamp,
}

impl Act for OpenHost {
    type Out = ();
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<(), Problem> {
        let admin = admin(tx, self.firm).await?;
        let tenant = admin.tenant;
        for old in sign_ins::tokens(tx, tenant).await? {
            if old.label == LABEL {
                sign_ins::end(tx, tenant, old.id).await?;
            }
        }
        CreateToken::new(tenant, admin.user, &self.token, LABEL, LASTS, self.now)
            .run(tx)
            .await?;
        let mut settings = organizations::read(tx, tenant).await?.ok_or_else(defect)?.settings;
        if is_embeddable(&self.origin) && !settings.embed_origins.contains(&self.origin) {
            settings.embed_origins.push(self.origin.clone());
            organizations::set(tx, tenant, &settings).await?;
        }
        Ok(())
    }
}

/// What the other case system shows: the firm's cases, and its people as those at work.
#[must_use]
pub fn sample(firm: &DemoFirm, product: String, organization: OrganizationId, token: &BearerSecret) -> SampleHost {
    let users = firm.users.iter().filter(|user| user.login != "admin");
    SampleHost {
        product,
        organization: organization.to_string(),
        token: token.expose().into(),
        users: users
            .map(|user| (format!("{} ({})", user.name, user.role), format!("{}@{}", user.login, firm.domain)))
            .collect(),
        cases: firm
            .cases
            .iter()
            .map(|case| (case.number.to_owned(), case.name.to_owned()))
            .collect(),
    }
}
