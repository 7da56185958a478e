//! The words for what is kept of a call: a recording of both sides, or a voicemail, and how far it is. Who may hear it is decided
//! where the call is.

use serde::{Deserialize, Serialize};

use super::status::UnknownWord;

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $variant:ident = $word:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum $name { $($(#[$word_doc])* $variant,)* }

        impl $name {
            /// The word in the database and on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }

        impl std::str::FromStr for $name {
            type Err = UnknownWord;
            fn from_str(word: &str) -> Result<Self, UnknownWord> {
                [$(Self::$variant),*].into_iter().find(|value| value.as_str() == word).ok_or(UnknownWord)
            }
        }
    )*};
}

words! {
    /// What was recorded.
    RecordingKind {
        /// A call, the agent left and everybody else right.
        Call = "call",
        /// What a caller said to the machine.
        Voicemail = "voicemail",
    }

    /// How far one recording is.
    RecordingState {
        /// It is being made.
        Running = "running",
        /// It can be heard.
        Ready = "ready",
        /// It could not be written.
        Failed = "failed",
    }

    /// Whether a call is being recorded, or was.
    Tape {
        /// It is not, and was not.
        None = "none",
        /// It is.
        Running = "running",
        /// Not at the moment: what is said now is not kept.
        Paused = "paused",
        /// It was; what was recorded can be heard.
        Ready = "ready",
        /// It was to be, and nothing was kept.
        Failed = "failed",
    }

    /// What an agent asks of a recording.
    RecordingOrder {
        /// Leave out what is said from now on.
        Paused = "paused",
        /// Go on.
        Running = "running",
    }
}

impl Tape {
    /// Whether the recording has begun and not ended.
    #[must_use]
    pub const fn is_on(self) -> bool {
        match self {
            Self::Running | Self::Paused => true,
            Self::None | Self::Ready | Self::Failed => false,
        }
    }
}
