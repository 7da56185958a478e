//! Where a request comes from, for the limit on guesses: the connection's other end, or what a proxy that the operator trusts
//! says of it. Nobody else's `X-Forwarded-For` is believed.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;

use crate::state::App;

/// The address of whoever asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

impl FromRequestParts<App> for Peer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let socket = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map(|ConnectInfo(address)| address.ip());
        let socket = socket.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        Ok(Self(seen_by(socket, &parts.headers, &app.config.trusted_proxies)))
    }
}

/// The last address that no trusted proxy has.
fn seen_by(socket: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    if !trusted.contains(&socket) {
        return socket;
    }
    let lines: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|line| line.to_str().ok())
        .collect();
    let hops = lines
        .iter()
        .rev()
        .flat_map(|line| line.rsplit(','))
        .map(|hop| hop.trim().parse::<IpAddr>());
    for hop in hops {
        match hop {
            Ok(address) if trusted.contains(&address) => {}
            Ok(address) => return address,
            Err(_) => return socket,
        }
    }
    socket
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    fn seen(socket: &str, forwarded: &str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", forwarded.parse().unwrap());
        seen_by(socket.parse().unwrap(), &headers, &["10.0.0.1".parse().unwrap()]).to_string()
    }

    #[test]
    fn a_trusted_proxy_is_believed_and_nobody_else() {
        assert_eq!(seen("10.0.0.1", "203.0.113.9"), "203.0.113.9");
        assert_eq!(seen("198.51.100.7", "203.0.113.9"), "198.51.100.7");
    }

    #[test]
    fn what_the_asker_put_before_the_proxy_is_not_believed() {
        assert_eq!(seen("10.0.0.1", "1.1.1.1, 203.0.113.9, 10.0.0.1"), "203.0.113.9");
        assert_eq!(seen("10.0.0.1", "nonsense"), "10.0.0.1");
    }
}
