//! The engine's sockets: one UDP port for all calls, and one for TCP where UDP is blocked (RFC 4571: two bytes of length before
//! each packet). A TCP peer that does not read loses packets; it never makes the media thread wait.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr, TcpListener, UdpSocket};
use std::time::Duration;

use socket2::SockRef;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::{Config, OpenError};
use crate::session::Reach;

/// What the kernel may hold for us while the thread is late: 4 MiB.
const RECEIVE_BUFFER: usize = 4 * 1024 * 1024;
/// The longest packet.
pub const LONGEST: usize = 2_000;
/// Packets that may wait for a TCP peer that reads slowly: one second.
const WAITING: usize = 64;
/// How long a TCP peer may send nothing: a call sends fifty packets a second.
const IDLE: Duration = Duration::from_secs(30);
/// TCP connections at once.
const MOST_STREAMS: usize = 1_024;

/// The sockets, bound and not yet in use.
pub struct Bound {
    /// All calls.
    pub udp: UdpSocket,
    /// The way out.
    pub tcp: Option<TcpListener>,
}

impl Bound {
    /// Binds them.
    pub fn open(config: &Config) -> std::io::Result<Self> {
        let udp = UdpSocket::bind(config.listen)?;
        udp.set_nonblocking(true)?;
        // The kernel gives what it allows; less is no error.
        if SockRef::from(&udp).set_recv_buffer_size(RECEIVE_BUFFER).is_err() {
            tracing::debug!("the receive buffer stays as it is");
        }
        let tcp = config.listen_tcp.map(TcpListener::bind).transpose()?;
        if let Some(tcp) = &tcp {
            tcp.set_nonblocking(true)?;
        }
        Ok(Self { udp, tcp })
    }

    /// What browsers are told.
    pub fn reach(&self, config: &Config) -> Result<Reach, OpenError> {
        let udp = advertised(self.udp.local_addr()?, &config.advertise)?;
        let tcp = match &self.tcp {
            Some(listener) => advertised(listener.local_addr()?, &config.advertise)?,
            None => Vec::new(),
        };
        Ok(Reach { udp, tcp })
    }
}

fn advertised(bound: SocketAddr, advertise: &[IpAddr]) -> Result<Vec<SocketAddr>, OpenError> {
    if !advertise.is_empty() {
        return Ok(advertise.iter().map(|ip| SocketAddr::new(*ip, bound.port())).collect());
    }
    if bound.ip().is_unspecified() {
        return Err(OpenError::NothingToAdvertise);
    }
    Ok(vec![bound])
}

/// A packet that came by TCP, or the end of its connection.
pub enum Came {
    /// A packet.
    Packet(SocketAddr, Vec<u8>),
    /// The connection is over.
    Ended(SocketAddr),
}

/// The TCP connections.
pub struct Streams {
    writers: HashMap<SocketAddr, mpsc::Sender<Vec<u8>>>,
    came: mpsc::Sender<Came>,
}

impl Streams {
    /// None yet. What comes is told to `came`.
    pub fn new(came: mpsc::Sender<Came>) -> Self {
        Self {
            writers: HashMap::new(),
            came,
        }
    }

    /// Takes a connection in.
    pub fn add(&mut self, stream: TcpStream, peer: SocketAddr) {
        if self.writers.len() >= MOST_STREAMS {
            return;
        }
        if stream.set_nodelay(true).is_err() {
            return;
        }
        let (reader, writer) = stream.into_split();
        let (packets, waiting) = mpsc::channel(WAITING);
        self.writers.insert(peer, packets);
        tokio::spawn(read(reader, peer, self.came.clone()));
        tokio::spawn(write(writer, waiting));
    }

    /// Forgets a connection.
    pub fn remove(&mut self, peer: SocketAddr) {
        self.writers.remove(&peer);
    }

    /// Sends a packet, or drops it where the peer is too slow.
    pub fn send(&self, peer: SocketAddr, packet: &[u8]) {
        if let Some(writer) = self.writers.get(&peer)
            && writer.try_send(packet.to_vec()).is_err()
        {
            tracing::trace!("a TCP peer reads too slowly");
        }
    }
}

async fn read(mut stream: tokio::net::tcp::OwnedReadHalf, peer: SocketAddr, came: mpsc::Sender<Came>) {
    while let Ok(Ok(length)) = timeout(IDLE, stream.read_u16()).await {
        let mut packet = vec![0; usize::from(length)];
        if packet.len() > LONGEST || stream.read_exact(&mut packet).await.is_err() {
            break;
        }
        if came.send(Came::Packet(peer, packet)).await.is_err() {
            return;
        }
    }
    if came.send(Came::Ended(peer)).await.is_err() {
        tracing::trace!("the engine stopped before its peer");
    }
}

async fn write(mut stream: tokio::net::tcp::OwnedWriteHalf, mut packets: mpsc::Receiver<Vec<u8>>) {
    while let Some(packet) = packets.recv().await {
        let Ok(length) = u16::try_from(packet.len()) else {
            continue;
        };
        let mut framed = length.to_be_bytes().to_vec();
        framed.extend(packet);
        if stream.write_all(&framed).await.is_err() {
            return;
        }
    }
}
