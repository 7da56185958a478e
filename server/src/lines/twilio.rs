//! The line over Twilio. Every browser comes into its call's conference by itself and is let in by who its token says it is ([`documents`]
//! says what each leg does); what a step asks of Twilio is queued with the step ([`orders`]) and carried out by a job ([`errands`]). So
//! [`Line::carry_out`] has nothing left to do. Supervisors come in muted; whom they are heard by is Twilio's to do and ours to check.

pub mod addresses;
pub mod channels;
pub mod documents;
pub mod errands;
pub mod identity;
pub mod orders;
pub mod sounds;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use casewire_carriers::sandbox::{CannotDial, SilentBrowsers};
use casewire_carriers::twilio::token::{Incoming, Outgoing, TokenKey, VoiceGrant, access_token};
use casewire_store::calls::CallRow;
use casewire_store::numbers;
use casewire_store::{Act, StoreError, Tx};
use futures_util::future::BoxFuture;

use super::local::FolderShelf;
use super::{LegParty, Line, LineCredentials, LineFailure, LineOrder, SoftphoneIdentity};
use crate::config::TwilioAccount;
use crate::problem::{Problem, ProblemCode};
use crate::state::{App, AppRef};

/// The line's word in the database.
pub const NAME: &str = "twilio";
/// How often a call is compared with what Twilio has of it.
pub const WATCH_EVERY: Duration = Duration::from_secs(20);
/// How long a browser's token holds. The call itself outlives it.
const TOKEN_LIFE: Duration = Duration::from_secs(600);

/// Adds the line to those of the server, and a shelf for its recordings where there is none yet. `silent` takes the part of the
/// browsers' sound in a trial.
///
/// # Errors
/// Where the folder of recordings cannot be made.
pub fn join(app: &App, silent: Option<SilentBrowsers>) -> io::Result<()> {
    if app.lines.shelf().is_none() {
        app.lines.keep_on(Arc::new(FolderShelf::open(app.config.recordings.clone())?));
    }
    app.lines.join(Arc::new(TwilioLine {
        app: app.downgrade(),
        silent,
    }));
    Ok(())
}

/// The line.
pub struct TwilioLine {
    app: AppRef,
    /// In a trial the sandbox takes the part of the browsers' sound.
    silent: Option<SilentBrowsers>,
}

impl TwilioLine {
    /// The line without any sound: the sandbox comes in for each browser that asks.
    #[must_use]
    pub fn silent(app: &App, browsers: SilentBrowsers) -> Self {
        Self {
            app: app.downgrade(),
            silent: Some(browsers),
        }
    }

    fn app(&self) -> Result<App, Problem> {
        self.app.get().ok_or_else(|| Problem::of(ProblemCode::LineFailed))
    }

    async fn token(&self, who: SoftphoneIdentity) -> Result<LineCredentials, Problem> {
        let app = self.app()?;
        let account = account_of(&app, who).await?;
        let (Some(application), Some((key, secret))) = (&account.voice_application_sid, &account.api_key) else {
            return Err(Problem::of(ProblemCode::NoLine));
        };
        let now = app.clock.now();
        let key = TokenKey {
            account_sid: account.account_sid.clone(),
            key_sid: key.clone(),
            secret: secret.clone(),
        };
        let grant = VoiceGrant {
            identity: identity::of(who),
            incoming: Incoming::Refused,
            outgoing: Some(Outgoing {
                application_sid: application.clone(),
                params: Vec::new(),
            }),
            region: None,
        };
        let token = access_token(&key, &grant, now, TOKEN_LIFE).map_err(|error| {
            tracing::error!(%error, "there is no token for a browser");
            Problem::of(ProblemCode::LineFailed)
        })?;
        Ok(LineCredentials {
            token: Some(token),
            expires_at: Some(now.plus(TOKEN_LIFE)),
        })
    }
}

impl Line for TwilioLine {
    fn name(&self) -> &'static str {
        NAME
    }

    fn credentials(&self, who: SoftphoneIdentity) -> BoxFuture<'_, Result<LineCredentials, Problem>> {
        Box::pin(async move {
            match self.silent {
                Some(_) => Ok(LineCredentials::default()),
                None => self.token(who).await,
            }
        })
    }

    fn carry_out(&self, _call: CallRow, _orders: Vec<LineOrder>) -> BoxFuture<'_, Result<(), LineFailure>> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn offer(&self, call: CallRow, party: LegParty, _sdp: String) -> BoxFuture<'_, Result<String, Problem>> {
        Box::pin(async move {
            let Some(browsers) = &self.silent else {
                return Err(Problem::of(ProblemCode::NoLocalAudio));
            };
            let user = match party {
                LegParty::Agent(user) | LegParty::Supervisor { user, .. } => user,
            };
            let who = SoftphoneIdentity {
                organization: call.tenant.organization(),
                user,
            };
            let app = self.app()?;
            let account = account_of(&app, who).await?;
            let application = account.voice_application_sid.as_deref().unwrap_or_default();
            let hints = [(identity::CALL.to_owned(), call.id.to_string())];
            match browsers.dial(&identity::of(who), application, &hints) {
                Ok(()) => Ok(String::new()),
                Err(CannotDial) => Err(Problem::of(ProblemCode::LineFailed)),
            }
        })
    }
}

/// The account under which an organization's browsers call: the one that has its numbers.
async fn account_of(app: &App, who: SoftphoneIdentity) -> Result<&TwilioAccount, Problem> {
    let accounts = app.store.read(AccountsOf(who)).await?;
    let carries = |account: &&TwilioAccount| account.voice_application_sid.is_some() && accounts.contains(&account.account_sid);
    app.config
        .twilio
        .values()
        .find(carries)
        .ok_or_else(|| Problem::of(ProblemCode::NoLine))
}

/// The accounts that have an organization's numbers.
struct AccountsOf(SoftphoneIdentity);

impl Act for AccountsOf {
    type Out = Vec<String>;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Vec<String>, StoreError> {
        let numbers = numbers::all_in_use(tx).await?;
        let own = numbers.into_iter().filter(|number| number.organization == self.0.organization);
        Ok(own.map(|number| number.account_sid).collect())
    }
}
