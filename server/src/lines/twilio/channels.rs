//! Twilio records the other side's leg: what it says first, then what it hears. Here the agent is left and the others right, so the two
//! are exchanged. Refuses to touch what is no plain WAV of two channels.

/// Exchanges the two channels of a WAV in place; leaves anything else as it is. How long it is in milliseconds, where it says so.
pub fn exchange(sound: &mut [u8]) -> Option<u64> {
    let format = Format::find(sound)?;
    let (start, length) = chunk(sound, *b"data")?;
    let data = sound.get_mut(start..start.checked_add(length)?)?;
    if format.channels == 2 {
        let width = usize::from(format.frame / 2);
        for frame in data.chunks_exact_mut(usize::from(format.frame)) {
            let (left, right) = frame.split_at_mut(width);
            left.swap_with_slice(right);
        }
    }
    let bytes = u64::try_from(length).ok()?;
    bytes.saturating_mul(1_000).checked_div(u64::from(format.bytes_a_second))
}

struct Format {
    channels: u16,
    bytes_a_second: u32,
    /// Bytes of one sample of all channels.
    frame: u16,
}

impl Format {
    fn find(sound: &[u8]) -> Option<Self> {
        if !sound.starts_with(b"RIFF") || sound.get(8..12)? != b"WAVE" {
            return None;
        }
        let (start, length) = chunk(sound, *b"fmt ")?;
        let fields: &[u8; 16] = sound.get(start..start.checked_add(length)?)?.first_chunk()?;
        let [_, _, c0, c1, _, _, _, _, b0, b1, b2, b3, f0, f1, ..] = *fields;
        let format = Self {
            channels: u16::from_le_bytes([c0, c1]),
            bytes_a_second: u32::from_le_bytes([b0, b1, b2, b3]),
            frame: u16::from_le_bytes([f0, f1]),
        };
        (format.frame > 0 && (format.channels != 2 || format.frame.is_multiple_of(2))).then_some(format)
    }
}

/// Where the body of the first chunk of that name begins, and how much of it there is.
fn chunk(sound: &[u8], name: [u8; 4]) -> Option<(usize, usize)> {
    let mut at = 12_usize;
    loop {
        let head: &[u8; 8] = sound.get(at..)?.first_chunk()?;
        let [n0, n1, n2, n3, l0, l1, l2, l3] = *head;
        let (start, length) = (at + 8, usize::try_from(u32::from_le_bytes([l0, l1, l2, l3])).ok()?);
        if [n0, n1, n2, n3] == name {
            return Some((start, length.min(sound.len() - start)));
        }
        at = start.checked_add(length)?.checked_add(length % 2)?;
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    fn wav(channels: u16, width: u16, data: &[u8]) -> Vec<u8> {
        let mut bytes = b"RIFF\0\0\0\0WAVELIST\x03\0\0\0abc\0fmt ".to_vec();
        bytes.extend_from_slice(&16_u32.to_le_bytes());
        bytes.extend_from_slice(&1_u16.to_le_bytes());
        bytes.extend_from_slice(&channels.to_le_bytes());
        bytes.extend_from_slice(&8_000_u32.to_le_bytes());
        bytes.extend_from_slice(&(8_000 * u32::from(channels * width)).to_le_bytes());
        bytes.extend_from_slice(&(channels * width).to_le_bytes());
        bytes.extend_from_slice(&(width * 8).to_le_bytes());
        bytes.extend_from_slice(b"data");
        bytes.extend_from_slice(&u32::try_from(data.len()).unwrap().to_le_bytes());
        bytes.extend_from_slice(data);
        bytes
    }

    #[test]
    fn what_the_agent_said_comes_to_the_left() {
        for (width, data, exchanged) in [(2, b"abcdefgh", b"cdabghef"), (1, b"abcdefgh", b"badcfehg")] {
            let mut sound = wav(2, width, data);
            assert_eq!(exchange(&mut sound), Some(0));
            assert!(sound.ends_with(exchanged));
        }
        let mut second = wav(2, 1, &[0; 16_000]);
        assert_eq!(exchange(&mut second), Some(1_000));
    }

    #[test]
    fn what_is_no_sound_of_two_channels_stays_as_it_is() {
        for sound in [
            wav(1, 2, b"abcdefgh"),
            b"ID3 something else".to_vec(),
            b"RIFF\0\0\0\0WAVEfmt ".to_vec(),
            Vec::new(),
        ] {
            let mut same = sound.clone();
            exchange(&mut same);
            assert_eq!(same, sound);
        }
    }
}
