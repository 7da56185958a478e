//! What the sandbox does later: takes texts and calls on, and posts signed webhooks with retries as the overrides in the address's
//! fragment say (twilio.com/docs/usage/webhooks/webhooks-connection-overrides). At most [`AT_ONCE`] posts run at a time.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use reqwest::redirect;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

use super::answers::segment_count;
use super::calls::{self, Later};
use super::faults::{Faults, Kind};
use super::media;
use super::messages::{self, new_sid};
use super::world::{Message, Way, World};
use super::{SandboxNumber, Shared};
use crate::tls;
use crate::twilio::form::Form;
use crate::twilio::signature::{Algorithm, Content, sign};

/// Webhooks that are posted at the same time.
const AT_ONCE: usize = 64;
/// How late a reordered webhook comes where the fault does not say.
const REORDERED: Duration = Duration::from_millis(500);

/// A step and when to take it.
#[derive(Clone)]
pub(super) struct Due {
    pub after: Duration,
    pub step: Step,
}

/// What there is to do.
#[derive(Clone)]
pub(super) enum Step {
    /// Take an outbound text on.
    Advance { sid: String },
    /// Post a webhook.
    Post(Post),
    /// Take a call on.
    Call(Later),
}

/// A webhook on its way.
#[derive(Clone)]
pub(super) struct Post {
    account_sid: String,
    url: String,
    form: Form,
    /// The same for all tries of one delivery.
    token: String,
    tried: u32,
    /// What waits for the first try, so that without faults the states of a text are told in their order.
    then: Option<Box<Due>>,
    /// The leg, conference or recording whose next webhook waits for the first try.
    lane: Option<String>,
}

/// A webhook about a call.
pub(super) struct Told {
    pub account_sid: String,
    pub lane: String,
    pub url: String,
    pub form: Form,
}

/// The HTTP client for webhooks; each post has its own time limit.
#[expect(clippy::disallowed_methods, reason = "the sandbox posts webhooks as the carrier does")]
pub(super) fn client() -> Result<reqwest::Client, reqwest::Error> {
    tls::install();
    reqwest::Client::builder()
        .user_agent("TwilioProxy/1.1")
        .redirect(redirect::Policy::none())
        .no_proxy()
        .build()
}

/// Puts a step on the list.
pub(super) fn plan(shared: &Shared, due: Due) {
    if shared.due.send(due).is_err() {
        tracing::debug!("the sandbox is stopping; a step is left out");
    }
}

/// Goes on with the outbound texts that an earlier run left on their way.
pub(super) fn resume(shared: &Shared) {
    let open: Vec<String> = shared
        .world()
        .oldest_first()
        .filter(|message| !message.status.is_final())
        .map(|message| message.sid.clone())
        .collect();
    for sid in open {
        plan(
            shared,
            Due {
                after: shared.config.pace.sent_after,
                step: Step::Advance { sid },
            },
        );
    }
}

/// Takes the steps when they are due, until it is aborted; then none goes on.
pub(super) async fn work(shared: Arc<Shared>, mut to_do: mpsc::UnboundedReceiver<Due>) {
    let permits = Arc::new(Semaphore::new(AT_ONCE));
    let mut running = JoinSet::new();
    loop {
        tokio::select! {
            due = to_do.recv() => match due {
                Some(due) => {
                    running.spawn(take(Arc::clone(&shared), Arc::clone(&permits), due));
                }
                None => return,
            },
            Some(ended) = running.join_next() => if ended.is_err() {
                tracing::error!("a step of the sandbox did not end well");
            },
        }
    }
}

async fn take(shared: Arc<Shared>, permits: Arc<Semaphore>, due: Due) {
    tokio::time::sleep(due.after).await;
    match due.step {
        Step::Advance { sid } => match media::fetch(&shared, &sid).await {
            Ok(()) => messages::advance(&shared, &sid),
            Err(media::Unfetched) => messages::fail(&shared, &sid, media::UNFETCHED),
        },
        Step::Call(later) => calls::later(&shared, later).await,
        Step::Post(post) => {
            if let Ok(_permit) = permits.acquire().await {
                deliver(&shared, post).await;
            }
        }
    }
}

/// Plans the webhook of an inbound text.
pub(super) fn plan_inbound(shared: &Shared, message: &Message, number: &SandboxNumber) {
    let mut form = Form::default()
        .with("ToCountry", "US")
        .with("SmsMessageSid", &message.sid)
        .with("NumMedia", message.media.len().to_string())
        .with("SmsSid", &message.sid)
        .with("SmsStatus", "received")
        .with("Body", &message.body)
        .with("FromCountry", "US")
        .with("To", &message.to)
        .with("NumSegments", segment_count(&message.body).to_string())
        .with("MessageSid", &message.sid)
        .with("AccountSid", &message.account_sid)
        .with("From", &message.from)
        .with("ApiVersion", "2010-04-01");
    for (index, item) in message.media.iter().enumerate() {
        let url = format!(
            "{}/2010-04-01/Accounts/{}/Messages/{}/Media/{}",
            shared.base, message.account_sid, message.sid, item.sid
        );
        form.push(&format!("MediaUrl{index}"), url);
        form.push(&format!("MediaContentType{index}"), &item.content_type);
    }
    let kinds = Kinds {
        drop: Kind::InboundDrop,
        late: &[Kind::InboundReorder],
        twice: Kind::InboundDuplicate,
    };
    let post = new_post(&message.account_sid, &number.sms_url, form);
    for due in posts(&mut shared.world().faults, post, &[&message.from, &message.to], &kinds) {
        plan(shared, due);
    }
}

/// The faults that the callback of a text or a call may meet.
const CALLBACK_FAULTS: Kinds = Kinds {
    drop: Kind::CallbackDrop,
    late: &[Kind::CallbackDelay, Kind::CallbackReorder],
    twice: Kind::CallbackDuplicate,
};

/// Plans a webhook about a call: after the one before it of the same lane, unless a fault strikes.
pub(super) fn tell(shared: &Shared, world: &mut World, told: Told, numbers: &[impl AsRef<str>]) {
    let post = new_post(&told.account_sid, &told.url, told.form);
    for mut due in posts(&mut world.faults, post, numbers, &CALLBACK_FAULTS) {
        if let (Step::Post(post), true) = (&mut due.step, due.after.is_zero()) {
            post.lane = Some(told.lane.clone());
            if let Some(waiting) = world.lanes.get_mut(&told.lane) {
                waiting.push_back(post.clone());
                continue;
            }
            world.lanes.insert(told.lane.clone(), VecDeque::new());
        }
        plan(shared, due);
    }
}

/// The next webhook of a lane.
fn next_in(shared: &Shared, lane: &str) {
    let mut world = shared.world();
    match world.lanes.get_mut(lane).and_then(VecDeque::pop_front) {
        Some(post) => plan(
            shared,
            Due {
                after: Duration::ZERO,
                step: Step::Post(post),
            },
        ),
        None => {
            world.lanes.remove(lane);
        }
    }
}

/// Plans the callback of an outbound text's new state, if somebody wants it, and what follows on it.
pub(super) fn plan_callback(shared: &Shared, message: &Message, mut next: Option<Due>) {
    for mut due in callbacks(shared, message) {
        if let (Step::Post(post), true) = (&mut due.step, due.after.is_zero()) {
            post.then = next.take().map(Box::new);
        }
        plan(shared, due);
    }
    if let Some(next) = next {
        plan(shared, next);
    }
}

fn callbacks(shared: &Shared, message: &Message) -> Vec<Due> {
    let Some(url) = message.status_callback.as_deref().filter(|_| message.way == Way::OutboundApi) else {
        return Vec::new();
    };
    let mut form = Form::default();
    if let Some(code) = message.error_code {
        form.push("ErrorCode", code.to_string());
    }
    let form = form
        .with("ApiVersion", "2010-04-01")
        .with("MessageStatus", message.status.as_str())
        .with("SmsSid", &message.sid)
        .with("SmsStatus", message.status.as_str())
        .with("To", &message.to)
        .with("From", &message.from)
        .with("MessageSid", &message.sid)
        .with("AccountSid", &message.account_sid);
    let post = new_post(&message.account_sid, url, form);
    posts(&mut shared.world().faults, post, &[&message.from, &message.to], &CALLBACK_FAULTS)
}

/// The faults that a webhook may meet.
struct Kinds {
    drop: Kind,
    late: &'static [Kind],
    twice: Kind,
}

fn new_post(account_sid: &str, url: &str, form: Form) -> Post {
    Post {
        account_sid: account_sid.to_owned(),
        url: url.to_owned(),
        form,
        token: new_sid("").unwrap_or_default(),
        tried: 0,
        then: None,
        lane: None,
    }
}

/// The posts of one webhook: one, unless a fault strikes.
fn posts(faults: &mut Faults, post: Post, numbers: &[impl AsRef<str>], kinds: &Kinds) -> Vec<Due> {
    if post.url.is_empty() || faults.strike(kinds.drop, numbers).is_some() {
        return Vec::new();
    }
    let late = kinds.late.iter().find_map(|kind| faults.strike(*kind, numbers));
    let after = late.map_or(Duration::ZERO, |fault| fault.ms.map_or(REORDERED, Duration::from_millis));
    let copies = if faults.strike(kinds.twice, numbers).is_some() { 2 } else { 1 };
    vec![
        Due {
            after,
            step: Step::Post(post)
        };
        copies
    ]
}

/// A signed request with its time limits, as the address's fragment says.
fn request(shared: &Shared, account_sid: &str, address: &str, form: &Form) -> Option<(reqwest::RequestBuilder, Overrides)> {
    let account = shared.config.accounts.iter().find(|account| account.sid == account_sid)?;
    let (url, overrides) = address.split_once('#').unwrap_or((address, ""));
    let overrides = Overrides::read(overrides);
    let request = shared
        .http
        .post(url)
        .header("content-type", "application/x-www-form-urlencoded; charset=UTF-8")
        .header(
            "x-twilio-signature",
            sign(&account.token, Algorithm::HmacSha1, url, Content::Form(form)),
        )
        .timeout(overrides.connect + overrides.read)
        .body(form.encode());
    Some((request, overrides))
}

/// Asks what a leg shall do: the document, if there is one to be had.
pub(super) async fn ask(shared: &Shared, account_sid: &str, url: &str, form: &Form) -> Option<String> {
    let (request, _) = request(shared, account_sid, url, form)?;
    let answer = request.send().await.ok()?;
    if answer.status() == reqwest::StatusCode::NO_CONTENT {
        return Some("<Response/>".to_owned());
    }
    let xml = answer.headers().get("content-type").and_then(|value| value.to_str().ok());
    let understood = answer.status().is_success() && xml.is_some_and(|kind| kind.contains("xml"));
    if !understood {
        return None;
    }
    let bytes = answer.bytes().await.ok()?;
    String::from_utf8(bytes.to_vec()).ok()
}

async fn deliver(shared: &Shared, mut post: Post) {
    let Some((mut request, overrides)) = request(shared, &post.account_sid, &post.url, &post.form) else {
        return;
    };
    request = request.header("i-twilio-idempotency-token", &post.token);
    if post.tried > 0 {
        request = request.header("x-twilio-retry-count", post.tried.to_string());
    }
    let tried = request.send().await;
    if let Some(then) = post.then.take() {
        plan(shared, *then);
    }
    if let Some(lane) = post.lane.take() {
        next_in(shared, &lane);
    }
    let again = match tried {
        Ok(answer) if answer.status().is_success() => false,
        Ok(answer) if answer.status().is_server_error() => overrides.retries("5xx"),
        Ok(answer) if answer.status().is_client_error() => overrides.retries("4xx"),
        Ok(_) => false,
        Err(error) if error.is_connect() => overrides.retries("ct"),
        Err(_) => overrides.retries("rt"),
    };
    if again && post.tried < overrides.retry_count {
        let after = Duration::from_millis(200) * 2_u32.saturating_pow(post.tried);
        post.tried += 1;
        plan(
            shared,
            Due {
                after,
                step: Step::Post(post),
            },
        );
    }
}

/// What the fragment of a webhook's address says of its delivery; what it leaves out is as with Twilio.
struct Overrides {
    connect: Duration,
    read: Duration,
    retry_count: u32,
    policy: String,
}

impl Overrides {
    fn read(fragment: &str) -> Self {
        let form = Form::decode(fragment.as_bytes());
        let number = |name: &str| form.text(name).and_then(|text| text.parse::<u32>().ok());
        let span = |name: &str, usual: u32| Duration::from_millis(u64::from(number(name).unwrap_or(usual).clamp(100, 15_000)));
        Self {
            connect: span("ct", 5000),
            read: span("rt", 15_000),
            retry_count: number("rc").unwrap_or(1).min(5),
            policy: form.text("rp").unwrap_or_else(|| "ct".to_owned()),
        }
    }

    fn retries(&self, failure: &str) -> bool {
        self.policy.split(',').any(|part| part == "all" || part == failure)
    }
}
