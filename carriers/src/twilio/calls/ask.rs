//! Questions to Twilio about calls: legs, conferences, who is in one, recordings and their sound.

use std::time::Duration;

use futures_util::stream;

use super::wire;
use crate::calls::{
    AudioStream, CallQuery, CarrierConference, CarrierLeg, CarrierRecording, ConferenceId, LegId, RecordingAudio, RecordingId, SeatedLeg,
};
use crate::carrier::{CarrierError, Page, PageToken};
use crate::twilio::ask::{PAGE_SIZE, SECOND, inside, next, read, second};
use crate::twilio::client::{Client, NoAnswer, Opened};
use crate::twilio::words::is_sid;

/// A conference has 250 legs at most, a leg few recordings; a listing that is longer goes in circles.
const MOST_PAGES: u32 = 10;
/// How long the sound of a recording may take: the longest call in two channels over a slow line.
const LONGEST_FETCH: Duration = Duration::from_secs(900);

pub(super) async fn leg(client: &Client, leg: &LegId) -> Result<CarrierLeg, CarrierError> {
    if !is_sid("CA", leg.as_str()) {
        return Err(CarrierError::NotFound);
    }
    let call: wire::Call = read(client.get(&client.path(&format!("/Calls/{leg}.json")), &[]).await)?;
    call.into_leg().ok_or(CarrierError::Nonsense { what: "a call" })
}

pub(super) async fn calls(client: &Client, query: &CallQuery) -> Result<Page<CarrierLeg>, CarrierError> {
    let page: wire::Calls = match &query.page {
        Some(PageToken(uri)) => read(client.get(inside(client, uri)?, &[]).await)?,
        None => read(client.get(&client.path("/Calls.json"), &filters(query)).await)?,
    };
    let mut items = Vec::with_capacity(page.calls.len());
    for call in page.calls {
        let leg = call.into_leg().ok_or(CarrierError::Nonsense { what: "a call in a list" })?;
        if query.direction.is_none_or(|direction| direction == leg.direction) {
            items.push(leg);
        }
    }
    Ok(Page {
        items,
        next: next(client, page.next_page_uri)?,
    })
}

#[expect(clippy::disallowed_methods, reason = "the carrier is asked about that number")]
fn filters(query: &CallQuery) -> Vec<(&'static str, String)> {
    let mut filters = vec![("PageSize", PAGE_SIZE.to_string())];
    filters.extend(query.to.as_ref().map(|to| ("To", to.expose().to_owned())));
    filters.extend(query.from.as_ref().map(|from| ("From", from.expose().to_owned())));
    // Whole seconds, rounded down so that no call is left out.
    filters.extend(
        query
            .started_after
            .map(|time| ("StartTime>", second(time.as_micros().div_euclid(SECOND)))),
    );
    filters
}

pub(super) async fn conference(client: &Client, name: &str) -> Result<Option<CarrierConference>, CarrierError> {
    let filters = [("FriendlyName", name.to_owned()), ("PageSize", PAGE_SIZE.to_string())];
    let page: wire::Conferences = read(client.get(&client.path("/Conferences.json"), &filters).await)?;
    for conference in page.conferences {
        let conference = conference
            .into_conference()
            .ok_or(CarrierError::Nonsense { what: "a conference" })?;
        if conference.name == name {
            return Ok(Some(conference));
        }
    }
    Ok(None)
}

pub(super) async fn seated(client: &Client, conference: &ConferenceId) -> Result<Vec<SeatedLeg>, CarrierError> {
    if !is_sid("CF", conference.as_str()) {
        return Err(CarrierError::NotFound);
    }
    let mut path = client.path(&format!("/Conferences/{conference}/Participants.json?PageSize={PAGE_SIZE}"));
    let mut seated = Vec::new();
    for _ in 0..MOST_PAGES {
        let page: wire::Participants = read(client.get(&path, &[]).await)?;
        for participant in page.participants {
            seated.push(participant.into_seated().ok_or(CarrierError::Nonsense { what: "a participant" })?);
        }
        match next(client, page.next_page_uri)? {
            Some(PageToken(uri)) => path = uri,
            None => return Ok(seated),
        }
    }
    Err(CarrierError::Nonsense {
        what: "a list of participants without an end",
    })
}

pub(super) async fn recordings(client: &Client, leg: &LegId) -> Result<Vec<CarrierRecording>, CarrierError> {
    if !is_sid("CA", leg.as_str()) {
        return Err(CarrierError::NotFound);
    }
    let mut path = client.path(&format!("/Calls/{leg}/Recordings.json?PageSize={PAGE_SIZE}"));
    let mut recordings = Vec::new();
    for _ in 0..MOST_PAGES {
        let page: wire::Recordings = read(client.get(&path, &[]).await)?;
        for recording in page.recordings {
            recordings.push(recording.into_recording().ok_or(CarrierError::Nonsense { what: "a recording" })?);
        }
        match next(client, page.next_page_uri)? {
            Some(PageToken(uri)) => path = uri,
            None => return Ok(recordings),
        }
    }
    Err(CarrierError::Nonsense {
        what: "a list of recordings without an end",
    })
}

/// The sound, in two channels where it has two. Twilio may send us on to where it is stored, which gets no credentials of ours.
pub(super) async fn audio(client: &Client, recording: &RecordingId) -> Result<RecordingAudio, CarrierError> {
    if !is_sid("RE", recording.as_str()) {
        return Err(CarrierError::NotFound);
    }
    let path = client.path(&format!("/Recordings/{recording}.wav"));
    let opened = client.open(&path, &[("RequestedChannels", "2".to_owned())], LONGEST_FETCH).await;
    let opened = match opened.map_err(no_answer)? {
        Opened::Elsewhere(url) => client.open_elsewhere(&url, LONGEST_FETCH).await.map_err(no_answer)?,
        here @ Opened::Here(_) => here,
    };
    let Opened::Here(response) = opened else {
        return Err(CarrierError::Nonsense {
            what: "a recording that is always elsewhere",
        });
    };
    match response.status().as_u16() {
        200 => {}
        401 | 403 => return Err(CarrierError::Unauthorized),
        404 | 410 => return Err(CarrierError::NotFound),
        status @ 500..=599 => return Err(CarrierError::Failed { status }),
        status => return Err(CarrierError::Refused { status, code: None }),
    }
    let content_type = response
        .headers()
        .get(reqwest::header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    Ok(RecordingAudio {
        content_type: content_type.unwrap_or_default().to_owned(),
        length: response.content_length(),
        bytes: bytes(response),
    })
}

fn bytes(response: reqwest::Response) -> AudioStream {
    Box::pin(stream::unfold(Some(response), |response| async move {
        let mut response = response?;
        match response.chunk().await {
            Ok(Some(chunk)) => Some((Ok(chunk.to_vec()), Some(response))),
            Ok(None) => None,
            Err(error) if error.is_timeout() => Some((Err(CarrierError::TimedOut), None)),
            Err(_) => Some((Err(CarrierError::Unreachable), None)),
        }
    }))
}

fn no_answer(why: NoAnswer) -> CarrierError {
    match why {
        NoAnswer::NotConnected | NoAnswer::Broken | NoAnswer::NotAllowed => CarrierError::Unreachable,
        NoAnswer::TimedOut => CarrierError::TimedOut,
    }
}
