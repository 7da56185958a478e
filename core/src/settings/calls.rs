//! What an organization may choose about its calls: how long they ring, whether they are recorded and supervisors are announced, and
//! what its agents can say came of one. Recording is off until somebody said that the firm takes care of consent.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::SettingError;

/// The shortest and the longest time for which a call rings at an agent, in seconds.
pub const RING_SECONDS: std::ops::RangeInclusive<u64> = 5..=120;
/// The longest time for which an agent may be busy after a call, in seconds: an hour.
pub const LONGEST_WRAP_UP_SECONDS: u64 = 3600;
/// How many outcomes an organization may have to choose from.
pub const MOST_DISPOSITIONS: usize = 50;
/// The longest code and label of an outcome, in characters.
pub const LONGEST_DISPOSITION: usize = 60;

/// Whether calls are recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum RecordingMode {
    /// None is.
    Off,
    /// Every call is, after the announcement.
    On,
}

/// What both sides hear before a recording begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Announcement {
    /// A sentence that the call is recorded and may be monitored.
    Spoken,
    /// A tone; the agent says it.
    Tone,
}

/// Whether an agent is told that somebody supervises their call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum SupervisionNotice {
    /// They are not told.
    Silent,
    /// They see who, and how.
    TellAgent,
}

/// How calls are recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecordingSettings {
    /// Whether they are.
    pub mode: RecordingMode,
    /// What is heard before.
    pub announcement: Announcement,
    /// That the firm has the consent that the law asks of it; recording needs it.
    pub consent_ack: bool,
}

/// Something that an agent can say came of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Disposition {
    /// A stable word: small letters, digits and underscores.
    pub code: String,
    /// For people.
    pub label: String,
}

/// What an organization chose about its calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallSettings {
    /// How they are recorded.
    pub recording: RecordingSettings,
    /// Whether agents are told of supervisors.
    pub supervision_notice: SupervisionNotice,
    /// For how long a call rings at an agent, in seconds.
    pub ring_seconds: u64,
    /// For how long an agent may note what came of a call before the next one rings, in seconds.
    pub wrap_up_seconds: u64,
    /// Whether a machine takes what nobody takes.
    pub voicemail: bool,
    /// What can come of a call, in this order.
    pub dispositions: Vec<Disposition>,
}

impl Default for RecordingSettings {
    fn default() -> Self {
        Self {
            mode: RecordingMode::Off,
            announcement: Announcement::Spoken,
            consent_ack: false,
        }
    }
}

/// The outcomes that law firms' work knows.
const USUAL: [(&str, &str); 12] = [
    ("spoke", "Spoke with contact"),
    ("left_voicemail", "Left voicemail"),
    ("no_answer", "No answer"),
    ("wrong_number", "Wrong number"),
    ("disconnected", "Disconnected"),
    ("refused", "Refused"),
    ("represented", "Represented - contact counsel"),
    ("callback_requested", "Callback requested"),
    ("statement_taken", "Statement taken"),
    ("records_requested", "Records requested"),
    ("scheduled", "Scheduled"),
    ("interpreter_needed", "Interpreter needed"),
];

impl Default for CallSettings {
    fn default() -> Self {
        let usual = USUAL.iter().map(|(code, label)| Disposition {
            code: (*code).to_owned(),
            label: (*label).to_owned(),
        });
        Self {
            recording: RecordingSettings::default(),
            supervision_notice: SupervisionNotice::Silent,
            ring_seconds: 25,
            wrap_up_seconds: 60,
            voicemail: true,
            dispositions: usual.collect(),
        }
    }
}

impl CallSettings {
    /// For how long a call rings at an agent.
    #[must_use]
    pub const fn ring(&self) -> Duration {
        Duration::from_secs(self.ring_seconds)
    }

    /// For how long an agent may be busy after a call.
    #[must_use]
    pub const fn wrap_up(&self) -> Duration {
        Duration::from_secs(self.wrap_up_seconds)
    }

    /// Whether calls are recorded: the firm wants it, and answers for the consent.
    #[must_use]
    pub const fn records(&self) -> bool {
        matches!(self.recording.mode, RecordingMode::On) && self.recording.consent_ack
    }

    /// Whether an outcome is one of the list.
    #[must_use]
    pub fn knows(&self, code: &str) -> bool {
        self.dispositions.iter().any(|disposition| disposition.code == code)
    }

    /// Whether everything is within its bounds.
    ///
    /// # Errors
    /// The first that is not.
    pub fn check(&self) -> Result<(), SettingError> {
        let refused = |setting, allowed| Err(SettingError { setting, allowed });
        if matches!(self.recording.mode, RecordingMode::On) && !self.recording.consent_ack {
            return refused("calls.recording.consent_ack", "true where calls are recorded");
        }
        if !RING_SECONDS.contains(&self.ring_seconds) {
            return refused("calls.ring_seconds", "between 5 and 120 seconds");
        }
        if self.wrap_up_seconds > LONGEST_WRAP_UP_SECONDS {
            return refused("calls.wrap_up_seconds", "at most an hour (3600)");
        }
        let once = self.dispositions.iter().enumerate().all(|(place, one)| {
            self.dispositions
                .iter()
                .skip(place.saturating_add(1))
                .all(|other| other.code != one.code)
        });
        let fit = self.dispositions.iter().all(Disposition::is_fit);
        if !once || !fit || !(1..=MOST_DISPOSITIONS).contains(&self.dispositions.len()) {
            return refused(
                "calls.dispositions",
                "1 to 50 outcomes with different codes of small letters, digits and underscores, and labels on one line, of at most 60 characters",
            );
        }
        Ok(())
    }
}

impl Disposition {
    fn is_fit(&self) -> bool {
        let is_short = |text: &str| (1..=LONGEST_DISPOSITION).contains(&text.chars().count());
        let is_word = self.code.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        let is_line = !self.label.trim().is_empty() && !self.label.chars().any(char::is_control);
        is_short(&self.code) && is_word && is_short(&self.label) && is_line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recording_is_off_until_the_firm_answers_for_the_consent() {
        let mut settings = CallSettings::default();
        assert!(!settings.records() && settings.check().is_ok());
        settings.recording.mode = RecordingMode::On;
        assert!(!settings.records());
        assert_eq!(settings.check().map_err(|error| error.setting), Err("calls.recording.consent_ack"));
        settings.recording.consent_ack = true;
        assert!(settings.records() && settings.check().is_ok());
    }

    #[test]
    fn outcomes_have_different_codes_that_a_program_can_rely_on() {
        for (code, label) in [
            ("spoke", "Again"),
            ("", "Empty"),
            ("With Space", "x"),
            ("fine", " "),
            ("fine", "two\nlines"),
        ] {
            let mut settings = CallSettings::default();
            settings.dispositions.push(Disposition {
                code: code.to_owned(),
                label: label.to_owned(),
            });
            assert!(settings.check().is_err(), "{code} {label}");
        }
        let none = CallSettings {
            dispositions: Vec::new(),
            ..CallSettings::default()
        };
        assert!(none.check().is_err());
    }
}
