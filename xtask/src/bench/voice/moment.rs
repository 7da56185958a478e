//! One call of three peers: how long it takes from a word until it is heard, and from a switch until the supervisor is.

use std::time::{Duration, Instant};

use casewire_voice::{Engine, FRAME, Role, Supervision};

use super::crowd::{Member, now};
use super::trouble;
use crate::load::latency::Latencies;
use crate::process::Failure;

const FRAME_TIME: Duration = Duration::from_millis(20);
const SILENCE: [i16; FRAME] = [0; FRAME];
const LOUD: [i16; FRAME] = [8_000; FRAME];
/// Louder than this is a word.
const WORD: i16 = 2_000;
/// How long one may take to be heard.
const PATIENCE: Duration = Duration::from_secs(5);

/// The three of a call.
pub struct Trio {
    agent: Member,
    outside: Member,
    boss: Member,
    next: Instant,
}

/// Who speaks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Speaker {
    Nobody,
    Agent,
    Boss,
}

/// Who is listened to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ear {
    Agent,
    Outside,
}

impl Trio {
    /// Connects them.
    pub async fn connect(engine: &Engine) -> Result<Self, Failure> {
        let bridge = engine.start().await.map_err(trouble)?;
        let mut trio = Self {
            agent: Member::enter(engine, bridge, Role::Agent).await?,
            outside: Member::enter(engine, bridge, Role::Outside).await?,
            boss: Member::enter(engine, bridge, Role::Supervisor(Supervision::Listen)).await?,
            next: now(),
        };
        let begun = now();
        while !(trio.agent.is_connected() && trio.outside.is_connected() && trio.boss.is_connected()) {
            if begun.elapsed() > PATIENCE * 4 {
                return Err(Failure::new("the peers do not connect"));
            }
            trio.frame(Speaker::Nobody, Ear::Agent).await?;
        }
        Ok(trio)
    }

    /// From the mouth of the agent to the ear of the outside party.
    pub async fn words(&mut self, times: usize) -> Result<Latencies, Failure> {
        let mut measured = Vec::new();
        for number in 0..times {
            self.quiet(Ear::Outside, number).await?;
            let said = now();
            let heard = self.until_heard(Speaker::Agent, Ear::Outside).await?;
            // The frame was spoken during the 20 ms before it was said.
            measured.push(heard.saturating_duration_since(said) + FRAME_TIME);
        }
        Ok(Latencies::of(measured))
    }

    /// From the command to whisper until the agent hears the supervisor, who speaks all the time.
    pub async fn switches(&mut self, engine: &Engine, times: usize) -> Result<Latencies, Failure> {
        let whisper = Supervision::Whisper { agent: self.agent.leg };
        let mut measured = Vec::new();
        for number in 0..times {
            engine.set_supervision(self.boss.leg, Supervision::Listen).await.map_err(trouble)?;
            for _ in 0..20 + number % 7 {
                self.frame(Speaker::Boss, Ear::Agent).await?;
            }
            let clicked = now();
            engine.set_supervision(self.boss.leg, whisper).await.map_err(trouble)?;
            let heard = self.until_heard(Speaker::Boss, Ear::Agent).await?;
            measured.push(heard.saturating_duration_since(clicked));
        }
        Ok(Latencies::of(measured))
    }

    /// Lets silence reach the ear, for a while that differs each time.
    async fn quiet(&mut self, ear: Ear, number: usize) -> Result<(), Failure> {
        for _ in 0..20 + number % 7 {
            self.frame(Speaker::Nobody, ear).await?;
        }
        Ok(())
    }

    async fn until_heard(&mut self, speaker: Speaker, ear: Ear) -> Result<Instant, Failure> {
        let begun = now();
        while begun.elapsed() < PATIENCE {
            if let Some(heard) = self.frame(speaker, ear).await? {
                return Ok(heard);
            }
        }
        Err(Failure::new("what is said is not heard"))
    }

    /// Says a frame and listens until the next; says when a word was heard first.
    async fn frame(&mut self, speaker: Speaker, ear: Ear) -> Result<Option<Instant>, Failure> {
        let said = |who: Speaker| if who == speaker { &LOUD } else { &SILENCE };
        self.agent.say(said(Speaker::Agent))?;
        self.boss.say(said(Speaker::Boss))?;
        self.outside.say(&SILENCE)?;
        self.next = (self.next + FRAME_TIME).max(now());
        let mut heard = None;
        while now() < self.next {
            let agent = self.agent.listen()?;
            let outside = self.outside.listen()?;
            self.boss.listen()?;
            let listened = match ear {
                Ear::Agent => agent,
                Ear::Outside => outside,
            };
            if listened.iter().flatten().any(|sample| *sample > WORD) {
                heard = heard.or(Some(now()));
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Ok(heard)
    }
}
