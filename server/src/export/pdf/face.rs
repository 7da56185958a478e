//! The two faces that an export is set in, Source Sans 3 (SIL Open Font Licence, in `server/assets/fonts/`), and the widths of their
//! letters. What the font lacks is written as `[U+1F600]`, so that nothing that was said is left out silently.

use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::{FontRef, MetadataProvider as _};

const REGULAR: &[u8] = include_bytes!("../../../assets/fonts/SourceSans3-Regular.ttf");
const SEMIBOLD: &[u8] = include_bytes!("../../../assets/fonts/SourceSans3-Semibold.ttf");

/// How heavy letters are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// For reading.
    Regular,
    /// For finding.
    Semibold,
}

/// Both faces.
pub struct Faces {
    regular: Face,
    semibold: Face,
}

struct Face {
    font: Font,
    letters: skrifa::charmap::Charmap<'static>,
    metrics: GlyphMetrics<'static>,
    units: f32,
}

impl Face {
    fn load(bytes: &'static [u8]) -> Option<Self> {
        let font = FontRef::new(bytes).ok()?;
        Some(Self {
            letters: font.charmap(),
            metrics: font.glyph_metrics(Size::unscaled(), LocationRef::default()),
            units: f32::from(font.metrics(Size::unscaled(), LocationRef::default()).units_per_em),
            font: Font::new(bytes.into(), 0)?,
        })
    }

    /// The glyph of a letter and its width in units of the size.
    fn glyph(&self, letter: char) -> Option<(u32, f32)> {
        let id = self.letters.map(letter)?;
        Some((id.to_u32(), self.metrics.advance_width(id)? / self.units))
    }
}

impl Faces {
    /// Both, as they are in the program.
    #[must_use]
    pub fn load() -> Option<Self> {
        Some(Self {
            regular: Face::load(REGULAR)?,
            semibold: Face::load(SEMIBOLD)?,
        })
    }

    const fn of(&self, weight: Weight) -> &Face {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Semibold => &self.semibold,
        }
    }

    /// The font, as the page takes it.
    #[must_use]
    pub fn font(&self, weight: Weight) -> Font {
        self.of(weight).font.clone()
    }

    /// The text in letters that the font has.
    #[must_use]
    pub fn written(&self, text: &str) -> String {
        let mut written = String::with_capacity(text.len());
        for letter in text.chars() {
            match letter {
                '\n' => written.push('\n'),
                '\t' => written.push(' '),
                // What only joins or colours the letter before it.
                '\u{200d}' | '\u{fe0e}' | '\u{fe0f}' | '\r' => {}
                _ if self.regular.glyph(letter).is_some() && !letter.is_control() => written.push(letter),
                _ => written.push_str(&format!("[U+{:04X}]", u32::from(letter))),
            }
        }
        written
    }

    /// How wide a text is that is [`Faces::written`].
    #[must_use]
    pub fn width(&self, weight: Weight, size: f32, text: &str) -> f32 {
        let face = self.of(weight);
        text.chars()
            .filter_map(|letter| face.glyph(letter))
            .map(|(_, width)| width * size)
            .sum()
    }

    /// The glyphs of a line, and the text that they stand for.
    #[must_use]
    pub fn shape(&self, weight: Weight, text: &str) -> (String, Vec<KrillaGlyph>) {
        let (face, text) = (self.of(weight), self.written(text));
        let glyphs = text
            .char_indices()
            .filter_map(|(at, letter)| {
                let (id, width) = face.glyph(letter)?;
                Some(KrillaGlyph {
                    glyph_id: GlyphId::new(id),
                    text_range: at..at + letter.len_utf8(),
                    x_advance: width,
                    x_offset: 0.0,
                    y_offset: 0.0,
                    y_advance: 0.0,
                    location: None,
                })
            })
            .collect();
        (text, glyphs)
    }
}
