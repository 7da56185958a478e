//! Whether this node can carry calls by itself: its ports, its addresses, the folder of recordings, the trunk, and whether browsers
//! will give it a microphone.

use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::path::Path;

use casewire_carriers::trunk::{ORDERS, Trunk, TrunkFailure, TrunkOrder};
use casewire_store::mint;

use super::Findings;
use crate::clock::Clock;
use crate::config::{Config, TrunkSettings};

/// Looks at what `[voice]` says.
pub(super) async fn look(findings: &mut Findings, config: &Config) {
    let Some(voice) = &config.voice else {
        findings.note("voice: there is no [voice] listen, so this node carries no calls by its own engine");
        return;
    };
    port(findings, "UDP", voice.listen, UdpSocket::bind(voice.listen).map(drop));
    if let Some(tcp) = voice.listen_tcp {
        port(findings, "TCP", tcp, TcpListener::bind(tcp).map(drop));
    }
    let advertised = if voice.advertise.is_empty() {
        casewire_voice::addresses_of_this_machine()
    } else {
        voice.advertise.clone()
    };
    if voice.listen.ip().is_loopback() || advertised.iter().all(std::net::IpAddr::is_loopback) {
        findings.note("voice: only browsers on this machine reach its audio: set voice.listen and voice.advertise for others");
    } else {
        let told: Vec<String> = advertised.iter().map(ToString::to_string).collect();
        findings.fine(&format!("voice: browsers are told to send audio to {}", told.join(" and ")));
    }
    folder(findings, &voice.recordings);
    microphone(findings, config);
    match &voice.trunk {
        None => findings.note("voice: there is no trunk, so nobody outside can be called"),
        Some(trunk) => reach(findings, trunk).await,
    }
}

fn port(findings: &mut Findings, kind: &str, address: SocketAddr, bound: std::io::Result<()>) {
    match bound {
        Ok(()) => findings.fine(&format!("voice: {kind} {address} is free for audio")),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            findings.note(&format!("voice: {kind} {address} is in use: fine if by Casewire itself"));
        }
        Err(error) => findings.wrong(&format!("voice: {kind} {address} cannot be listened at: {error}")),
    }
}

fn folder(findings: &mut Findings, folder: &Path) {
    let probe = folder.join(".casewire-doctor");
    let written = std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(&probe, b""))
        .and_then(|()| std::fs::remove_file(&probe));
    match written {
        Ok(()) => findings.fine("voice: the folder of recordings can be written"),
        Err(error) => findings.wrong(&format!(
            "voice: the folder of recordings {} cannot be written: {error}",
            folder.display()
        )),
    }
}

/// Browsers give a microphone to pages over HTTPS and to this machine's own, and to no other.
fn microphone(findings: &mut Findings, config: &Config) {
    let address = config.public_address.url("");
    let own = ["http://127.", "http://localhost", "http://[::1]"];
    if address.starts_with("https://") || own.iter().any(|start| address.starts_with(start)) {
        findings.fine("voice: browsers give this address a microphone");
    } else {
        findings.wrong("voice: no browser gives a page over plain HTTP a microphone: use https:// in public_address");
    }
}

async fn reach(findings: &mut Findings, trunk: &TrunkSettings) {
    let asked = match Trunk::to(&trunk.address, ORDERS, trunk.key.clone()) {
        Err(failure) => Err(failure),
        // No call has this id: hanging it up changes nothing.
        Ok(way) => way.post(&TrunkOrder::HangUp { call: mint() }, Clock::System.now()).await,
    };
    match asked {
        Ok(()) => findings.fine("voice: the other end of the trunk answers and takes our key"),
        Err(TrunkFailure::Refused(403)) => findings.wrong("voice: the other end of the trunk has another key, or another time"),
        Err(failure) => findings.wrong(&format!("voice: {failure}")),
    }
}
