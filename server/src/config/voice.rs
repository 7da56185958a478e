//! `[voice]`: whether this node carries calls by its own engine, where browsers send their audio, where recordings are kept, and the
//! trunk to the outside party. Without `listen` there is no engine.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use casewire_carriers::twilio::Secret;
use serde::Deserialize;

use super::ConfigError;
use super::file::{Addresses, Number};
use super::read::Reader;

/// How many legs there may be at once where the file does not say.
pub const MOST_LEGS: u32 = 600;

/// The folder of recordings where the file names none.
pub const RECORDINGS: &str = "recordings";

/// How this node carries calls by itself.
#[derive(Debug, Clone)]
pub struct VoiceSettings {
    /// The UDP address of all audio.
    pub listen: SocketAddr,
    /// The TCP address for networks that let no UDP through.
    pub listen_tcp: Option<SocketAddr>,
    /// The addresses that browsers are told; found out where there are none.
    pub advertise: Vec<IpAddr>,
    /// How many legs there may be at once.
    pub most_legs: u32,
    /// The folder of recordings and voicemails.
    pub recordings: PathBuf,
    /// The folder of a firm's own greeting, announcement and hold music.
    pub sounds: Option<PathBuf>,
    /// The way to the outside party; without it agents are only called by nobody.
    pub trunk: Option<TrunkSettings>,
}

/// The other end of the trunk.
#[derive(Debug, Clone)]
pub struct TrunkSettings {
    /// Scheme, host and port.
    pub address: String,
    /// The key that both ends share.
    pub key: Secret,
}

/// `[voice]` as it is written.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Voice {
    pub(super) listen: Option<String>,
    pub(super) listen_tcp: Option<String>,
    pub(super) advertise: Addresses,
    pub(super) most_legs: Option<Number>,
    pub(super) recordings: Option<String>,
    pub(super) sounds: Option<String>,
    pub(super) trunk: Option<String>,
    pub(super) trunk_key: Option<String>,
    pub(super) trunk_key_file: Option<String>,
}

impl std::fmt::Debug for Voice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Voice(..)")
    }
}

impl Reader<'_> {
    pub(super) fn voice(&self, voice: Voice) -> Result<Option<VoiceSettings>, ConfigError> {
        let key = self.secret("voice.trunk_key", voice.trunk_key, voice.trunk_key_file)?;
        let trunk = match (voice.trunk, key) {
            (None, None) => None,
            (Some(address), Some(key)) => Some(TrunkSettings {
                address,
                key: Secret::from(key.as_str()),
            }),
            (Some(_), None) => return Err(self.unusable("voice.trunk_key", "it is missing beside voice.trunk")),
            (None, Some(_)) => return Err(self.unusable("voice.trunk", "it is missing beside voice.trunk_key")),
        };
        let Some(listen) = voice.listen else {
            return match trunk {
                None => Ok(None),
                Some(_) => Err(self.unusable("voice.listen", "it is missing beside voice.trunk")),
            };
        };
        let unusable = |_| self.unusable("voice.advertise", "it is a list of IP addresses");
        let advertise = voice.advertise.texts().into_iter().map(|text| text.parse().map_err(unusable));
        Ok(Some(VoiceSettings {
            listen: self.address("voice.listen", &listen)?,
            listen_tcp: voice.listen_tcp.map(|text| self.address("voice.listen_tcp", &text)).transpose()?,
            advertise: advertise.collect::<Result<_, _>>()?,
            most_legs: self.count("voice.most_legs", voice.most_legs, MOST_LEGS)?,
            recordings: PathBuf::from(voice.recordings.unwrap_or_else(|| RECORDINGS.to_owned())),
            sounds: voice.sounds.map(PathBuf::from),
            trunk,
        }))
    }
}
