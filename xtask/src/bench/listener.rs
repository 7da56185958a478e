//! A subscribed socket: how long after its webhook was sent a text arrives as a frame.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::place::trouble;
use super::senders::{Letters, marker};
use super::town::READER;
use crate::process::Failure;

/// How long the last frames may take.
const LAST_WITHIN: Duration = Duration::from_secs(10);

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Sockets of the first organizations, one each.
pub struct Listeners {
    heard: mpsc::UnboundedReceiver<Duration>,
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

impl Listeners {
    /// Subscribes, and waits until each stream has begun.
    pub async fn subscribe(server: SocketAddr, sockets: u64, letters: &Arc<Letters>) -> Result<Self, Failure> {
        let (tell, heard) = mpsc::unbounded_channel();
        let mut tasks = Vec::new();
        for organization in 0..sockets {
            let socket = open(server, organization).await?;
            tasks.push(tokio::spawn(listen(socket, Arc::clone(letters), tell.clone())));
        }
        Ok(Self { heard, tasks })
    }

    /// Waits for so many frames in all; how long each took.
    pub async fn all(mut self, expected: usize) -> Result<Vec<Duration>, Failure> {
        let mut measured = Vec::with_capacity(expected);
        while measured.len() < expected {
            match tokio::time::timeout(LAST_WITHIN, self.heard.recv()).await {
                Ok(Some(took)) => measured.push(took),
                Ok(None) | Err(_) => {
                    let missing = expected - measured.len();
                    return Err(Failure::new(format!("{missing} of {expected} texts did not arrive on a socket")));
                }
            }
        }
        self.tasks.iter().for_each(tokio::task::JoinHandle::abort);
        Ok(measured)
    }
}

async fn open(server: SocketAddr, organization: u64) -> Result<Socket, Failure> {
    let mut request = format!("ws://{server}/ws/omnichannel/").into_client_request().map_err(trouble)?;
    let token = format!("Bearer {READER}{organization}").parse().map_err(trouble)?;
    request.headers_mut().insert("authorization", token);
    let (mut socket, _) = connect_async(request).await.map_err(trouble)?;
    match socket.next().await {
        Some(Ok(Message::Text(hello))) if hello.contains("\"hello\"") => Ok(socket),
        Some(Ok(_)) | None => Err(Failure::new("a socket did not begin with hello")),
        Some(Err(error)) => Err(trouble(error)),
    }
}

async fn listen(mut socket: Socket, letters: Arc<Letters>, tell: mpsc::UnboundedSender<Duration>) {
    while let Some(Ok(message)) = socket.next().await {
        let Message::Text(text) = message else { continue };
        // The time is taken before anything is read out of the frame.
        let arrived = |marker| letters.since(marker);
        let took = find(&text).and_then(arrived);
        if let Some(took) = took
            && tell.send(took).is_err()
        {
            return;
        }
    }
}

/// The marker in the frame of a text; cheap for what comes before the body is short.
fn find(frame: &str) -> Option<usize> {
    let (_, rest) = frame.split_once("\"body\":\"")?;
    marker(rest).or_else(|| {
        let frame: Value = serde_json::from_str(frame).ok()?;
        marker(frame.pointer("/message/body")?.as_str()?)
    })
}
