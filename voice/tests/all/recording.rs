//! Recordings: who is on which channel, never the whisper, and a file that can be read after the process was killed in mid-call.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use casewire_voice::{Event, Role, Supervision};

use crate::hall::{Hall, Network};
use crate::spectrum::loudness;

/// Set for the child that is killed: where it records to.
const CHILD: &str = "CASEWIRE_VOICE_TEST_RECORD_TO";

/// The file by which the child says that three seconds are recorded.
const ENOUGH: &str = "enough";

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("casewire-voice-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        assert!(std::fs::remove_dir_all(&self.0).is_ok() || std::thread::panicking());
    }
}

/// What a file's header promises, read as any player would: left and right.
fn read(path: &Path) -> (Vec<i16>, Vec<i16>) {
    let bytes = std::fs::read(path).unwrap();
    let field = |at: usize| u32::from_le_bytes(*bytes.get(at..).unwrap().first_chunk::<4>().unwrap());
    assert!(bytes.starts_with(b"RIFF") && bytes.get(8..16).unwrap() == b"WAVEfmt ");
    assert_eq!((field(24), field(32)), (8_000, 0x0010_0004));
    let length = usize::try_from(field(40)).unwrap();
    assert_eq!(field(4), field(40) + 36);
    let data = bytes.get(44..44 + length).expect("the header promises more than there is");
    let samples = data.as_chunks::<4>().0;
    samples
        .iter()
        .map(|[l0, l1, r0, r1]| (i16::from_le_bytes([*l0, *l1]), i16::from_le_bytes([*r0, *r1])))
        .unzip()
}

fn assert_levels(channel: &[i16], heard: &[f64], when: &str) {
    for hertz in [440.0, 660.0, 880.0] {
        let loudness = loudness(channel, hertz);
        let well = if heard.contains(&hertz) {
            loudness.is_heard()
        } else {
            loudness.is_unheard()
        };
        assert!(well, "{when}: {hertz} Hz at {:.0} to {:.0} dB", loudness.median, loudness.most);
    }
}

async fn talking() -> (Hall, casewire_voice::BridgeId) {
    let mut hall = Hall::new();
    let bridge = hall.engine.start().await.unwrap();
    hall.enter("agent", 440.0, bridge, Role::Agent, Network::Direct).await;
    hall.enter("outside", 660.0, bridge, Role::Outside, Network::Direct).await;
    hall.enter("boss", 880.0, bridge, Role::Supervisor(Supervision::Listen), Network::Direct)
        .await;
    (hall, bridge)
}

#[tokio::test]
async fn the_agent_is_left_all_others_are_right_and_the_whisper_is_nowhere() {
    let folder = Folder::new("modes");
    let (mut hall, bridge) = talking().await;
    let (agent, boss) = (hall.leg("agent"), hall.leg("boss"));
    for (name, mode, right) in [
        ("listen", Supervision::Listen, &[660.0][..]),
        ("whisper", Supervision::Whisper { agent }, &[660.0][..]),
        ("barge", Supervision::Barge, &[660.0, 880.0][..]),
    ] {
        hall.engine.set_supervision(boss, mode).await.unwrap();
        for _ in 0..40 {
            hall.frame().await;
        }
        let path = folder.0.join(name);
        let recording = hall.engine.record(bridge, path.clone()).await.unwrap();
        for _ in 0..110 {
            hall.frame().await;
        }
        hall.engine.stop_recording(recording).await.unwrap();
        let event = hall.event(|event| matches!(event, Event::Recorded { .. })).await;
        let Event::Recorded {
            length, bytes, missing, ..
        } = event
        else {
            panic!("not recorded");
        };
        let (left, right_channel) = read(&path);
        assert_eq!(missing, 0);
        assert_eq!(bytes, std::fs::metadata(&path).unwrap().len());
        assert_eq!(length, Duration::from_millis(u64::try_from(left.len()).unwrap() / 8));
        assert_levels(&left, &[440.0], &format!("{name}, left"));
        assert_levels(&right_channel, right, &format!("{name}, right"));
    }
}

#[tokio::test]
async fn what_is_said_in_a_pause_is_left_out_and_a_file_is_never_overwritten() {
    let folder = Folder::new("pause");
    let (mut hall, bridge) = talking().await;
    let path = folder.0.join("call.wav");
    let recording = hall.engine.record(bridge, path.clone()).await.unwrap();
    hall.engine.pause(recording).await.unwrap();
    for _ in 0..50 {
        hall.frame().await;
    }
    hall.engine.hang_up(bridge).await.unwrap();
    hall.event(|event| matches!(event, Event::Recorded { .. })).await;
    // Only what went by between the two commands.
    assert!(read(&path).0.len() < 160 * 25, "{} samples", read(&path).0.len());
    let other = hall.engine.start().await.unwrap();
    assert!(hall.engine.record(other, path).await.is_err());
}

#[tokio::test]
async fn a_recording_can_be_read_after_the_process_was_killed() {
    if let Some(path) = std::env::var_os(CHILD) {
        return record_until_killed(PathBuf::from(path)).await;
    }
    let folder = Folder::new("killed");
    let path = folder.0.join("call.wav");
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "recording::a_recording_can_be_read_after_the_process_was_killed"])
        .env(CHILD, &path)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while !path.with_extension(ENOUGH).exists() {
        assert!(begun.elapsed() < Duration::from_secs(60), "the child records nothing");
        assert!(child.try_wait().unwrap().is_none(), "the child has ended by itself");
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let (left, right) = read(&path);
    assert!(left.len() >= 8_000 * 2, "only {} samples", left.len());
    assert_levels(&left, &[440.0], "killed, left");
    assert_levels(&right, &[660.0], "killed, right");
}

/// What the child does: records for as long as it lives, and says when three seconds are there.
async fn record_until_killed(path: PathBuf) {
    let (mut hall, bridge) = talking().await;
    for _ in 0..40 {
        hall.frame().await;
    }
    hall.engine.record(bridge, path.clone()).await.unwrap();
    for number in 0..3_000 {
        hall.frame().await;
        if number == 170 {
            std::fs::write(path.with_extension(ENOUGH), "").unwrap();
        }
    }
}
