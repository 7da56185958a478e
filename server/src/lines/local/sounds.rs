//! What callers and agents hear of the machine: the ringing tone, the greeting and the tone of the voicemail, the announcement of a
//! recording, the music on hold. Made of tones unless a firm has files of its own in the folder of sounds; none is anybody else's.

use std::path::PathBuf;

use casewire_core::id::{Id as _, OrganizationId};
use casewire_core::settings::calls::Announcement;
use casewire_voice::Clip;

/// A file longer than this is not a telephone sound: five minutes of 16 bits.
const LONGEST: usize = 5 * 60 * 16_000;

/// All sounds.
pub(super) struct Sounds {
    folder: Option<PathBuf>,
    /// The North American ringing tone: two seconds on, four off.
    pub ringing: Clip,
    greeting: Clip,
    spoken: Clip,
    tone: Clip,
    hold: Clip,
}

impl Sounds {
    pub fn new(folder: Option<PathBuf>) -> Self {
        let ringing = Clip::tone(440.0, 2_000).with(&Clip::tone(480.0, 2_000));
        let chime = |hertz: f32| Clip::tone(hertz, 450).fading(1);
        let beep = Clip::tone(1_000.0, 400);
        let rising = [chime(523.3), chime(659.3), chime(784.0), Clip::silence(400), beep];
        // Slow and soft: it is heard for minutes.
        let notes = [523.3, 784.0, 587.3, 784.0, 523.3, 587.3, 784.0, 587.3];
        let slow = notes.map(|hertz| Clip::joined(&[Clip::tone(hertz, 1_400).fading(3), Clip::silence(200)]));
        Self {
            folder,
            ringing: Clip::joined(&[ringing, Clip::silence(4_000)]),
            greeting: Clip::joined(&rising),
            spoken: Clip::joined(&[chime(784.0), chime(587.3), Clip::silence(200)]),
            tone: Clip::joined(&[Clip::tone(1_400.0, 300), Clip::silence(200)]),
            hold: Clip::joined(&slow),
        }
    }

    /// What a caller hears before they can speak to the machine, with the tone at its end.
    pub async fn greeting(&self, organization: OrganizationId) -> Clip {
        match self.own(organization, "greeting.wav").await {
            Some(own) => Clip::joined(&[own, Clip::silence(200), Clip::tone(1_000.0, 400)]),
            None => self.greeting.clone(),
        }
    }

    /// What both sides hear before a recording begins. A sentence is spoken where the firm has one; a chime stands for it elsewhere.
    pub async fn announcement(&self, organization: OrganizationId, announcement: Announcement) -> Clip {
        match announcement {
            Announcement::Tone => self.tone.clone(),
            Announcement::Spoken => self
                .own(organization, "announcement.wav")
                .await
                .unwrap_or_else(|| self.spoken.clone()),
        }
    }

    /// What the outside party hears on hold, over and over.
    pub async fn hold(&self, organization: OrganizationId) -> Clip {
        self.own(organization, "hold.wav").await.unwrap_or_else(|| self.hold.clone())
    }

    /// A file of the firm's, else one for all firms.
    async fn own(&self, organization: OrganizationId, name: &str) -> Option<Clip> {
        let folder = self.folder.as_ref()?;
        let theirs = folder.join(organization.uuid().simple().to_string()).join(name);
        for path in [theirs, folder.join(name)] {
            let Ok(bytes) = tokio::fs::read(&path).await else {
                continue;
            };
            match Clip::from_wav(&bytes) {
                Ok(clip) if clip.length() > 0 && bytes.len() <= LONGEST => return Some(clip),
                Ok(_) => tracing::warn!(file = name, "a sound is empty, or longer than five minutes"),
                Err(error) => tracing::warn!(file = name, %error, "a sound cannot be played"),
            }
        }
        None
    }
}
