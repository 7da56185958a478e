//! Where recordings are kept: put, read a stretch of one, delete. Names are of ours and hold no word of a person's. Refuses to judge
//! who may hear one: the acts do.

use std::ops::Range;

use axum::body::Bytes;
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};

/// Why a recording cannot be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ShelfError {
    /// There is none of that name.
    #[error("there is no such recording")]
    Missing,
    /// The storage does not answer, or says no.
    #[error("the storage of recordings does not answer")]
    Away,
}

/// Keeps recordings.
pub trait RecordingShelf: Send + Sync + 'static {
    /// Keeps one under a name; the same name again takes its place.
    fn put<'a>(&'a self, name: &'a str, sound: Bytes) -> BoxFuture<'a, Result<(), ShelfError>>;

    /// How many bytes it has.
    fn length<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<u64, ShelfError>>;

    /// Some of its bytes; fewer where it ends before.
    fn read<'a>(&'a self, name: &'a str, range: Range<u64>) -> BoxFuture<'a, Result<Bytes, ShelfError>>;

    /// Removes it; that it is not there is no error.
    fn delete<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<(), ShelfError>>;
}

/// How many values the waves of a channel have.
const VALUES: usize = 200;
/// How much of a recording is looked at at once.
const CHUNK: u64 = 256 * 1024;

/// The name under which the waves of a recording are kept beside it, as JSON, by whoever made the recording.
#[must_use]
pub fn name_of_waves(name: &str) -> String {
    format!("{}.json", name.strip_suffix(".wav").unwrap_or(name))
}

/// The waves as they were drawn when the recording was complete; none where nobody drew them.
async fn drawn(shelf: &dyn RecordingShelf, name: &str) -> Option<Peaks> {
    let waves = shelf.read(&name_of_waves(name), 0..CHUNK).await.ok()?;
    serde_json::from_slice(&waves).ok()
}

/// The waves of a recording.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Peaks {
    /// 200 values from 0 to 1 for each channel.
    pub channels: Vec<Vec<f32>>,
    /// How long it is, in milliseconds.
    pub duration_ms: u64,
}

/// The waves of a WAV of 16-bit samples, whose header may be that of a file which was still being written.
///
/// # Errors
/// [`ShelfError`]; `Missing` also for what is no such WAV.
pub async fn peaks(shelf: &dyn RecordingShelf, name: &str) -> Result<Peaks, ShelfError> {
    if let Some(drawn) = drawn(shelf, name).await {
        return Ok(drawn);
    }
    let length = shelf.length(name).await?;
    let head = shelf.read(name, 0..length.min(HEAD)).await?;
    let shape = Shape::of(&head).ok_or(ShelfError::Missing)?;
    let frame = shape.channels.saturating_mul(2).max(2);
    let frames = length.saturating_sub(HEAD) / frame;
    let per_value = frames.div_ceil(u64::try_from(VALUES).unwrap_or(1)).max(1);
    let count = usize::try_from(shape.channels).unwrap_or(1);
    let mut channels = vec![vec![0.0_f32; VALUES]; count];
    let (mut at, mut seen) = (HEAD, 0_u64);
    while seen < frames {
        let sound = shelf
            .read(name, at..(at + CHUNK - CHUNK % frame).min(HEAD + frames * frame))
            .await?;
        if sound.is_empty() {
            break;
        }
        for whole in sound.chunks_exact(usize::try_from(frame).unwrap_or(2)) {
            let place = usize::try_from(seen / per_value).unwrap_or(0);
            for (channel, sample) in channels.iter_mut().zip(whole.chunks_exact(2)) {
                if let (Some(value), [low, high]) = (channel.get_mut(place), sample) {
                    *value = value.max(f32::from(i16::from_le_bytes([*low, *high]).unsigned_abs().min(32_767)) / 32_767.0);
                }
            }
            seen += 1;
        }
        at += u64::try_from(sound.len()).unwrap_or(CHUNK);
    }
    let duration_ms = frames.saturating_mul(1000) / shape.rate.max(1);
    Ok(Peaks { channels, duration_ms })
}

/// The size of the header that is written here: RIFF, `fmt ` of 16 bytes, `data`.
const HEAD: u64 = 44;

/// What the header says.
struct Shape {
    channels: u64,
    rate: u64,
}

impl Shape {
    fn of(head: &[u8]) -> Option<Self> {
        let is_wave = head.starts_with(b"RIFF") && head.get(8..16)? == b"WAVEfmt ";
        let word = |at: usize| Some(u16::from_le_bytes(head.get(at..at + 2)?.try_into().ok()?));
        let rate = u32::from_le_bytes(head.get(24..28)?.try_into().ok()?);
        (is_wave && word(20)? == 1 && word(34)? == 16 && (1..=8).contains(&word(22)?)).then_some(Self {
            channels: word(22)?.into(),
            rate: rate.into(),
        })
    }
}

/// The stretch that a `Range` asks for; none where it asks for none that there is, or for several.
#[must_use]
pub fn stretch(asked: &str, length: u64) -> Option<Range<u64>> {
    let (first, last) = asked.strip_prefix("bytes=")?.split_once('-')?;
    let range = if first.is_empty() {
        length.saturating_sub(last.parse().ok()?)..length
    } else {
        let last = if last.is_empty() {
            length
        } else {
            last.parse::<u64>().ok()?.saturating_add(1)
        };
        first.parse().ok()?..last.min(length)
    };
    (!range.is_empty()).then_some(range)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_player_is_given_the_stretch_that_it_asks_for_or_all() {
        let asked = |range: &str| stretch(range, 100);
        assert_eq!(asked("bytes=0-"), Some(0..100));
        assert_eq!(asked("bytes=10-19"), Some(10..20));
        assert_eq!(asked("bytes=90-500"), Some(90..100));
        assert_eq!(asked("bytes=-30"), Some(70..100));
        for nothing in ["bytes=100-", "bytes=5-2", "bytes=1-2,4-5", "lines=1-2", "bytes=-"] {
            assert_eq!(asked(nothing), None, "{nothing}");
        }
    }
}
