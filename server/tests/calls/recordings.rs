//! Recordings: who hears one, in stretches, with a line in the audit each time; and the waves of one.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use casewire::lines::{LineEvent, LineOrder, RecordingShelf, ShelfError};
use casewire_store::on_both_engines;
use futures_util::future::BoxFuture;
use serde_json::json;

use super::floor::Floor;
use crate::inbox::desk::{ADMIN, AGENT, ATTORNEY, COMPLIANCE, PARALEGAL, text};

/// A shelf in memory.
#[derive(Default)]
struct Shelf(Mutex<BTreeMap<String, Bytes>>);

impl RecordingShelf for Shelf {
    fn put<'a>(&'a self, name: &'a str, sound: Bytes) -> BoxFuture<'a, Result<(), ShelfError>> {
        self.0.lock().unwrap().insert(name.to_owned(), sound);
        Box::pin(async { Ok(()) })
    }

    fn length<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<u64, ShelfError>> {
        let length = self.0.lock().unwrap().get(name).map(|sound| u64::try_from(sound.len()).unwrap());
        Box::pin(async move { length.ok_or(ShelfError::Missing) })
    }

    fn read<'a>(&'a self, name: &'a str, range: Range<u64>) -> BoxFuture<'a, Result<Bytes, ShelfError>> {
        let sound = self.0.lock().unwrap().get(name).cloned();
        let range = usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap();
        Box::pin(async move { Ok(sound.ok_or(ShelfError::Missing)?.slice(range)) })
    }

    fn delete<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<(), ShelfError>> {
        self.0.lock().unwrap().remove(name);
        Box::pin(async { Ok(()) })
    }
}

/// A second of stereo at 8 kHz: the left loud in its first half, the right half as loud in its second.
fn stereo() -> Vec<u8> {
    let mut wav = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x02\0\x40\x1f\0\0\0\x7d\0\0\x04\0\x10\0data\0\0\0\0".to_vec();
    for frame in 0..8000_i32 {
        let (left, right): (i16, i16) = if frame < 4000 { (32_767, 0) } else { (0, -16_384) };
        wav.extend(left.to_le_bytes());
        wav.extend(right.to_le_bytes());
    }
    wav
}

on_both_engines! {
    async fn a_recording_is_heard_by_who_reads_the_call_and_each_time_is_in_the_audit(db: TestDatabase) {
        let floor = Floor::open(db).await;
        floor.record().await;
        let shelf = Arc::new(Shelf::default());
        shelf.put("one.wav", stereo().into()).await.unwrap();
        floor.desk.firm.app.lines.keep_on(shelf);
        let call = floor.talks(AGENT, json!({"case_id": "123", "contact_id": floor.desk.mark})).await;
        let recording = floor.told(&call).into_iter().find_map(|order| {
            if let LineOrder::StartRecording { recording } = order { Some(recording) } else { None }
        });
        let recording = recording.unwrap();
        let path = format!("/api/calls/{}/recordings/{recording}", text(&call["id"]));
        assert_eq!(floor.desk.as_user(AGENT).get(&format!("{path}/audio/")).await.code(), "recording_not_ready");
        floor.does(AGENT, &call, json!({"act": "hang_up"})).await.ok();
        floor.hears(&call, LineEvent::RecordingReady { recording, file: "one.wav".to_owned(), duration_ms: 1000, bytes: 32_044 }).await;
        let all = floor.desk.as_user(COMPLIANCE).get(&format!("{path}/audio/")).await;
        assert_eq!((all.status.as_u16(), all.header("content-type"), all.body.len()), (200, "audio/wav", 32_044));
        let some = floor.desk.as_user(PARALEGAL).with("range", "bytes=44-47").get(&format!("{path}/audio/")).await;
        assert_eq!((some.status.as_u16(), some.header("content-range")), (206, "bytes 44-47/32044"));
        assert_eq!(&some.body[..], &[0xff, 0x7f, 0, 0]);
        let waves = floor.desk.as_user(ATTORNEY).get(&format!("{path}/peaks/")).await.ok();
        assert_eq!((waves["peaks"].as_array().unwrap().len(), &waves["duration_ms"]), (2, &json!(1000)));
        let at = |channel: usize, place: usize| waves["peaks"][channel][place].as_f64().unwrap();
        assert!(at(0, 0) > 0.99 && at(0, 199) < 0.01 && at(1, 0) < 0.01 && (at(1, 199) - 0.5).abs() < 0.01);
        let audit = floor.desk.as_user(COMPLIANCE).get(&format!("/api/audit/?subject={recording}")).await.ok();
        let acts: Vec<_> = audit["items"].as_array().unwrap().iter().map(|line| text(&line["act"])).filter(|act| act.ends_with("_recording")).collect();
        assert_eq!(acts, ["look_at_recording", "hear_recording", "hear_recording"]);
        let wall = json!({"user_id": floor.id(PARALEGAL).to_string()});
        floor.desk.as_user(ADMIN).post("/api/cases/123/walls", wall).await.ok();
        for what in ["audio", "peaks"] {
            assert_eq!(floor.desk.as_user(PARALEGAL).get(&format!("{path}/{what}/")).await.code(), "not_found");
        }
    }
}
