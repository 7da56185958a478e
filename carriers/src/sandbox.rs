//! Imitates Twilio on a loopback port, statefully: its REST interface (`rest`), its signed webhooks (`deliveries`), calls without
//! a sound (`calls`), faults on demand (`faults`), and handsets on which a person or a program plays the outside party (`handsets`,
//! and for calls `calls::phones` without audio, `trunk::phones` with it). Not for production: it keeps what it is told in memory, and
//! in one file if asked to. The product talks to it through its real Twilio adapter.

mod answers;
mod calls;
mod deliveries;
mod faults;
mod handsets;
pub mod host;
mod journal;
mod listing;
mod media;
mod messages;
mod record;
mod rest;
mod trunk;
mod world;

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use axum::extract::Request;
use casewire_core::phone::E164;
use casewire_core::time::Timestamp;
use hyper::service::{Service, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

pub use self::calls::{CannotDial, SilentBrowsers};
pub use self::record::RecordedRequest;
pub use self::trunk::SandboxTrunk;
use self::world::World;
use crate::trunk::TrunkFailure;
use crate::twilio::Secret;

/// Reads the time.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;
/// Moves the time on.
pub type ClockControl = Arc<dyn Fn(Duration) + Send + Sync>;

/// What the sandbox is to imitate.
#[derive(Clone)]
pub struct SandboxConfig {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The Twilio accounts that there are.
    pub accounts: Vec<SandboxAccount>,
    /// The firms' numbers.
    pub numbers: Vec<SandboxNumber>,
    /// Handsets that the page offers from the start. Any other number works as well.
    pub handsets: Vec<SandboxHandset>,
    /// How long texts take.
    pub pace: Pace,
    /// The only clock for all dates.
    pub clock: Clock,
    /// How `POST /clock` moves that clock on; without it the clock cannot be moved.
    pub clock_control: Option<ClockControl>,
    /// A file that keeps the state over a restart.
    pub persist: Option<PathBuf>,
}

/// A Twilio account.
#[derive(Debug, Clone)]
pub struct SandboxAccount {
    /// `AC` and 32 hexadecimal digits.
    pub sid: String,
    /// The token that authorizes requests and signs webhooks.
    pub token: Secret,
    /// API keys that authorize requests: `SK…` and secret.
    pub api_keys: Vec<(String, Secret)>,
}

/// A firm's number.
#[derive(Debug, Clone)]
pub struct SandboxNumber {
    /// The number.
    pub number: E164,
    /// The account that owns it.
    pub account_sid: String,
    /// Where inbound texts are posted to; its fragment may hold Twilio's delivery overrides (`#rc=3&rp=all`).
    pub sms_url: String,
}

/// A handset that the page offers.
#[derive(Debug, Clone)]
pub struct SandboxHandset {
    /// Its number.
    pub number: E164,
    /// Whose it is.
    pub label: String,
}

/// How long texts take, from when they were created.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Until an outbound text is sent.
    pub sent_after: Duration,
    /// Until it is delivered.
    pub delivered_after: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            sent_after: Duration::from_millis(50),
            delivered_after: Duration::from_millis(150),
        }
    }
}

/// What the sandbox is to imitate of calls.
#[derive(Debug, Clone, Default)]
pub struct SandboxCalls {
    /// What the firms' numbers do when they are called; a number that is not here rejects.
    pub numbers: Vec<SandboxVoice>,
    /// The applications through which browsers dial.
    pub applications: Vec<SandboxApplication>,
}

/// What a number does when it is called.
#[derive(Debug, Clone)]
pub struct SandboxVoice {
    /// The number; one of [`SandboxConfig::numbers`].
    pub number: E164,
    /// Where the document of an inbound call is fetched.
    pub voice_url: String,
    /// Where it is told that an inbound call is over; may be empty.
    pub status_url: String,
}

/// An application through which browsers dial.
#[derive(Debug, Clone)]
pub struct SandboxApplication {
    /// `AP` and 32 hexadecimal digits.
    pub sid: String,
    /// The account that owns it.
    pub account_sid: String,
    /// Where the document of a browser's call is fetched.
    pub voice_url: String,
    /// Where it is told that such a call is over; may be empty.
    pub status_url: String,
}

/// The sandbox; nothing but its [`Sandbox::start`].
#[derive(Debug, Clone, Copy)]
pub struct Sandbox;

/// A sandbox that runs. It ends when this is dropped; [`RunningSandbox::stop`] lets requests end first.
pub struct RunningSandbox {
    address: SocketAddr,
    shared: Arc<Shared>,
    stop: watch::Sender<()>,
    server: JoinHandle<()>,
    worker: JoinHandle<()>,
}

/// What all parts of a running sandbox share.
struct Shared {
    config: SandboxConfig,
    calls: SandboxCalls,
    base: String,
    world: Mutex<World>,
    due: mpsc::UnboundedSender<deliveries::Due>,
    http: reqwest::Client,
    host: OnceLock<host::SampleHost>,
    far_end: OnceLock<trunk::FarEnd>,
}

impl Shared {
    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Timestamp {
        (self.config.clock)()
    }
}

impl Sandbox {
    /// Starts to listen, with the state of an earlier run where there is a file of it.
    ///
    /// # Errors
    /// Where the address is taken, or the file cannot be read or written.
    pub async fn start(config: SandboxConfig) -> io::Result<RunningSandbox> {
        Self::start_with_calls(config, SandboxCalls::default()).await
    }

    /// The same with numbers that can be called, and applications through which browsers dial.
    ///
    /// # Errors
    /// Where the address is taken, or the file cannot be read or written.
    pub async fn start_with_calls(config: SandboxConfig, calls: SandboxCalls) -> io::Result<RunningSandbox> {
        let world = World::open(config.persist.as_deref())?;
        let listener = TcpListener::bind(config.listen).await?;
        let address = listener.local_addr()?;
        let (due, to_do) = mpsc::unbounded_channel();
        let http = deliveries::client().map_err(io::Error::other)?;
        let shared = Arc::new(Shared {
            base: format!("http://{address}"),
            config,
            calls,
            world: Mutex::new(world),
            due,
            http,
            host: OnceLock::new(),
            far_end: OnceLock::new(),
        });
        deliveries::resume(&shared);
        let worker = tokio::spawn(deliveries::work(Arc::clone(&shared), to_do));
        let (stop, stopped) = watch::channel(());
        let server = tokio::spawn(serve(listener, Arc::clone(&shared), stopped));
        Ok(RunningSandbox {
            address,
            shared,
            stop,
            server,
            worker,
        })
    }
}

impl RunningSandbox {
    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base address for [`crate::twilio::TwilioConfig`].
    #[must_use]
    pub fn base(&self) -> &str {
        &self.shared.base
    }

    /// Shows the sample of another case system at `/host`; what was shown first stays.
    pub fn show_host(&self, host: host::SampleHost) {
        if self.shared.host.set(host).is_err() {
            tracing::debug!("the sandbox shows a sample host already");
        }
    }

    /// Lays a trunk to a server with a voice engine, so that handsets ring and call; the first stays.
    ///
    /// # Errors
    /// Where the server's address is none.
    pub fn lay_trunk(&self, trunk: SandboxTrunk) -> Result<(), TrunkFailure> {
        if self.shared.far_end.set(trunk::FarEnd::new(trunk)?).is_err() {
            tracing::debug!("the sandbox has a trunk already");
        }
        Ok(())
    }

    /// The browsers of a trial without sound.
    #[must_use]
    pub fn silent_browsers(&self) -> SilentBrowsers {
        SilentBrowsers(Arc::clone(&self.shared))
    }

    /// The requests to the REST interface, oldest first; the newest ten thousand are kept.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.shared.world().requests.all()
    }

    /// Stops to listen and to deliver; requests that are under way may end.
    pub async fn stop(mut self) {
        self.worker.abort();
        self.stop.send_replace(());
        if let Some(far_end) = self.shared.far_end.get() {
            far_end.close();
        }
        if (&mut self.server).await.is_err() {
            tracing::warn!("the sandbox's server did not end well");
        }
    }
}

impl Drop for RunningSandbox {
    fn drop(&mut self) {
        self.worker.abort();
        self.server.abort();
    }
}

/// An answer with this among its extensions is not sent: the connection is dropped instead.
#[derive(Clone, Copy)]
struct DropConnection;

async fn serve(listener: TcpListener, shared: Arc<Shared>, mut stopped: watch::Receiver<()>) {
    let graceful = GracefulShutdown::new();
    let app = handsets::routes()
        .merge(calls::routes())
        .merge(host::routes())
        .merge(trunk::phones::routes())
        .fallback(rest::answer)
        .with_state(shared);
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stopped.changed() => break,
        };
        let Ok((stream, _)) = stream else {
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let app = TowerToHyperService::new(app.clone());
        let service = service_fn(move |request: Request<hyper::body::Incoming>| {
            let answer = app.call(request);
            async move {
                let response = answer.await.map_err(io::Error::other)?;
                match response.extensions().get::<DropConnection>() {
                    Some(DropConnection) => Err(io::Error::other("dropped on demand")),
                    None => Ok(response),
                }
            }
        });
        let connection = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
        let watched = graceful.watch(connection);
        tokio::spawn(async move {
            if watched.await.is_err() {
                tracing::debug!("a connection to the sandbox broke");
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(Duration::from_secs(5), graceful.shutdown()).await.is_err() {
        tracing::debug!("a request to the sandbox did not end in time");
    }
}
