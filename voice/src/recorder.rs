//! The only thread that writes files. The media thread hands it frames through a bounded channel and never waits: what finds no
//! room is missing, counted, and silent in the file. The header is written anew after every second, so a file can be read whenever the
//! program stops, and a file that exists is never overwritten.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;

use crate::bridge::StereoFrame;
use crate::event::Event;
use crate::id::RecordingId;
use crate::wav;

/// Frames that may wait for the disk: a second of 100 recordings.
const ROOM: usize = 5_000;
/// Frames between two headers: a second.
const HEADER_EVERY: u64 = 50;
/// Bytes of a frame.
const FRAME_BYTES: u32 = 160 * wav::STEP;

enum Task {
    Open(RecordingId, File),
    Frame(RecordingId, u64, Box<StereoFrame>),
    Close(RecordingId, u64),
}

/// The media thread's end.
pub struct Recorder {
    tasks: SyncSender<Task>,
    missing: HashMap<RecordingId, u64>,
    /// Closings that found no room; tried again with the next frame.
    waiting: Vec<(RecordingId, u64)>,
}

/// Opens the file of a recording: a new one, with the header of an empty recording. Not for the media thread.
///
/// # Errors
/// What the system says, also when the file exists.
pub fn create(path: &PathBuf) -> io::Result<File> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(&wav::header(0))?;
    Ok(file)
}

impl Recorder {
    /// Starts the thread.
    ///
    /// # Errors
    /// What the system says.
    pub fn start(events: UnboundedSender<Event>) -> io::Result<(Self, JoinHandle<()>)> {
        let (tasks, received) = sync_channel(ROOM);
        let thread = std::thread::Builder::new()
            .name("voice-recorder".to_owned())
            .spawn(move || write_all(&received, &events))?;
        let recorder = Self {
            tasks,
            missing: HashMap::new(),
            waiting: Vec::new(),
        };
        Ok((recorder, thread))
    }

    /// From now on frames of this recording are taken. False where there is no room at all.
    pub fn open(&mut self, recording: RecordingId, file: File) -> bool {
        self.missing.insert(recording, 0);
        self.tasks.try_send(Task::Open(recording, file)).is_ok()
    }

    /// Takes a frame.
    pub fn frame(&mut self, recording: RecordingId, number: u64, frame: Box<StereoFrame>) {
        self.retry();
        match self.tasks.try_send(Task::Frame(recording, number, frame)) {
            Ok(()) => {}
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => {
                *self.missing.entry(recording).or_insert(0) += 1;
            }
        }
    }

    /// No more frames come.
    pub fn close(&mut self, recording: RecordingId) {
        let missing = self.missing.remove(&recording).unwrap_or(0);
        self.waiting.push((recording, missing));
        self.retry();
    }

    /// Closes what found no room before.
    pub fn retry(&mut self) {
        let tasks = &self.tasks;
        self.waiting
            .retain(|(recording, missing)| tasks.try_send(Task::Close(*recording, *missing)).is_err());
    }

    /// How many frames found no room, in recordings that are still open.
    pub fn missing(&self) -> u64 {
        self.missing.values().sum()
    }
}

struct Tape {
    file: File,
    frames: u64,
    headed: u64,
}

fn write_all(tasks: &Receiver<Task>, events: &UnboundedSender<Event>) {
    let mut tapes: HashMap<RecordingId, Tape> = HashMap::new();
    while let Ok(task) = tasks.recv() {
        let (recording, result) = match task {
            Task::Open(recording, file) => {
                tapes.insert(
                    recording,
                    Tape {
                        file,
                        frames: 0,
                        headed: 0,
                    },
                );
                (recording, Ok(()))
            }
            Task::Frame(recording, number, frame) => {
                let tape = tapes.get_mut(&recording);
                (recording, tape.map_or(Ok(()), |tape| tape.append(number, &frame)))
            }
            Task::Close(recording, missing) => {
                let closed = tapes.remove(&recording).map_or(Ok(()), |tape| {
                    let event = tape.finish(recording, missing)?;
                    tell(events, event);
                    Ok(())
                });
                (recording, closed)
            }
        };
        if let Err(error) = result {
            tapes.remove(&recording);
            let error = error.kind();
            tell(events, Event::RecordingFailed { recording, error });
        }
    }
    // The engine is gone: what is open is as complete as it gets.
    for (recording, tape) in tapes {
        if let Ok(event) = tape.finish(recording, 0) {
            tell(events, event);
        }
    }
}

fn tell(events: &UnboundedSender<Event>, event: Event) {
    if events.send(event).is_err() {
        tracing::debug!("nobody listens to the voice engine any more");
    }
}

impl Tape {
    fn append(&mut self, number: u64, frame: &StereoFrame) -> io::Result<()> {
        let mut bytes = Vec::new();
        // What was missing is silent, so that both sides stay where they were in time.
        let missing = number.saturating_sub(self.frames);
        bytes.resize(usize::try_from(missing * u64::from(FRAME_BYTES)).unwrap_or(0), 0);
        bytes.extend(frame.iter().flat_map(|sample| sample.to_le_bytes()));
        self.file.write_all(&bytes)?;
        self.frames += missing + 1;
        if self.frames - self.headed >= HEADER_EVERY {
            self.head()?;
        }
        Ok(())
    }

    /// Says in the header how much there is by now.
    fn head(&mut self) -> io::Result<()> {
        let data = u32::try_from(self.frames * u64::from(FRAME_BYTES)).unwrap_or(u32::MAX);
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(&wav::header(data))?;
        self.file.seek(SeekFrom::End(0))?;
        self.headed = self.frames;
        Ok(())
    }

    fn finish(mut self, recording: RecordingId, missing: u64) -> io::Result<Event> {
        self.head()?;
        self.file.sync_all()?;
        Ok(Event::Recorded {
            recording,
            length: Duration::from_millis(self.frames * 20),
            bytes: wav::HEADER + self.frames * u64::from(FRAME_BYTES),
            missing,
        })
    }
}
