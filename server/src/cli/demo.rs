//! `casewire demo`: the whole product on one machine with no account anywhere: an embedded database (or a PostgreSQL), the
//! sandbox as the carrier, two law firms with sample data. Says where to go and how to sign in.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use casewire_carriers::sandbox::{
    Pace as SandboxPace, RunningSandbox, Sandbox, SandboxAccount, SandboxApplication, SandboxCalls, SandboxConfig, SandboxHandset,
    SandboxNumber, SandboxTrunk, SandboxVoice,
};
use casewire_carriers::twilio::webhook::PublicAddress;
use casewire_core::id::OrganizationId;
use casewire_core::phone::E164;
use casewire_store::users;
use casewire_store::wipe::wipe;
use casewire_store::{Act, OpenOptions, Store, StoreError, Tx, mint};
use tokio::net::TcpListener;

use crate::auth::secret::BearerSecret;
use crate::clock::Clock;
use crate::config::{Config, DatabaseAddress, MOST_LEGS, TrunkSettings, TwilioAccount, VoiceSettings};
use crate::demo::firms::{DemoFirm, FIRM, OTHER_FIRM};
use crate::demo::host::{self, FindFirm, OpenHost};
use crate::demo::seed::Seed;
use crate::demo::{ACCOUNT, OTHER_ACCOUNT, PASSWORD};
use crate::lines::local::{self, OpenFailure};
use crate::lines::twilio;
use crate::lines::twilio::addresses::VOICE;
use crate::serve::{self, Listeners};
use crate::state::{App, Carriers};

/// The token of both accounts of the sandbox; it guards nothing but this machine's loopback.
const TOKEN: &str = "0de00000000000000000000000000000";

/// The key that would sign browsers' tokens, where the sandbox had browsers to sign for.
const API_KEY: (&str, &str) = ("SK0de00000000000000000000000000001", "the demo's own key");
/// The application of each account through which browsers dial.
const APPLICATIONS: [(&str, &str); 2] = [
    (ACCOUNT, "AP0de00000000000000000000000000001"),
    (OTHER_ACCOUNT, "AP0de00000000000000000000000000002"),
];

/// The key of the trunk between the server and the handsets, which guards no more.
const TRUNK_KEY: &str = "the demo's own trunk";
/// The folder of recordings, below that of the demo.
const RECORDINGS: &str = "recordings";
/// How long a handset rings.
const RINGS_FOR: Duration = Duration::from_secs(40);

/// The options of `casewire demo`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Where the server listens.
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Where the sandbox carrier listens, with its page of handsets.
    #[arg(long, default_value = "127.0.0.1:8081")]
    pub sandbox_listen: SocketAddr,
    /// Where the voice engine takes audio, by UDP; any free port unless one is given.
    #[arg(long, default_value = "0.0.0.0:0")]
    pub voice_listen: SocketAddr,
    /// What carries calls: the voice engine with real audio, or Twilio as the sandbox imitates it, without any.
    #[arg(long, value_enum, default_value_t = Voice::Local)]
    pub voice: Voice,
    /// The folder of the database and of the sandbox's state.
    #[arg(long, value_name = "DIR", default_value = "casewire-demo")]
    pub data: PathBuf,
    /// A PostgreSQL database instead of the file, as postgres://user@host/name.
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
    /// Begin anew: remove what an earlier demo left.
    #[arg(long)]
    pub fresh: bool,
}

/// What carries the calls of the demo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Voice {
    /// The node's own voice engine, with real audio.
    Local,
    /// Twilio's interface, imitated by the sandbox: everything but the sound.
    Twilio,
}

/// Why the demo cannot start, in words for the person at the terminal.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The address is taken.
    #[error("cannot listen on {address}: {why}. Is another demo running? Choose another address with {option}.")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        why: std::io::Error,
        /// The option that changes it.
        option: &'static str,
    },
    /// The folder cannot be used.
    #[error("cannot use the folder {}: {why}. Choose another one with --data.", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        why: std::io::Error,
    },
    /// The database cannot be used.
    #[error("cannot use the database: {0}")]
    Database(#[from] StoreError),
    /// Something in the demo itself is wrong.
    #[error("the demo is defective: {0}")]
    Defect(&'static str),
}

/// Runs the demo until it is told to stop.
///
/// # Errors
/// [`DemoError`], in words.
pub async fn run(args: Args, stop: impl Future<Output = ()>) -> Result<(), DemoError> {
    let clock = Clock::movable();
    prepare_folder(&args)?;
    let store = open_store(&args, &clock).await?;
    let main = listen(args.listen, "--listen").await?;
    let address = main.local_addr().map_err(|why| DemoError::Listen {
        address: args.listen,
        why,
        option: "--listen",
    })?;
    let sandbox = start_sandbox(&args, address, &clock).await?;
    let app = app(&args, address, &sandbox, store, clock)?;
    seed(&app, &FIRM).await?;
    seed(&app, &OTHER_FIRM).await?;
    show_host(&app, address, &sandbox).await?;
    carry_calls(&args, &app, address, &sandbox)?;
    greet(address, &sandbox, args.voice);
    serve::run(app, Listeners { main, metrics: None }, stop).await;
    sandbox.stop().await;
    Ok(())
}

fn prepare_folder(args: &Args) -> Result<(), DemoError> {
    let failed = |why| DemoError::Folder {
        folder: args.data.clone(),
        why,
    };
    std::fs::create_dir_all(&args.data).map_err(failed)?;
    let state = sandbox_state(&args.data);
    if args.fresh && state.exists() {
        std::fs::remove_file(state).map_err(failed)?;
    }
    let recordings = args.data.join(RECORDINGS);
    if args.fresh && recordings.exists() {
        std::fs::remove_dir_all(recordings).map_err(failed)?;
    }
    Ok(())
}

fn sandbox_state(data: &Path) -> PathBuf {
    data.join("sandbox.jsonl")
}

async fn open_store(args: &Args, clock: &Clock) -> Result<Store, DemoError> {
    let file = format!("sqlite:{}", args.data.join("casewire.db").display());
    let options = OpenOptions::parse(args.database.as_deref().unwrap_or(&file), clock.reading())?;
    if args.fresh {
        wipe(&options, &[FIRM.name, OTHER_FIRM.name]).await?;
    }
    let store = Store::open(options).await?;
    store.migrate().await?;
    Ok(store)
}

async fn listen(address: SocketAddr, option: &'static str) -> Result<TcpListener, DemoError> {
    TcpListener::bind(address)
        .await
        .map_err(|why| DemoError::Listen { address, why, option })
}

async fn start_sandbox(args: &Args, server: SocketAddr, clock: &Clock) -> Result<RunningSandbox, DemoError> {
    let sms_url = format!("http://{server}/webhooks/twilio/messages#rc=3&rp=all&rt=4000&ct=2000");
    let mut numbers = Vec::new();
    let mut handsets = Vec::new();
    for firm in [&FIRM, &OTHER_FIRM] {
        for (text, _) in firm.numbers {
            numbers.push(SandboxNumber {
                number: e164(text)?,
                account_sid: firm.account_sid.to_owned(),
                sms_url: sms_url.clone(),
            });
        }
    }
    for contact in FIRM.contacts {
        for (text, label) in contact.phones {
            handsets.push(SandboxHandset {
                number: e164(text)?,
                label: format!("{} ({label})", contact.name),
            });
        }
    }
    handsets.push(SandboxHandset {
        number: e164("+12125550199")?,
        label: "Somebody unknown".to_owned(),
    });
    let mover = clock.clone();
    let account = |sid: &str| SandboxAccount {
        sid: sid.to_owned(),
        token: TOKEN.into(),
        api_keys: vec![(API_KEY.0.to_owned(), API_KEY.1.into())],
    };
    let config = SandboxConfig {
        listen: args.sandbox_listen,
        accounts: vec![account(ACCOUNT), account(OTHER_ACCOUNT)],
        numbers,
        handsets,
        pace: SandboxPace::default(),
        clock: clock.reading(),
        clock_control: Some(Arc::new(move |span| mover.advance(span))),
        persist: Some(sandbox_state(&args.data)),
    };
    let address = args.sandbox_listen;
    Sandbox::start_with_calls(config, called(server)?)
        .await
        .map_err(|why| DemoError::Listen {
            address,
            why,
            option: "--sandbox-listen",
        })
}

/// What the firms' numbers and applications do when they are called over Twilio's interface.
fn called(server: SocketAddr) -> Result<SandboxCalls, DemoError> {
    let voice_url = format!("http://{server}{VOICE}");
    let mut calls = SandboxCalls::default();
    for (text, _) in FIRM.numbers.iter().chain(OTHER_FIRM.numbers) {
        calls.numbers.push(SandboxVoice {
            number: e164(text)?,
            voice_url: voice_url.clone(),
            status_url: String::new(),
        });
    }
    for (account_sid, sid) in APPLICATIONS {
        calls.applications.push(SandboxApplication {
            sid: sid.to_owned(),
            account_sid: account_sid.to_owned(),
            voice_url: voice_url.clone(),
            status_url: String::new(),
        });
    }
    Ok(calls)
}

fn e164(text: &str) -> Result<E164, DemoError> {
    E164::parse(text).map_err(|_| DemoError::Defect("a number of the sample data is none"))
}

fn app(args: &Args, address: SocketAddr, sandbox: &RunningSandbox, store: Store, clock: Clock) -> Result<App, DemoError> {
    let public = PublicAddress::parse(&format!("http://{address}")).map_err(|_| DemoError::Defect("its own address is none"))?;
    let database = DatabaseAddress::new(args.database.as_deref().unwrap_or("sqlite"));
    let mut config = Config::local(address, database, public);
    for (name, (sid, application)) in ["demo", "other"].into_iter().zip(APPLICATIONS) {
        let account = TwilioAccount {
            account_sid: sid.to_owned(),
            auth_token: TOKEN.into(),
            secondary_auth_token: None,
            api_key: Some((API_KEY.0.to_owned(), API_KEY.1.into())),
            voice_application_sid: (args.voice == Voice::Twilio).then(|| application.to_owned()),
            deletes_recordings: false,
            base: sandbox.base().to_owned(),
        };
        config.twilio.insert(name.to_owned(), account);
    }
    config.recordings = args.data.join(RECORDINGS);
    config.voice = (args.voice == Voice::Local).then(|| VoiceSettings {
        listen: args.voice_listen,
        listen_tcp: None,
        advertise: Vec::new(),
        most_legs: MOST_LEGS,
        recordings: args.data.join(RECORDINGS),
        sounds: None,
        trunk: Some(TrunkSettings {
            address: sandbox.base().to_owned(),
            key: TRUNK_KEY.into(),
        }),
    });
    config.storage.folder = args.data.join("files");
    config.audit_key_file = args.data.join("audit-key");
    config.exports_folder = args.data.join("exports");
    let carriers = Carriers::of_config(&config).map_err(|_| DemoError::Defect("the sandbox's address is none"))?;
    Ok(App::new(config, store, clock, carriers))
}

/// Whether the firm's users are there.
struct IsSeeded(&'static DemoFirm);

impl Act for IsSeeded {
    type Out = bool;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<bool, StoreError> {
        Ok(users::credentials(tx, &format!("agent@{}", self.0.domain)).await?.is_some())
    }
}

async fn seed(app: &App, firm: &'static DemoFirm) -> Result<(), DemoError> {
    if app.store.read(IsSeeded(firm)).await? {
        return Ok(());
    }
    let hash = app.passwords.hash(PASSWORD.to_owned()).await;
    let password_hash = hash.map_err(|_| DemoError::Defect("its password cannot be hashed"))?;
    let organization: OrganizationId = mint();
    let act = Seed {
        organization,
        firm,
        password_hash,
        now: app.clock.now(),
    };
    app.store
        .write(organization, act)
        .await
        .map_err(|_| DemoError::Defect("its sample data cannot be stored"))
}

/// The sample of another case system beside the handsets.
async fn show_host(app: &App, server: SocketAddr, sandbox: &RunningSandbox) -> Result<(), DemoError> {
    let failed = |_| DemoError::Defect("its sample host cannot be set up");
    let token = BearerSecret::for_program().map_err(|_| DemoError::Defect("there is no randomness for a token"))?;
    let act = OpenHost {
        firm: &FIRM,
        origin: sandbox.base().to_owned(),
        token: token.clone(),
        now: app.clock.now(),
    };
    let organization = app.store.read(FindFirm(&FIRM)).await.map_err(failed)?;
    app.store.write(organization, act).await.map_err(failed)?;
    sandbox.show_host(host::sample(&FIRM, format!("http://{server}"), organization, &token));
    Ok(())
}

/// Starts the voice engine, with the handsets at the other end of its trunk; or has the sandbox carry calls as Twilio would.
fn carry_calls(args: &Args, app: &App, server: SocketAddr, sandbox: &RunningSandbox) -> Result<(), DemoError> {
    if args.voice == Voice::Twilio {
        return twilio::join(app, Some(sandbox.silent_browsers())).map_err(|why| DemoError::Folder {
            folder: args.data.clone(),
            why,
        });
    }
    let trunk = SandboxTrunk {
        server: format!("http://{server}"),
        key: TRUNK_KEY.into(),
        rings_for: RINGS_FOR,
    };
    sandbox.lay_trunk(trunk).map_err(|_| DemoError::Defect("its own address is none"))?;
    let Some(voice) = &app.config.voice else {
        return Ok(());
    };
    let opened = local::open(app, voice).map_err(|failure| match failure {
        OpenFailure::Engine(casewire_voice::OpenError::Io(why)) => DemoError::Listen {
            address: args.voice_listen,
            why,
            option: "--voice-listen",
        },
        OpenFailure::Recordings(why) => DemoError::Folder {
            folder: args.data.clone(),
            why,
        },
        OpenFailure::Engine(_) | OpenFailure::Trunk => DemoError::Defect("its voice engine cannot be started"),
    })?;
    opened.join(app);
    Ok(())
}

/// Says where to go and how to sign in.
fn greet(server: SocketAddr, sandbox: &RunningSandbox, voice: Voice) {
    let calls = match voice {
        Voice::Local => {
            "open a case, press the phone beside a contact, and answer at their handset; or call from a handset\n             \
             and answer here. Each side wants its own window and a microphone; supervisor@ can listen, whisper and barge."
        }
        Voice::Twilio => {
            "over Twilio's interface, in silence: a handset's calls are at GET /handsets/{number}/calls of the sandbox,\n             \
             and POST …/calls/{sid}/answer takes one; POST /handsets/{number}/calls {\"to\": …} calls the firm."
        }
    };
    let text = format!(
        "\n  Casewire demo\n\n  \
        Casewire   http://{server}/\n  \
        API        http://{server}/api/openapi.json\n  \
        Handsets   {}/   (text and call the firm as the outside party; answer its calls)\n  \
        Embedded   {}/host   (another case system with a case's messages in it)\n\n  \
        Sign in    agent@{domain}, paralegal@, attorney@, supervisor@, manager@, admin@, compliance@{domain}\n  \
        Password   {PASSWORD}\n  \
        Calls      {calls}\n  \
        Another firm on the same server: the same names at {other}\n\n  \
        Stop with Ctrl-C. What you did is kept; start anew with --fresh.\n\n",
        sandbox.base(),
        sandbox.base(),
        domain = FIRM.domain,
        other = OTHER_FIRM.domain,
    );
    // A terminal that is gone does not stop the demo.
    if std::io::stdout()
        .write_all(text.as_bytes())
        .and_then(|()| std::io::stdout().flush())
        .is_err()
    {
        tracing::warn!("the greeting could not be written");
    }
}
