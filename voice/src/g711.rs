//! G.711 µ-law (ITU-T G.711, RFC 3551 "PCMU"): 8,000 samples of one byte a second, what every browser and every telephone speaks.

/// Samples a second.
pub const RATE: u32 = 8_000;

const BIAS: i32 = 0x84;
const CLIP: i32 = 32_635;

/// A sample of 16 bits as one byte.
#[must_use]
pub fn encode(sample: i16) -> u8 {
    let wide = i32::from(sample);
    let (sign, magnitude) = if wide < 0 { (0x80, -wide) } else { (0, wide) };
    let biased = magnitude.min(CLIP) + BIAS;
    // `biased` is between 0x84 and 0x7FFF: its highest bit is one of 7 to 14.
    let exponent = 24_i32.saturating_sub(biased.leading_zeros().cast_signed()).clamp(0, 7);
    let mantissa = (biased >> (exponent + 3)) & 0x0F;
    let code = sign | (exponent << 4) | mantissa;
    !u8::try_from(code).unwrap_or(0)
}

/// A byte as a sample of 16 bits.
#[must_use]
pub fn decode(byte: u8) -> i16 {
    let code = i32::from(!byte);
    let exponent = (code >> 4) & 0x07;
    let mantissa = code & 0x0F;
    let magnitude = (((mantissa << 3) + BIAS) << exponent) - BIAS;
    let value = if code & 0x80 == 0 { magnitude } else { -magnitude };
    i16::try_from(value).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_survives_being_decoded_and_encoded() {
        for byte in 0..=u8::MAX {
            // The two codes for zero: negative zero (0x7F) comes back as positive zero (0xFF).
            let expected = if byte == 0x7F { 0xFF } else { byte };
            assert_eq!(encode(decode(byte)), expected, "{byte:#04x}");
        }
    }

    #[test]
    fn known_codes_have_the_values_of_the_standard() {
        for (byte, value) in [(0xFF, 0), (0x80, 32_124), (0x00, -32_124), (0xFE, 8), (0x7E, -8), (0xF0, 120)] {
            assert_eq!(decode(byte), value, "{byte:#04x}");
        }
    }

    #[test]
    fn every_sample_comes_back_within_the_step_of_its_segment() {
        for sample in i16::MIN..=i16::MAX {
            let back = i32::from(decode(encode(sample)));
            let off = (back - i32::from(sample)).abs();
            assert!(
                off <= 8.max(i32::from(sample).abs() / 16) || i32::from(sample).abs() > CLIP,
                "{sample} became {back}"
            );
        }
    }
}
