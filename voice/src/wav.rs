//! The WAV format of recordings: two channels of 16 bits at 8,000 samples a second. Its header is 44 bytes and says how much follows,
//! so the recorder writes it anew after each piece: a file is readable whenever the program stops.

use crate::g711::RATE;

/// The length of the header.
pub const HEADER: u64 = 44;
/// Bytes per sample of both channels.
pub const STEP: u32 = 4;

/// The header of a file with that many bytes of samples.
#[must_use]
pub fn header(data: u32) -> [u8; 44] {
    let mut header = [0; 44];
    let fields: [&[u8]; 13] = [
        b"RIFF",
        &data.saturating_add(36).to_le_bytes(),
        b"WAVE",
        b"fmt ",
        &16_u32.to_le_bytes(),
        &1_u16.to_le_bytes(),
        &2_u16.to_le_bytes(),
        &RATE.to_le_bytes(),
        &(RATE * STEP).to_le_bytes(),
        &4_u16.to_le_bytes(),
        &16_u16.to_le_bytes(),
        b"data",
        &data.to_le_bytes(),
    ];
    for (to, from) in header.iter_mut().zip(fields.iter().copied().flatten()) {
        *to = *from;
    }
    header
}
