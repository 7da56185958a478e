//! The entries of an export on paper: US Letter, numbered pages, each entry with its number, its time with the zone, who it was from and
//! to in which role, its words, and what must be said beside it. The lines: [`layout`]; their widths: [`face`].

mod face;
mod layout;

use krilla::Document;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;

use self::face::{Faces, Weight};
use self::layout::{Line, Page, Tone};
use super::ExportError;
use super::entry::Entry;

/// The paper: US Letter, in points.
const WIDTH: f32 = 612.0;
const HEIGHT: f32 = 792.0;
const MARGIN: f32 = 54.0;

/// What stands on the pages beside the entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// The firm.
    pub organization: String,
    /// The number of the case.
    pub mycase_case_id: String,
    /// Its caption.
    pub case_name: String,
    /// The zone of the times.
    pub time_zone: String,
    /// What narrows it, in words, one to a line.
    pub filter: Vec<String>,
    /// How many entries the whole export has.
    pub entries: u64,
}

/// One volume as a PDF.
///
/// # Errors
/// [`ExportError::Pdf`].
pub fn volume(about: &About, volume: u32, entries: &[Entry]) -> Result<Vec<u8>, ExportError> {
    let faces = Faces::load().ok_or(ExportError::Pdf("a font cannot be read"))?;
    let pages = layout::pages(&faces, about, volume, entries);
    let mut document = Document::new();
    let title = format!("Communications of case {}", about.mycase_case_id);
    // An id of its own would be made of the clock.
    let id = format!("{title}, volume {volume}");
    let metadata = Metadata::new()
        .title(title)
        .creator("Casewire".to_owned())
        .language("en-US".to_owned())
        .document_id(id);
    document.set_metadata(metadata);
    let count = pages.len();
    for (index, page) in pages.iter().enumerate() {
        let settings = PageSettings::from_wh(WIDTH, HEIGHT).ok_or(ExportError::Pdf("the paper has no size"))?;
        let mut sheet = document.start_page_with(settings);
        let mut surface = sheet.surface();
        draw(&mut surface, &faces, about, page);
        let place = if entries.len() == usize::try_from(about.entries).unwrap_or(usize::MAX) {
            format!("Page {} of {count}", index + 1)
        } else {
            format!("Volume {volume}, page {} of {count}", index + 1)
        };
        foot(&mut surface, &faces, about, &place);
        surface.finish();
        sheet.finish();
    }
    document.finish().map_err(|_| ExportError::Pdf("it cannot be put together"))
}

fn draw(surface: &mut Surface<'_>, faces: &Faces, about: &About, page: &Page) {
    let head = format!("{}  ·  Case {}", about.organization, about.mycase_case_id);
    put(surface, faces, (MARGIN, 36.0), (Weight::Regular, 8.5, Tone::Quiet), &head);
    for line in &page.lines {
        match line {
            Line::Text {
                x,
                y,
                weight,
                size,
                tone,
                text,
            } => put(surface, faces, (*x, *y), (*weight, *size, *tone), text),
            Line::Rule { y, tone } => rule(surface, *y, *tone),
            Line::Band { y, height, tone } => band(surface, (MARGIN, *y, WIDTH - 2.0 * MARGIN, *height), *tone),
        }
    }
}

fn foot(surface: &mut Surface<'_>, faces: &Faces, about: &About, place: &str) {
    let y = HEIGHT - 30.0;
    let left = format!("Times in {}. Hashes of this export: manifest.json.", about.time_zone);
    put(surface, faces, (MARGIN, y), (Weight::Regular, 8.5, Tone::Quiet), &left);
    let width = faces.width(Weight::Regular, 8.5, place);
    put(
        surface,
        faces,
        (WIDTH - MARGIN - width, y),
        (Weight::Regular, 8.5, Tone::Quiet),
        place,
    );
}

fn put(surface: &mut Surface<'_>, faces: &Faces, at: (f32, f32), style: (Weight, f32, Tone), text: &str) {
    let (weight, size, tone) = style;
    surface.set_fill(Some(fill(tone)));
    let (text, glyphs) = faces.shape(weight, text);
    surface.draw_glyphs(Point::from_xy(at.0, at.1), &glyphs, faces.font(weight), &text, size, false);
}

fn rule(surface: &mut Surface<'_>, y: f32, tone: Tone) {
    band(surface, (MARGIN, y, WIDTH - 2.0 * MARGIN, 0.6), tone);
}

fn band(surface: &mut Surface<'_>, (x, y, width, height): (f32, f32, f32, f32), tone: Tone) {
    let Some(rect) = Rect::from_xywh(x, y, width, height) else {
        return;
    };
    let mut path = PathBuilder::new();
    path.push_rect(rect);
    surface.set_fill(Some(fill(tone)));
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
}

fn fill(tone: Tone) -> Fill {
    let (red, green, blue) = match tone {
        Tone::Ink => (0x1b, 0x1f, 0x27),
        Tone::Quiet => (0x5c, 0x64, 0x70),
        Tone::Line => (0xd5, 0xd9, 0xe0),
        Tone::Marked => (0x8a, 0x4b, 0x00),
        Tone::Wash => (0xf3, 0xf5, 0xf8),
    };
    Fill {
        paint: krilla::color::rgb::Color::new(red, green, blue).into(),
        opacity: NormalizedF32::ONE,
        ..Fill::default()
    }
}
