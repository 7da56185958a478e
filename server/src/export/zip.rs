//! A ZIP as this program writes it: files stored as they are, in one order, without times. Every byte of it follows from the names and
//! the contents, so that a check can tell any byte that was changed. Refuses what needs the 64-bit extensions.

use std::io::{Read, Write};

use super::ExportError;

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
/// 1980-01-01, the first day that a ZIP knows.
const DAY: u16 = 0x0021;
/// Of CRC-32, its lowest bit first.
const POLYNOMIAL: u32 = 0xedb8_8320;
/// Names are UTF-8.
const UTF8: u16 = 0x0800;
/// The length of a local header before its name.
pub const LOCAL_LENGTH: usize = 30;

/// A file in a ZIP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// Its size.
    pub size: u32,
    /// Its CRC-32.
    pub crc: u32,
}

/// What stands before a file.
///
/// # Errors
/// [`ExportError::TooLarge`] for a name that is too long.
pub fn local_header(member: &Member) -> Result<Vec<u8>, ExportError> {
    let name_length = u16::try_from(member.name.len()).map_err(|_| ExportError::TooLarge)?;
    let mut bytes = Vec::with_capacity(LOCAL_LENGTH + member.name.len());
    bytes.extend(LOCAL.to_le_bytes());
    describe(&mut bytes, member, name_length);
    bytes.extend(0_u16.to_le_bytes());
    bytes.extend(member.name.as_bytes());
    Ok(bytes)
}

/// What both kinds of header say alike.
fn describe(bytes: &mut Vec<u8>, member: &Member, name_length: u16) {
    for half in [20, UTF8, 0, 0, DAY] {
        bytes.extend(half.to_le_bytes());
    }
    for word in [member.crc, member.size, member.size] {
        bytes.extend(word.to_le_bytes());
    }
    bytes.extend(name_length.to_le_bytes());
}

/// What stands at the end, after all files.
///
/// # Errors
/// [`ExportError::TooLarge`].
pub fn directory(members: &[Member]) -> Result<Vec<u8>, ExportError> {
    let too_large = |_| ExportError::TooLarge;
    let (mut bytes, mut offset) = (Vec::new(), 0_u64);
    for member in members {
        let name_length = u16::try_from(member.name.len()).map_err(too_large)?;
        bytes.extend(CENTRAL.to_le_bytes());
        bytes.extend(20_u16.to_le_bytes());
        describe(&mut bytes, member, name_length);
        bytes.extend([0_u8; 12]);
        bytes.extend(u32::try_from(offset).map_err(too_large)?.to_le_bytes());
        bytes.extend(member.name.as_bytes());
        offset += u64::try_from(LOCAL_LENGTH).unwrap_or(0) + u64::from(name_length) + u64::from(member.size);
    }
    let (count, size) = (u16::try_from(members.len()), u32::try_from(bytes.len()));
    let (count, size) = (count.map_err(too_large)?, size.map_err(too_large)?);
    bytes.extend(END.to_le_bytes());
    bytes.extend([0_u8; 4]);
    bytes.extend(count.to_le_bytes());
    bytes.extend(count.to_le_bytes());
    bytes.extend(size.to_le_bytes());
    bytes.extend(u32::try_from(offset).map_err(too_large)?.to_le_bytes());
    bytes.extend(0_u16.to_le_bytes());
    Ok(bytes)
}

/// Writes one file after the others.
///
/// # Errors
/// [`ExportError::File`].
pub fn write(to: &mut impl Write, member: &Member, from: &mut impl Read) -> Result<(), ExportError> {
    to.write_all(&local_header(member)?)?;
    std::io::copy(from, to)?;
    Ok(())
}

/// CRC-32, as ZIP and PNG have it.
#[derive(Debug, Clone, Copy)]
pub struct Crc(u32);

impl Default for Crc {
    fn default() -> Self {
        Self(u32::MAX)
    }
}

impl Crc {
    /// Takes in more bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 ^= u32::from(*byte);
            for _ in 0..8 {
                let is_odd = (self.0 & 1).wrapping_neg();
                self.0 = (self.0 >> 1) ^ (POLYNOMIAL & is_odd);
            }
        }
    }

    /// The sum.
    #[must_use]
    pub const fn sum(self) -> u32 {
        !self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_sum_is_the_one_that_everybody_knows() {
        let mut crc = Crc::default();
        crc.update(b"1234");
        crc.update(b"56789");
        assert_eq!(crc.sum(), 0xcbf4_3926);
    }
}
