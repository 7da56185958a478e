//! Who hears whom: the one policy of the audio, a pure function that the mixer asks for every listener and source on every frame.
//! Nothing else in Casewire decides it; `casewire-core` decides who may be what.

use crate::id::LegId;

/// What a supervisor does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Supervision {
    /// Hears everybody, is heard by nobody.
    Listen,
    /// Is heard by this agent only.
    Whisper {
        /// The agent's leg.
        agent: LegId,
    },
    /// Is heard by everybody.
    Barge,
}

/// What somebody is on a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The firm's side.
    Agent,
    /// The other side.
    Outside,
    /// A guest of the firm's, of whom the outside party may not know.
    Supervisor(Supervision),
}

/// A microphone, as the server sees to it; what the browser does is no matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Microphone {
    /// Heard by whom the role allows.
    Open,
    /// Heard by nobody.
    Muted,
}

/// Whether somebody takes part in the talk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// They do.
    Talking,
    /// They neither hear nor are heard.
    OnHold,
}

/// Somebody on a call, as far as it matters to who hears whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Party {
    /// Their leg.
    pub leg: LegId,
    /// What they are.
    pub role: Role,
    /// Their microphone.
    pub microphone: Microphone,
    /// Whether they take part.
    pub hold: Hold,
}

/// Who or what listens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listener {
    /// Somebody on the call.
    Party(Party),
    /// The recording, which is of what the outside party says and may hear.
    Recording {
        /// Whether the outside party takes part: what is said behind their back is not of the call.
        outside: Hold,
    },
}

/// Whether `listener` hears `source`.
#[must_use]
pub fn hears(listener: Listener, source: Party) -> bool {
    let audible = match (source.microphone, source.hold) {
        (Microphone::Open, Hold::Talking) => true,
        (Microphone::Muted, _) | (Microphone::Open, Hold::OnHold) => false,
    };
    let listening = match listener {
        Listener::Party(party) => party.leg != source.leg && party.hold == Hold::Talking,
        Listener::Recording { outside } => outside == Hold::Talking,
    };
    let allowed = match source.role {
        Role::Agent | Role::Outside | Role::Supervisor(Supervision::Barge) => true,
        Role::Supervisor(Supervision::Listen) => false,
        Role::Supervisor(Supervision::Whisper { agent }) => match listener {
            Listener::Party(party) => party.leg == agent && party.role == Role::Agent,
            Listener::Recording { .. } => false,
        },
    };
    audible && listening && allowed
}

#[cfg(test)]
mod tests {
    use super::*;

    const AGENT: LegId = LegId(1);
    const SECOND_AGENT: LegId = LegId(2);
    const OUTSIDE: LegId = LegId(3);
    const BOSS: LegId = LegId(4);
    const SECOND_BOSS: LegId = LegId(5);

    const MODES: [(&str, Supervision); 3] = [
        ("listen", Supervision::Listen),
        ("whisper", Supervision::Whisper { agent: AGENT }),
        ("barge", Supervision::Barge),
    ];

    fn party(leg: LegId, role: Role) -> Party {
        Party {
            leg,
            role,
            microphone: Microphone::Open,
            hold: Hold::Talking,
        }
    }

    fn call(first: Supervision, second: Supervision) -> Vec<(&'static str, Party)> {
        vec![
            ("agent", party(AGENT, Role::Agent)),
            ("second agent", party(SECOND_AGENT, Role::Agent)),
            ("outside", party(OUTSIDE, Role::Outside)),
            ("boss", party(BOSS, Role::Supervisor(first))),
            ("second boss", party(SECOND_BOSS, Role::Supervisor(second))),
        ]
    }

    /// The table as words: a line per listener with everybody they hear.
    fn table(parties: &[(&'static str, Party)]) -> Vec<(String, Vec<&'static str>)> {
        let outside = parties.iter().find(|(_, party)| party.role == Role::Outside);
        let recording = Listener::Recording {
            outside: outside.map_or(Hold::Talking, |(_, party)| party.hold),
        };
        let listeners = parties
            .iter()
            .map(|(name, party)| (*name, Listener::Party(*party)))
            .chain([("recording", recording)]);
        listeners
            .map(|(name, listener)| {
                let heard = parties.iter().filter(|(_, source)| hears(listener, *source)).map(|(name, _)| *name);
                (name.to_owned(), heard.collect())
            })
            .collect()
    }

    /// The same from the sentences of the requirement, without looking at the function.
    fn expected(first: &str, second: &str) -> Vec<(String, Vec<&'static str>)> {
        ["agent", "second agent", "outside", "boss", "second boss", "recording"]
            .into_iter()
            .map(|listener| {
                let mut heard: Vec<&'static str> = ["agent", "second agent", "outside"]
                    .into_iter()
                    .filter(|source| *source != listener)
                    .collect();
                for (source, mode) in [("boss", first), ("second boss", second)] {
                    if source != listener && (mode == "barge" || (mode == "whisper" && listener == "agent")) {
                        heard.push(source);
                    }
                }
                (listener.to_owned(), heard)
            })
            .collect()
    }

    #[test]
    fn everybody_hears_whom_the_modes_of_both_supervisors_allow_and_nobody_else() {
        for (first_word, first) in MODES {
            for (second_word, second) in MODES {
                assert_eq!(
                    table(&call(first, second)),
                    expected(first_word, second_word),
                    "{first_word}, {second_word}"
                );
            }
        }
    }

    #[test]
    fn a_muted_party_is_heard_by_nobody_and_hears_as_before() {
        for muted in 0..5 {
            let mut parties = call(Supervision::Barge, Supervision::Barge);
            let before = table(&parties);
            let name = parties.get_mut(muted).map_or("", |(name, party)| {
                party.microphone = Microphone::Muted;
                name
            });
            let without: Vec<_> = before
                .into_iter()
                .map(|(listener, heard)| (listener, heard.into_iter().filter(|source| *source != name).collect::<Vec<_>>()))
                .collect();
            assert_eq!(table(&parties), without, "{name}");
        }
    }

    #[test]
    fn whoever_is_on_hold_neither_hears_nor_is_heard_and_nothing_of_it_is_recorded() {
        let mut parties = call(Supervision::Barge, Supervision::Whisper { agent: AGENT });
        for (_, party) in &mut parties {
            if party.role == Role::Outside {
                party.hold = Hold::OnHold;
            }
        }
        assert_eq!(
            table(&parties),
            [
                ("agent", vec!["second agent", "boss", "second boss"]),
                ("second agent", vec!["agent", "boss"]),
                ("outside", vec![]),
                ("boss", vec!["agent", "second agent"]),
                ("second boss", vec!["agent", "second agent", "boss"]),
                ("recording", vec![]),
            ]
            .map(|(name, heard)| (name.to_owned(), heard))
        );
    }

    #[test]
    fn a_whisper_to_a_leg_that_is_no_agent_is_heard_by_nobody() {
        for target in [OUTSIDE, SECOND_BOSS, BOSS, LegId(99)] {
            let parties = call(Supervision::Whisper { agent: target }, Supervision::Listen);
            assert!(table(&parties).iter().all(|(_, heard)| !heard.contains(&"boss")), "{target:?}");
        }
    }
}
