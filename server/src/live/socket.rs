//! One live socket: who it belongs to is asked again before every event, a client that resumes is caught up in batches, one that
//! does not read is cut. Everything after the first number that its reader may see goes out once and in order. What a client
//! sends is ignored but for close and pong. Memory: one batch of shared frames and the write buffer.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, OnFailedUpgrade, Utf8Bytes, WebSocket, WebSocketUpgrade, close_code};
use axum::response::Response;
use casewire_core::access::Access;
use casewire_core::id::SessionId;
use casewire_store::StoreError;
use futures_util::{SinkExt, StreamExt};
use tokio::sync::watch;
use tokio::time::{Interval, MissedTickBehavior, interval, sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::frame::{Control, Frame};
use super::hub::Seat;
use super::rights::Verdict;
use super::room::{Slice, View};
use crate::clock::Stopwatch;

/// How long a goodbye may take.
const GOODBYE: Duration = Duration::from_secs(1);
/// How long rights are waited for when a socket opens.
const ADMISSION: Duration = Duration::from_secs(5);

/// Bytes that are read at a time; the default would cost twenty times the memory.
const READ_BUFFER: usize = 4 * 1024;
/// Bytes that are gathered before they are written.
const WRITE_BUFFER: usize = 8 * 1024;
/// Bytes that may wait for the network; more than the largest event.
const MAX_UNSENT: usize = 4 * 1024 * 1024;
/// The largest frame and message that a client may send: they are ignored anyway.
const LARGEST_FROM_CLIENT: usize = 4 * 1024;

/// What a socket speaks. A browser in another site's frame asks for it together with its token, and is answered with this alone.
const PROTOCOL: &str = "casewire";

/// Close code: the reader is not signed in any more.
pub const CLOSE_SIGNED_OUT: u16 = 4401;
/// Close code: the client was too slow, or silent.
pub const CLOSE_TOO_SLOW: u16 = 4408;

/// Why a socket ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// The client is gone or said goodbye.
    Gone,
    /// Signed out, expired or deactivated.
    SignedOut,
    /// The client does not read.
    TooSlow,
    /// The client does not answer pings.
    Silent,
    /// The client sent what no client may send.
    Refused,
    /// The node stops.
    Stopping,
    /// The database could not be asked when the socket opened.
    Away,
}

impl End {
    fn close_frame(self) -> Option<CloseFrame> {
        let (code, reason) = match self {
            Self::Gone => return None,
            Self::SignedOut => (CLOSE_SIGNED_OUT, "signed out, expired or deactivated: sign in again"),
            Self::TooSlow => (CLOSE_TOO_SLOW, "too slow: resume from your last seq"),
            Self::Silent => (CLOSE_TOO_SLOW, "pings were not answered: resume from your last seq"),
            Self::Refused => (close_code::SIZE, "a frame was too large or malformed"),
            Self::Stopping => (close_code::AWAY, "the server is stopping: resume from your last seq"),
            Self::Away => (close_code::AGAIN, "the database is unavailable: try again"),
        };
        Some(CloseFrame {
            code,
            reason: Utf8Bytes::from_static(reason),
        })
    }
}

/// Whether there is more to send at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    More,
    Waiting,
}

/// Answers the upgrade and serves the client. Small buffers: a node holds thousands of these.
#[must_use]
pub fn accept<F: OnFailedUpgrade>(upgrade: WebSocketUpgrade<F>, seat: Seat, sign_in: SessionId, since: Option<i64>) -> Response {
    upgrade
        .protocols([PROTOCOL])
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        .max_write_buffer_size(MAX_UNSENT)
        .max_message_size(LARGEST_FROM_CLIENT)
        .max_frame_size(LARGEST_FROM_CLIENT)
        .on_upgrade(move |client| {
            let tasks = seat.means().tasks.clone();
            tasks.track_future(serve(client, seat, sign_in, since))
        })
}

/// Serves one client until either side ends it.
async fn serve(client: WebSocket, seat: Seat, sign_in: SessionId, since: Option<i64>) {
    let line = Line {
        client,
        view: seat.watch(),
        stop: seat.means().stop.clone(),
        sign_in,
        send_within: seat.means().tempo.send_within,
    };
    let mut stream = Stream {
        line,
        seat,
        cursor: 0,
        told: 0,
        catching_up_to: None,
        access: None,
    };
    let end = match stream.begin(since).await {
        Ok(()) => stream.go_on().await,
        Err(end) => end,
    };
    if end == End::TooSlow {
        stream.seat.means().gauges.too_slow.inc();
    }
    stream.line.close(end).await;
}

/// The connection, and what interrupts a write that hangs.
struct Line {
    client: WebSocket,
    view: watch::Receiver<View>,
    stop: CancellationToken,
    sign_in: SessionId,
    send_within: Duration,
}

impl Line {
    /// Hands a frame over; it goes out with the next [`Line::flush`], or before.
    async fn put(&mut self, message: Message) -> Result<(), End> {
        unless_ended(
            self.client.feed(message),
            &mut self.view,
            &self.stop,
            self.sign_in,
            self.send_within,
        )
        .await
    }

    async fn flush(&mut self) -> Result<(), End> {
        let flushing = SinkExt::<Message>::flush(&mut self.client);
        unless_ended(flushing, &mut self.view, &self.stop, self.sign_in, self.send_within).await
    }

    async fn say(&mut self, control: Control) -> Result<(), End> {
        self.put(Message::Text(control.text())).await
    }

    /// Says goodbye, as far as the client listens.
    async fn close(mut self, end: End) {
        let Some(frame) = end.close_frame() else { return };
        let goodbye = async {
            if self.client.send(Message::Close(Some(frame))).await.is_ok() {
                while let Some(Ok(_)) = self.client.next().await {}
            }
        };
        // A client that does not answer is left: the connection closes as it is dropped.
        drop(timeout(GOODBYE, goodbye).await);
    }
}

/// Waits for a write, unless it takes too long or the reader's sign-in or the node ends meanwhile.
async fn unless_ended<E>(
    writing: impl Future<Output = Result<(), E>>,
    view: &mut watch::Receiver<View>,
    stop: &CancellationToken,
    sign_in: SessionId,
    within: Duration,
) -> Result<(), End> {
    let mut writing = std::pin::pin!(writing);
    let mut too_long = std::pin::pin!(sleep(within));
    loop {
        tokio::select! {
            biased;
            written = &mut writing => return written.map_err(|_| End::Gone),
            Ok(()) = view.changed() => {
                if view.borrow_and_update().rights.access(sign_in).is_none() {
                    return Err(End::SignedOut);
                }
            }
            () = stop.cancelled() => return Err(End::Stopping),
            () = &mut too_long => return Err(End::TooSlow),
        }
    }
}

/// A client and how far it is.
struct Stream {
    line: Line,
    seat: Seat,
    /// Everything up to this number was judged, and sent where it may be read.
    cursor: i64,
    /// The number that the client knows to resume from.
    told: i64,
    /// How far the log went when the client came, until it is there.
    catching_up_to: Option<i64>,
    /// The rights that the client knows of.
    access: Option<Arc<Access>>,
}

impl Stream {
    /// Admits the reader, says hello, and finds where to go on.
    async fn begin(&mut self, since: Option<i64>) -> Result<(), End> {
        self.access = Some(self.admit().await?);
        let head = self.seat.head().await.map_err(away)?;
        let resumes = since.filter(|seq| (head.trimmed_seq..=head.last_seq).contains(seq));
        self.cursor = resumes.unwrap_or(head.last_seq);
        self.told = self.cursor;
        self.catching_up_to = Some(head.last_seq);
        self.line
            .say(Control::Hello {
                head: head.last_seq,
                seq: self.cursor,
            })
            .await?;
        if since.is_some() && resumes.is_none() {
            self.line.say(Control::Reset { head: head.last_seq }).await?;
        }
        // The room may not have seen yet what this client has.
        self.seat.nudge();
        self.line.flush().await
    }

    /// The reader's rights. A sign-in younger than the room's rights is looked up anew.
    async fn admit(&mut self) -> Result<Arc<Access>, End> {
        let asked = Stopwatch::start();
        let sign_in = self.line.sign_in;
        let mut attempts = interval(self.seat.means().tempo.tick);
        let known = async {
            loop {
                {
                    let view = self.line.view.borrow_and_update();
                    if let Some(access) = view.rights.access(sign_in) {
                        return Ok(Arc::clone(access));
                    }
                    if view.rights.age() < asked.elapsed() {
                        return Err(End::SignedOut);
                    }
                }
                self.seat.ask_for_rights();
                tokio::select! {
                    Ok(()) = self.line.view.changed() => {}
                    _ = attempts.tick() => {}
                }
            }
        };
        timeout(ADMISSION, known).await.unwrap_or(Err(End::Away))
    }

    async fn go_on(&mut self) -> End {
        let mut beat = interval(self.seat.means().tempo.beat);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut pulse = Pulse {
            heard: Stopwatch::start(),
            pinged: Stopwatch::start(),
        };
        let mut progress = Progress::More;
        loop {
            let step = self.step(&mut beat, &mut pulse, progress).await;
            match step {
                Ok(next) => progress = next,
                Err(end) => return end,
            }
        }
    }

    /// Waits for whatever comes first, then sends what there is, at most a batch.
    async fn step(&mut self, beat: &mut Interval, pulse: &mut Pulse, progress: Progress) -> Result<Progress, End> {
        let Line { client, view, stop, .. } = &mut self.line;
        tokio::select! {
            biased;
            () = stop.cancelled() => return Err(End::Stopping),
            heard = client.next() => {
                match heard {
                    Some(Ok(Message::Close(_))) | None => return Err(End::Gone),
                    Some(Ok(Message::Text(_) | Message::Binary(_) | Message::Ping(_) | Message::Pong(_))) => {
                        pulse.heard = Stopwatch::start();
                    }
                    Some(Err(_)) => return Err(End::Refused),
                }
            }
            _ = beat.tick() => self.look_after(pulse).await?,
            () = std::future::ready(()), if progress == Progress::More => {}
            Ok(()) = view.changed() => {}
        }
        self.send_some().await
    }

    /// What is done every few seconds: head, ping, and whether the client is there.
    async fn look_after(&mut self, pulse: &mut Pulse) -> Result<(), End> {
        let tempo = self.seat.means().tempo;
        if pulse.heard.elapsed() >= tempo.silent_for {
            return Err(End::Silent);
        }
        if pulse.pinged.elapsed() >= tempo.ping_every {
            pulse.pinged = Stopwatch::start();
            self.line.put(Message::Ping(axum::body::Bytes::new())).await?;
        }
        self.tell_head().await?;
        self.line.flush().await
    }

    /// Lets the client resume after events that it could not see.
    async fn tell_head(&mut self) -> Result<(), End> {
        if self.told < self.cursor {
            self.told = self.cursor;
            self.line.say(Control::Head { head: self.cursor }).await?;
        }
        Ok(())
    }

    /// Sends the next batch.
    async fn send_some(&mut self) -> Result<Progress, End> {
        if self.line.view.borrow_and_update().rights.age() >= self.seat.means().tempo.rights_good_for {
            // The database is away: nothing is sent by rights that may have been revoked meanwhile.
            return Ok(Progress::Waiting);
        }
        let slice = match self.seat.after(self.cursor).await {
            Ok(slice) => slice,
            // The room waits for the database, says so in the log, and tells when it is back.
            Err(_) => return Ok(Progress::Waiting),
        };
        let progress = match slice {
            Slice::UpToDate => Progress::Waiting,
            Slice::Frames(frames) => self.send_frames(&frames).await?,
            Slice::Trimmed => {
                let head = self.line.view.borrow().cursor;
                (self.cursor, self.told) = (head, head);
                self.line.say(Control::Reset { head }).await?;
                Progress::More
            }
        };
        self.tell_of_access().await?;
        if self.catching_up_to.is_some_and(|head| self.cursor >= head) {
            self.catching_up_to = None;
            self.tell_head().await?;
        }
        self.line.flush().await?;
        Ok(progress)
    }

    async fn send_frames(&mut self, frames: &[Arc<Frame>]) -> Result<Progress, End> {
        let mut rest = frames;
        while let Some((frame, after)) = rest.split_first() {
            let rights = Arc::clone(&self.line.view.borrow().rights);
            let access = rights.access(self.line.sign_in).ok_or(End::SignedOut)?;
            match rights.judge(access, &frame.audience) {
                Verdict::Readable => {
                    if frame.tells_of_access(access.user()) {
                        self.access = Some(Arc::clone(access));
                    }
                    self.line.put(Message::Text(frame.text.clone())).await?;
                    self.told = frame.seq;
                    self.seat.means().gauges.sent.inc();
                }
                Verdict::Hidden => {}
                Verdict::NotLoaded => {
                    if self.seat.load_grounds(&rights, rest).await.is_err() {
                        return Ok(Progress::Waiting);
                    }
                    continue;
                }
            }
            self.cursor = frame.seq;
            rest = after;
        }
        Ok(Progress::More)
    }

    /// Tells the client where its rights are others than it knows and no event said so.
    async fn tell_of_access(&mut self) -> Result<(), End> {
        let rights = Arc::clone(&self.line.view.borrow().rights);
        let access = rights.access(self.line.sign_in).ok_or(End::SignedOut)?;
        if self.access.as_ref().is_none_or(|known| known != access) {
            self.access = Some(Arc::clone(access));
            self.line.say(Control::AccessChanged).await?;
        }
        Ok(())
    }
}

/// When the client was last heard and last pinged.
struct Pulse {
    heard: Stopwatch,
    pinged: Stopwatch,
}

fn away(error: StoreError) -> End {
    tracing::warn!(%error, "a live socket could not be opened");
    End::Away
}
