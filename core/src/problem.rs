//! The codes of every problem that the API can answer with: stable words that a program may rely on, each with its HTTP status
//! and a sentence. The mapping of errors to these is in the server; the list is a snapshot in its tests.

use serde::Serialize;

macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $status:literal, $title:literal;)*) => {
        /// What went wrong, as a program reads it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
        #[serde(rename_all = "snake_case")]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum ProblemCode {
            $($(#[$doc])* $name,)*
        }

        impl ProblemCode {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The stable word.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The HTTP status.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }

            /// A sentence for people.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }
        }
    };
}

problems! {
    /// Nobody is signed in.
    Unauthenticated = "unauthenticated", 401, "Sign in first";
    /// The e-mail address or the password is wrong.
    WrongCredentials = "wrong_credentials", 401, "The e-mail address or the password is wrong";
    /// The launch token of an embedded case view does not hold.
    LaunchTokenRefused = "launch_token_refused", 401, "This launch token was used, has expired, or is none";
    /// The right is missing.
    Forbidden = "forbidden", 403, "Your roles do not allow this";
    /// It does not exist, or not for this user.
    NotFound = "not_found", 404, "There is no such thing here";
    /// The path exists, the method does not.
    MethodNotAllowed = "method_not_allowed", 405, "This address does not take this method";
    /// The body is no JSON.
    InvalidJson = "invalid_json", 400, "The request body is not valid JSON";
    /// The request names a field that does not exist.
    UnknownField = "unknown_field", 422, "The request has a field that is not known";
    /// A field has a value that cannot be taken.
    InvalidField = "invalid_field", 422, "A field of the request cannot be taken as it is";
    /// A query parameter cannot be taken.
    InvalidQuery = "invalid_query", 422, "A query parameter cannot be taken as it is";
    /// The cursor was not made by this server for this list.
    InvalidCursor = "invalid_cursor", 422, "This cursor does not belong to this list";
    /// The body is larger than allowed.
    BodyTooLarge = "body_too_large", 413, "The request body is too large";
    /// Not JSON.
    UnsupportedMediaType = "unsupported_media_type", 415, "Send the request body as application/json";
    /// Too many tries.
    RateLimited = "rate_limited", 429, "Too many tries: wait a moment";
    /// Somebody else claimed it first.
    AlreadyClaimed = "already_claimed", 409, "Already claimed";
    /// It was not offered to that case.
    NotACandidate = "not_a_candidate", 409, "This text was not offered to this case";
    /// It is not unclaimed.
    NotUnclaimed = "not_unclaimed", 409, "This text is not unclaimed";
    /// It is not claimed.
    NotClaimed = "not_claimed", 409, "This text is not claimed";
    /// It is in that case already.
    AlreadyThere = "already_there", 409, "This text is in that case already";
    /// Unclaimed texts are claimed, not moved.
    ClaimInstead = "claim_instead", 409, "This text is unclaimed: claim it instead";
    /// The contact is linked already.
    ContactAlreadyAssociated = "contact_already_associated", 409, "Contact already associated with this case";
    /// Something with that name or number exists.
    AlreadyExists = "already_exists", 409, "This exists already";
    /// There are as many as there can be.
    LimitReached = "limit_reached", 409, "There are as many of these as there can be";
    /// The role went into no other one.
    NotMerged = "not_merged", 409, "This role was not merged into another one, or that was taken back already";
    /// Something still uses it.
    InUse = "in_use", 409, "This is still in use";
    /// The recipient asked not to be texted.
    RecipientOptedOut = "recipient_opted_out", 409, "This number has opted out of texts";
    /// The number belongs to nobody in this conversation.
    NotTheirNumber = "not_their_number", 422, "This number does not belong to that contact";
    /// The organization has no number to write from.
    NoNumber = "no_number", 409, "There is no organization number to write from";
    /// The contact has no number.
    NoPhone = "no_phone", 409, "This contact has no phone number";
    /// Only a text that failed can be retried.
    NotRetryable = "not_retryable", 409, "Only a text that failed, or whose outcome is unknown, can be retried";
    /// The assignee would not see the task.
    AssigneeWithoutAccess = "assignee_without_access", 409, "This person cannot see what the task is about";
    /// They are on a call already.
    CallInProgress = "call_in_progress", 409, "There is a call going on already";
    /// No browser of theirs takes calls.
    NoSoftphone = "no_softphone", 409, "No softphone is ready: open Casewire in a browser";
    /// This server carries no calls.
    NoLine = "no_line", 409, "This server carries no calls";
    /// The call is over.
    CallEnded = "call_ended", 409, "This call has ended";
    /// Nobody has taken the call yet, or it is at the machine.
    CallNotInProgress = "call_not_in_progress", 409, "This call is not in progress";
    /// It does not ring (at that user).
    CallNotRinging = "call_not_ringing", 409, "This call does not ring here";
    /// Another agent has it.
    NotYourCall = "not_your_call", 409, "Another agent is on this call";
    /// It is being handed over already.
    TransferPending = "transfer_pending", 409, "This call is being transferred already";
    /// It is not being handed over (to that user).
    NoTransfer = "no_transfer", 409, "This call is not being transferred there";
    /// The other agent cannot take it now.
    AgentUnavailable = "agent_unavailable", 409, "This agent cannot take a call now";
    /// Nobody supervises their own call.
    OwnCall = "own_call", 409, "This is your own call";
    /// They supervise it already.
    AlreadySupervising = "already_supervising", 409, "You supervise this call already";
    /// They do not supervise it.
    NotSupervising = "not_supervising", 409, "You do not supervise this call";
    /// There is nobody to speak to.
    AgentAway = "agent_away", 409, "The agent's connection is lost: only listening is possible";
    /// It is not being recorded.
    NotRecording = "not_recording", 409, "This call is not being recorded";
    /// The recording cannot be heard yet, or not any more.
    RecordingNotReady = "recording_not_ready", 409, "This recording cannot be heard";
    /// The call changed while it was looked at.
    CallChanged = "call_changed", 409, "The call changed meanwhile: look again";
    /// The audio of a call is carried elsewhere.
    NoLocalAudio = "no_local_audio", 409, "The audio of this call does not come to this server";
    /// The offer of a browser cannot be taken.
    OfferRefused = "offer_refused", 422, "This offer of audio cannot be taken";
    /// What carries calls failed.
    LineFailed = "line_failed", 502, "What carries calls did not do it";
    /// The export is not made yet, or could not be.
    ExportNotReady = "export_not_ready", 409, "This export has no file to fetch yet";
    /// The file of the export is kept no longer.
    ExportExpired = "export_expired", 410, "The file of this export is kept no longer: ask for a new one";
    /// A content of no bytes.
    EmptyDocument = "empty_document", 422, "This document is empty";
    /// Programs are not kept.
    UnsupportedDocument = "unsupported_document", 415, "Programs are not kept as documents";
    /// The content did not come to its end.
    UploadCut = "upload_cut", 400, "The document did not arrive to its end: send it again";
    /// Carriers do not take it.
    NotSendable = "not_sendable", 422, "This cannot be sent with a text";
    /// It is still being fetched.
    MediaWaiting = "media_waiting", 409, "This attachment is still being fetched from the carrier";
    /// It will not come.
    MediaGone = "media_gone", 410, "This attachment could not be had from the carrier";
    /// The range is outside of the content.
    RangeNotSatisfiable = "range_not_satisfiable", 416, "This range is outside of the document";
    /// No room for documents.
    StorageFull = "storage_full", 507, "There is no room for documents: nothing was stored";
    /// The storage cannot be reached.
    StorageUnavailable = "storage_unavailable", 503, "The storage of documents cannot be used just now: try again";
    /// The same key came with another request.
    IdempotencyKeyReused = "idempotency_key_reused", 422, "This Idempotency-Key was used for another request";
    /// The same request is still running.
    RequestInProgress = "request_in_progress", 409, "The first request with this Idempotency-Key is still running";
    /// The same request was done, and nobody knows any more how it was answered.
    AnswerLost = "answer_lost", 409, "This was done with this Idempotency-Key, but its answer is lost: read what you wanted to change";
    /// The database cannot be reached just now.
    Unavailable = "unavailable", 503, "Casewire cannot reach its database just now: nothing was changed, try again";
    /// The database was lost while it committed.
    OutcomeUnknown = "outcome_unknown", 503, "Casewire lost its database while saving: look whether it was done before you try again";
    /// The carrier's webhook is not signed.
    UnsignedWebhook = "unsigned_webhook", 403, "This webhook is not signed";
    /// The carrier's webhook is wrongly signed.
    WrongSignature = "wrong_signature", 403, "This webhook's signature is wrong";
    /// The carrier's account is not one of ours.
    ForeignAccount = "foreign_account", 403, "This webhook is of an account that is not ours";
    /// The carrier's webhook lacks something.
    MalformedWebhook = "malformed_webhook", 400, "This webhook lacks a field that it needs";
    /// A defect of ours.
    Internal = "internal", 500, "Something went wrong on our side";
}
