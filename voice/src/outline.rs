//! Recordings once they are there: [`mend`] makes the header of one that was cut off say how much there is, and [`outline`] is its shape
//! for a player to draw. Both read files and take their time: not for the media thread.

use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::Duration;

use crate::g711::RATE;
use crate::wav;

/// How much a recording holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// Its length.
    pub length: Duration,
    /// The size of its file.
    pub bytes: u64,
}

/// The shape of a recording: in each of so many equal pieces the loudest sample, 0 for silence and 100 for full scale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// The agent.
    pub left: Vec<u8>,
    /// Everybody else.
    pub right: Vec<u8>,
    /// The recording's length.
    pub length: Duration,
}

/// Makes the header agree with what was written before the program stopped; changes nothing where it does.
///
/// # Errors
/// What the system says; [`ErrorKind::InvalidData`] for a file that is no recording of ours.
pub fn mend(path: &Path) -> io::Result<Extent> {
    let mut file = OpenOptions::new().read(true).write(true).open(path)?;
    let data = whole_steps(file.metadata()?.len())?;
    let length = u32::try_from(data).unwrap_or(u32::MAX);
    let mut written = [0; 44];
    file.read_exact(&mut written).map_err(|_| not_ours())?;
    // All but the two lengths is the same in every recording.
    if written.get(8..40) != wav::header(length).get(8..40) {
        return Err(not_ours());
    }
    if written != wav::header(length) {
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&wav::header(length))?;
        file.set_len(wav::HEADER + data)?;
        file.sync_all()?;
    }
    Ok(Extent {
        length: length_of(data),
        bytes: wav::HEADER + data,
    })
}

/// Draws a recording in so many pieces.
///
/// # Errors
/// What the system says; [`ErrorKind::InvalidData`] for a file that is no recording of ours.
pub fn outline(path: &Path, pieces: u16) -> io::Result<Outline> {
    let file = File::open(path)?;
    let data = whole_steps(file.metadata()?.len())?;
    let mut reader = BufReader::new(file);
    reader.seek(SeekFrom::Start(wav::HEADER))?;
    let (steps, pieces) = (data / u64::from(wav::STEP), u64::from(pieces.max(1)));
    let (mut left, mut right) = (Vec::new(), Vec::new());
    for piece in 0..pieces {
        let loudest = loudest(&mut reader, steps * (piece + 1) / pieces - steps * piece / pieces)?;
        left.push(loudest.0);
        right.push(loudest.1);
    }
    Ok(Outline {
        left,
        right,
        length: length_of(data),
    })
}

/// The loudest samples of both channels among the next ones.
fn loudest(reader: &mut impl Read, steps: u64) -> io::Result<(u8, u8)> {
    let mut loudest = (0, 0);
    for _ in 0..steps {
        let mut step = [0; 4];
        reader.read_exact(&mut step)?;
        let [l0, l1, r0, r1] = step;
        loudest.0 = i16::from_le_bytes([l0, l1]).unsigned_abs().max(loudest.0);
        loudest.1 = i16::from_le_bytes([r0, r1]).unsigned_abs().max(loudest.1);
    }
    Ok((percent(loudest.0), percent(loudest.1)))
}

fn percent(sample: u16) -> u8 {
    u8::try_from((u32::from(sample) * 100).div_ceil(32_768)).unwrap_or(100)
}

/// The bytes of whole samples in a file of that size.
fn whole_steps(size: u64) -> io::Result<u64> {
    let data = size.checked_sub(wav::HEADER).ok_or_else(not_ours)?;
    Ok(data - data % u64::from(wav::STEP))
}

fn length_of(data: u64) -> Duration {
    Duration::from_micros(data / u64::from(wav::STEP) * 1_000_000 / u64::from(RATE))
}

fn not_ours() -> io::Error {
    io::Error::new(ErrorKind::InvalidData, "not a recording")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    fn written(name: &str, header_says: u32, samples: &[[i16; 2]], more: &[u8]) -> std::path::PathBuf {
        let path = std::env::temp_dir().join(format!("casewire-outline-{}-{name}.wav", std::process::id()));
        let mut bytes = wav::header(header_says).to_vec();
        bytes.extend(samples.iter().flatten().flat_map(|sample| sample.to_le_bytes()));
        bytes.extend(more);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    #[test]
    fn a_recording_that_was_cut_off_says_afterwards_how_much_there_is() {
        let samples = vec![[1_000, -1_000]; 8_000];
        let path = written("cut", 320, &samples, &[7, 7, 7]);
        let mended = mend(&path).unwrap();
        assert_eq!((mended.length, mended.bytes), (Duration::from_secs(1), 44 + 32_000));
        let bytes = std::fs::read(&path).unwrap();
        assert_eq!(bytes.len(), 44 + 32_000);
        assert_eq!(bytes.get(40..44).unwrap(), 32_000_u32.to_le_bytes());
        assert_eq!(mend(&path).unwrap(), mended, "again changes nothing");
        std::fs::remove_file(path).unwrap();
    }

    #[test]
    fn what_is_no_recording_is_left_as_it_is() {
        let path = written("other", 0, &[], &[]);
        std::fs::write(&path, [b'x'; 60]).unwrap();
        assert_eq!(mend(&path).unwrap_err().kind(), ErrorKind::InvalidData);
        assert_eq!(std::fs::read(&path).unwrap(), [b'x'; 60]);
        std::fs::write(&path, b"short").unwrap();
        assert!(mend(&path).is_err() && outline(&path, 10).is_err());
        std::fs::remove_file(path).unwrap();
    }

    #[test]
    fn an_outline_has_the_loudest_sample_of_each_piece_in_each_channel() {
        let mut samples = vec![[0, 0]; 4_000];
        samples.extend(vec![[16_384, -32_768]; 4_000]);
        let path = written("shape", 32_000, &samples, &[]);
        let drawn = outline(&path, 4).unwrap();
        assert_eq!((drawn.left, drawn.right), (vec![0, 0, 50, 50], vec![0, 0, 100, 100]));
        assert_eq!(drawn.length, Duration::from_secs(1));
        let short = written("few", 4, &[[100, 0]], &[]);
        assert_eq!(outline(&short, 200).unwrap().left.len(), 200);
        for path in [path, short] {
            std::fs::remove_file(path).unwrap();
        }
    }
}
