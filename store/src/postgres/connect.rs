//! Connections to the server: settings, TLS, pools. With `sslmode=require` the certificate is verified against the roots of
//! the operating system (or `SSL_CERT_FILE`), which is stricter than libpq; with less there is no TLS.

use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{Hook, HookError, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use tokio::sync::mpsc;
use tokio_postgres::config::SslMode;
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{AsyncMessage, Client, Config, NoTls, Notification, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::failure;
use crate::error::StoreError;

/// How long a caller waits for a connection of the pool, and a connection for the server.
const PATIENCE: Duration = Duration::from_secs(5);
/// What a connection that writes is told first: a lock that somebody holds for longer than that is not waited for.
const WRITER: &str = "set lock_timeout = '3s'";
/// What one that reads is told: no act of a reader writes by mistake.
const READER: &str = "set lock_timeout = '3s'; set default_transaction_read_only = on";
/// After how much silence a peer is asked whether it lives, and after how much it counts as gone.
const SILENCE: Duration = Duration::from_secs(15);

/// The server and how to reach it.
#[derive(Clone)]
pub(crate) struct Server {
    config: Config,
    tls: Option<MakeRustlsConnect>,
}

impl Server {
    /// Adds what the URL leaves open.
    pub(crate) fn new(mut config: Config) -> Result<Self, StoreError> {
        if config.get_application_name().is_none() {
            config.application_name("casewire");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(PATIENCE);
        }
        config.keepalives_idle(SILENCE).tcp_user_timeout(SILENCE);
        let tls = if config.get_ssl_mode() == SslMode::Require {
            Some(tls()?)
        } else {
            None
        };
        if tls.is_none() {
            config.ssl_mode(SslMode::Disable);
        }
        Ok(Self { config, tls })
    }

    /// At most `size` connections to write with.
    pub(crate) fn writers(&self, size: usize) -> Result<Pool, StoreError> {
        self.pool(size, WRITER)
    }

    /// At most `size` connections on which every write is refused.
    pub(crate) fn readers(&self, size: usize) -> Result<Pool, StoreError> {
        self.pool(size, READER)
    }

    fn pool(&self, size: usize, first: &'static str) -> Result<Pool, StoreError> {
        let settings = ManagerConfig {
            recycling_method: RecyclingMethod::Fast,
        };
        let manager = match &self.tls {
            Some(tls) => Manager::from_config(self.config.clone(), tls.clone(), settings),
            None => Manager::from_config(self.config.clone(), NoTls, settings),
        };
        Pool::builder(manager)
            .max_size(size.max(1))
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(PATIENCE))
            .create_timeout(Some(PATIENCE))
            .post_create(Hook::async_fn(move |client, _| {
                Box::pin(async move { client.batch_execute(first).await.map_err(HookError::Backend) })
            }))
            .build()
            .map_err(|_| StoreError::bug("the pool has no runtime"))
    }

    /// A connection of its own, whose notifications arrive in the receiver; that ends when the connection does.
    pub(crate) async fn listener(&self) -> Result<(Client, mpsc::UnboundedReceiver<Notification>), StoreError> {
        match &self.tls {
            Some(tls) => listener(&self.config, tls.clone()).await,
            None => listener(&self.config, NoTls).await,
        }
    }
}

async fn listener<T>(config: &Config, tls: T) -> Result<(Client, mpsc::UnboundedReceiver<Notification>), StoreError>
where
    T: MakeTlsConnect<Socket>,
    T::Stream: Send + 'static,
    <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
{
    let (client, mut connection) = config.connect(tls).await.map_err(|error| failure::of_connecting(&error))?;
    let (sender, notifications) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Some(Ok(message)) = std::future::poll_fn(|context| connection.poll_message(context)).await {
            if let AsyncMessage::Notification(notification) = message
                && sender.send(notification).is_err()
            {
                break;
            }
        }
    });
    Ok((client, notifications))
}

fn tls() -> Result<MakeRustlsConnect, StoreError> {
    let mut roots = rustls::RootCertStore::empty();
    let (added, _) = roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if added == 0 {
        return Err(StoreError::Address(
            "TLS is asked for and the operating system has no root certificates",
        ));
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| StoreError::Address("TLS cannot be set up"))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}
