//! Between the server and the carrier, both ways: notes which inbound texts the server has acknowledged, as the carrier saw it,
//! and breaks the connection where the other side broke it. Until it is told otherwise it shows the server no list of inbound
//! texts, as a carrier whose lists are late, so that reconciliation cannot hide what a crash has lost.

use std::collections::BTreeSet;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use casewire_carriers::twilio::form::Form;
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONNECTION, CONTENT_LENGTH, HOST, TRANSFER_ENCODING};
use hyper::service::service_fn;
use hyper::{Method, Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::trouble::Trouble;
use crate::watch::Stopwatch;

/// Where the server receives inbound texts.
const INBOUND: &str = "/webhooks/twilio/messages";
/// Where the carrier is asked.
const CARRIER: &str = "/2010-04-01/";

/// The gate, open until it is dropped.
pub(crate) struct Gate {
    address: SocketAddr,
    keeper: Arc<Keeper>,
    task: JoinHandle<()>,
}

/// What all connections share.
struct Keeper {
    server: SocketAddr,
    carrier: OnceLock<SocketAddr>,
    http: reqwest::Client,
    shows_inbound: AtomicBool,
    under_way: AtomicUsize,
    last_webhook: Mutex<Stopwatch>,
    acknowledged: Mutex<BTreeSet<String>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Gate {
    /// Opens it in front of a server.
    pub(crate) async fn open(server: SocketAddr) -> Result<Self, Trouble> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let keeper = Arc::new(Keeper {
            server,
            carrier: OnceLock::new(),
            http: crate::api::http()?,
            shows_inbound: AtomicBool::new(false),
            under_way: AtomicUsize::new(0),
            last_webhook: Mutex::new(Stopwatch::start()),
            acknowledged: Mutex::default(),
        });
        let task = tokio::spawn(stand(listener, Arc::clone(&keeper)));
        Ok(Self { address, keeper, task })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where the carrier is.
    pub(crate) fn lead_to_carrier(&self, carrier: SocketAddr) {
        self.keeper.carrier.get_or_init(|| carrier);
    }

    /// From now on the server is shown the carrier's inbound texts.
    pub(crate) fn show_inbound(&self) {
        self.keeper.shows_inbound.store(true, Ordering::SeqCst);
    }

    /// How long no webhook has been under way.
    pub(crate) fn quiet_for(&self) -> Duration {
        if self.keeper.under_way.load(Ordering::SeqCst) > 0 {
            return Duration::ZERO;
        }
        locked(&self.keeper.last_webhook).elapsed()
    }

    /// The carrier's ids of the texts whose webhooks were answered with success.
    pub(crate) fn acknowledged(&self) -> BTreeSet<String> {
        locked(&self.keeper.acknowledged).clone()
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn stand(listener: TcpListener, keeper: Arc<Keeper>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let keeper = Arc::clone(&keeper);
        tokio::spawn(async move {
            let service = service_fn(move |request| {
                let keeper = Arc::clone(&keeper);
                async move { keeper.pass(request).await }
            });
            // It ends badly whenever the other side broke the connection, which is what a trial is about.
            drop(
                hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service)
                    .await,
            );
        });
    }
}

/// A webhook that is under way; until this is dropped, also where the carrier has lost its patience and hung up.
struct UnderWay<'k>(&'k Keeper);

impl<'k> UnderWay<'k> {
    fn begin(keeper: &'k Keeper) -> Self {
        keeper.under_way.fetch_add(1, Ordering::SeqCst);
        Self(keeper)
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        *locked(&self.0.last_webhook) = Stopwatch::start();
        self.0.under_way.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Keeper {
    async fn pass(&self, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, io::Error> {
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
        if path.starts_with(CARRIER) {
            let carrier = self
                .carrier
                .get()
                .copied()
                .ok_or_else(|| io::Error::other("there is no carrier yet"))?;
            if self.hides(request.method(), &path) {
                return Ok(Response::new(Full::from(r#"{"messages":[],"next_page_uri":null}"#)));
            }
            return self.forward(carrier, &path, request).await.map(|(answer, _)| answer);
        }
        let _under_way = UnderWay::begin(self);
        let (answer, said) = self.forward(self.server, &path, request).await?;
        if path.starts_with(INBOUND) && answer.status().is_success() {
            locked(&self.acknowledged).extend(Form::decode(&said).text("MessageSid"));
        }
        Ok(answer)
    }

    /// The list of texts to a number, whoever wrote them, is that of inbound texts.
    fn hides(&self, method: &Method, path: &str) -> bool {
        let is_list = method == Method::GET && path.contains("/Messages.json?") && path.contains("To=") && !path.contains("From=");
        is_list && !self.shows_inbound.load(Ordering::SeqCst)
    }

    /// Passes a request on; the answer, and what the request said.
    async fn forward(&self, to: SocketAddr, path: &str, request: Request<Incoming>) -> Result<(Response<Full<Bytes>>, Bytes), io::Error> {
        let (head, body) = request.into_parts();
        let said = body.collect().await.map_err(io::Error::other)?.to_bytes();
        let mut onward = self.http.request(head.method, format!("http://{to}{path}"));
        for (name, value) in &head.headers {
            if ![HOST, CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING].contains(name) {
                onward = onward.header(name, value);
            }
        }
        let answer = onward.body(said.clone()).send().await.map_err(io::Error::other)?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        let mut passed = Response::new(Full::from(answer.bytes().await.map_err(io::Error::other)?));
        *passed.status_mut() = status;
        for (name, value) in &headers {
            if ![CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING].contains(name) {
                passed.headers_mut().append(name, value.clone());
            }
        }
        Ok((passed, said))
    }
}
