//! The life of a text in the sandbox: created by a send or by a handset, sent, delivered or not, canceled; STOP and START as
//! Twilio handles them. What follows outside, such as callbacks, is handed to `deliveries`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use casewire_core::phone::E164;

use super::answers::Problem;
use super::deliveries::{self, Due, Step};
use super::faults::Kind;
use super::world::{MediaItem, MediaSource, Message, Status, Way};
use super::{SandboxNumber, Shared};
use crate::twilio::form::Form;

/// Twilio's limit for a body, counted in UTF-16 units to be safe.
const LONGEST_BODY: usize = 1600;
/// Twilio's limit for what is attached.
const MOST_MEDIA: usize = 10;

/// A new id: a prefix and 32 random hexadecimal digits.
#[expect(clippy::disallowed_methods, reason = "ids of the sandbox are drawn here only")]
pub(super) fn new_sid(prefix: &str) -> Result<String, Problem> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|_| Problem::of(20500))?;
    Ok(bytes.iter().fold(prefix.to_owned(), |sid, byte| format!("{sid}{byte:02x}")))
}

/// Creates an outbound text from the fields of a send.
pub(super) fn create(shared: &Shared, account: &str, fields: &Form) -> Result<Message, Problem> {
    let to = fields.text("To").filter(|to| !to.is_empty()).ok_or(Problem::of(21604))?;
    let from = from(shared, account, fields)?;
    let body = fields.text("Body").unwrap_or_default();
    let urls: Vec<String> = fields.texts("MediaUrl").filter(|url| !url.is_empty()).collect();
    let status_callback = fields.text("StatusCallback").filter(|url| !url.is_empty());
    let refused = if E164::parse(&to).is_err() {
        Some(21211)
    } else if to == from {
        Some(21266)
    } else if body.is_empty() && urls.is_empty() {
        Some(21602)
    } else if body.encode_utf16().count() > LONGEST_BODY {
        Some(21617)
    } else if urls.len() > MOST_MEDIA {
        Some(21623)
    } else if urls.iter().any(|url| !is_web_address(url)) {
        Some(21620)
    } else if status_callback.as_deref().is_some_and(|url| !is_web_address(url)) {
        Some(21609)
    } else if shared.world().is_blocked(&from, &to) {
        Some(21610)
    } else {
        None
    };
    if let Some(code) = refused {
        return Err(Problem::of(code));
    }
    let media = urls.into_iter().map(linked_media).collect::<Result<Vec<_>, _>>()?;
    outbound(
        shared,
        account,
        Way::OutboundApi,
        Parties { from, to },
        body,
        media,
        status_callback,
    )
}

fn from(shared: &Shared, account: &str, fields: &Form) -> Result<String, Problem> {
    if fields.text("MessagingServiceSid").is_some_and(|sid| !sid.is_empty()) {
        return Err(Problem::of(21701));
    }
    let from = fields.text("From").filter(|from| !from.is_empty()).ok_or(Problem::of(21603))?;
    let number = E164::parse(&from).map_err(|_| Problem::of(21212))?;
    let owned = shared
        .config
        .numbers
        .iter()
        .any(|own| own.number == number && own.account_sid == account);
    if owned { Ok(from) } else { Err(Problem::of(21606)) }
}

pub(super) fn is_web_address(url: &str) -> bool {
    reqwest::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

struct Parties {
    from: String,
    to: String,
}

fn outbound(
    shared: &Shared,
    account: &str,
    way: Way,
    parties: Parties,
    body: String,
    media: Vec<MediaItem>,
    status_callback: Option<String>,
) -> Result<Message, Problem> {
    let now = shared.now();
    let message = Message {
        sid: new_sid(if media.is_empty() { "SM" } else { "MM" })?,
        account_sid: account.to_owned(),
        way,
        from: parties.from,
        to: parties.to,
        body,
        media,
        status: Status::Queued,
        error_code: None,
        status_callback,
        created_at: now,
        updated_at: now,
        sent_at: None,
    };
    shared.world().put(message.clone());
    deliveries::plan(
        shared,
        Due {
            after: shared.config.pace.sent_after,
            step: Step::Advance { sid: message.sid.clone() },
        },
    );
    Ok(message)
}

/// Takes an outbound text one step on.
pub(super) fn advance(shared: &Shared, sid: &str) {
    let now = shared.now();
    let mut world = shared.world();
    let Some(mut message) = world.message(sid).cloned() else {
        return;
    };
    let between = shared.config.pace.delivered_after.saturating_sub(shared.config.pace.sent_after);
    match message.status {
        Status::Queued => {
            message.status = Status::Sent;
            message.sent_at = Some(now);
        }
        Status::Sent => match world.faults.strike(Kind::FailDelivery, &[&message.from, &message.to]) {
            Some(fault) => {
                message.status = Status::Undelivered;
                message.error_code = Some(fault.code.unwrap_or(30003));
            }
            None => message.status = Status::Delivered,
        },
        Status::Delivered | Status::Undelivered | Status::Failed | Status::Canceled | Status::Received => return,
    }
    message.updated_at = now;
    world.put(message.clone());
    drop(world);
    let next = (!message.status.is_final()).then(|| Due {
        after: between,
        step: Step::Advance { sid: message.sid.clone() },
    });
    deliveries::plan_callback(shared, &message, next);
}

/// Ends an outbound text that cannot be sent.
pub(super) fn fail(shared: &Shared, sid: &str, code: u32) {
    let now = shared.now();
    let mut world = shared.world();
    let Some(mut message) = world.message(sid).cloned() else {
        return;
    };
    message.status = Status::Failed;
    message.error_code = Some(code);
    message.updated_at = now;
    world.put(message.clone());
    drop(world);
    deliveries::plan_callback(shared, &message, None);
}

/// Changes a text as `POST Messages/{sid}.json` does: an empty body redacts, the status `canceled` cancels.
pub(super) fn update(shared: &Shared, account: &str, sid: &str, fields: &Form) -> Result<Message, Problem> {
    let mut world = shared.world();
    let mut message = world
        .message(sid)
        .filter(|message| message.account_sid == account)
        .cloned()
        .ok_or(Problem::of(20404))?;
    match (fields.text("Status").as_deref(), fields.text("Body").as_deref()) {
        (Some("canceled"), None) if message.status == Status::Queued => message.status = Status::Canceled,
        (Some("canceled"), None) => return Err(Problem::of(30409)),
        (None, Some("")) if message.status.is_final() => message.body.clear(),
        (None, Some("")) => return Err(Problem::of(20009)),
        _ => return Err(Problem::of(20001)),
    }
    message.updated_at = shared.now();
    world.put(message.clone());
    drop(world);
    if message.status == Status::Canceled {
        deliveries::plan_callback(shared, &message, None);
    }
    Ok(message)
}

/// What a handset sends.
pub(super) struct FromHandset<'a> {
    pub from: &'a str,
    pub number: &'a SandboxNumber,
    pub body: &'a str,
    pub media: Vec<MediaItem>,
}

/// Takes a text from a handset, with Twilio's own reaction to STOP, START and HELP before anybody hears of it.
#[expect(clippy::disallowed_methods, reason = "the sandbox is the network: it knows all numbers")]
pub(super) fn receive(shared: &Shared, text: FromHandset<'_>) -> Result<Message, Problem> {
    let now = shared.now();
    let number = text.number.number.expose();
    let message = Message {
        sid: new_sid(if text.media.is_empty() { "SM" } else { "MM" })?,
        account_sid: text.number.account_sid.clone(),
        way: Way::Inbound,
        from: text.from.to_owned(),
        to: number.to_owned(),
        body: text.body.to_owned(),
        media: text.media,
        status: Status::Received,
        error_code: None,
        status_callback: None,
        created_at: now,
        updated_at: now,
        sent_at: Some(now),
    };
    let reply = {
        let mut world = shared.world();
        world.put(message.clone());
        let was_blocked = world.is_blocked(number, text.from);
        match carrier_word(text.body) {
            Some(CarrierWord::Stop) => {
                world.block(number, text.from);
                (!was_blocked).then_some("You have successfully been unsubscribed. You will not receive any more messages from this number. Reply START to resubscribe.")
            }
            Some(CarrierWord::Start) => {
                world.unblock(number, text.from);
                was_blocked.then_some("You have successfully been re-subscribed to messages from this number. Reply HELP for help. Reply STOP to unsubscribe. Msg&Data Rates May Apply.")
            }
            Some(CarrierWord::Help) => Some("Reply STOP to unsubscribe. Msg&Data Rates May Apply."),
            None => None,
        }
    };
    if let Some(reply) = reply {
        let parties = Parties {
            from: message.to.clone(),
            to: message.from.clone(),
        };
        outbound(
            shared,
            &message.account_sid,
            Way::OutboundReply,
            parties,
            reply.to_owned(),
            Vec::new(),
            None,
        )?;
    }
    deliveries::plan_inbound(shared, &message, text.number);
    Ok(message)
}

enum CarrierWord {
    Stop,
    Start,
    Help,
}

/// Twilio's default words for long codes; single words, in either case.
fn carrier_word(body: &str) -> Option<CarrierWord> {
    match body.trim().to_ascii_uppercase().as_str() {
        "STOP" | "STOPALL" | "UNSUBSCRIBE" | "CANCEL" | "END" | "QUIT" | "REVOKE" | "OPTOUT" => Some(CarrierWord::Stop),
        "START" | "YES" | "UNSTOP" => Some(CarrierWord::Start),
        "HELP" | "INFO" => Some(CarrierWord::Help),
        _ => None,
    }
}

/// Something attached by its address, or by a `data:` address that holds it.
pub(super) fn linked_media(url: String) -> Result<MediaItem, Problem> {
    let sid = new_sid("ME")?;
    if let Some(data) = url.strip_prefix("data:") {
        let (kind, held) = data.split_once(";base64,").ok_or(Problem::of(21620))?;
        STANDARD.decode(held).map_err(|_| Problem::of(21620))?;
        return Ok(MediaItem {
            sid,
            content_type: kind.to_owned(),
            source: MediaSource::Held(held.to_owned()),
        });
    }
    if !is_web_address(&url) {
        return Err(Problem::of(21620));
    }
    let path = url.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    let content_type = match path.rsplit_once('.').map(|(_, ending)| ending) {
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("png") => "image/png",
        Some("gif") => "image/gif",
        Some("pdf") => "application/pdf",
        Some("mp4") => "video/mp4",
        Some("txt") => "text/plain",
        Some(_) | None => "application/octet-stream",
    };
    Ok(MediaItem {
        sid,
        content_type: content_type.to_owned(),
        source: MediaSource::At(url),
    })
}
