//! The lines of an export's pages: a head with what the export is of, then entry after entry. The first lines of an entry stay
//! together; a long text goes on on the next page.

use super::face::{Faces, Weight};
use super::{About, HEIGHT, MARGIN, WIDTH};
use crate::export::entry::Entry;

/// Where entries begin, right of their numbers.
const INDENT: f32 = MARGIN + 36.0;
const TOP: f32 = 60.0;
const BOTTOM: f32 = HEIGHT - 54.0;

/// How dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// What was said.
    Ink,
    /// What is beside it.
    Quiet,
    /// A rule.
    Line,
    /// What must not be overlooked.
    Marked,
    /// Behind the head.
    Wash,
}

/// Something on a page.
#[derive(Debug, Clone, PartialEq)]
pub enum Line {
    /// Words.
    Text {
        /// From the left.
        x: f32,
        /// The base line, from the top.
        y: f32,
        /// How heavy.
        weight: Weight,
        /// In points.
        size: f32,
        /// How dark.
        tone: Tone,
        /// The words.
        text: String,
    },
    /// A thin line across.
    Rule {
        /// From the top.
        y: f32,
        /// How dark.
        tone: Tone,
    },
    /// A band across.
    Band {
        /// From the top.
        y: f32,
        /// How high.
        height: f32,
        /// How dark.
        tone: Tone,
    },
}

/// A page.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Page {
    /// What is on it.
    pub lines: Vec<Line>,
}

/// The pages of a volume.
#[must_use]
pub fn pages(faces: &Faces, about: &About, volume: u32, entries: &[Entry]) -> Vec<Page> {
    let mut setter = Setter {
        faces,
        pages: vec![Page::default()],
        y: TOP,
    };
    setter.head(about, volume, entries);
    for entry in entries {
        setter.entry(entry);
    }
    if entries.is_empty() {
        setter.words(
            INDENT,
            (Weight::Regular, 10.5, Tone::Ink),
            "Nothing was said in this case that the export is of.",
        );
    }
    setter.pages
}

struct Setter<'f> {
    faces: &'f Faces,
    pages: Vec<Page>,
    /// Where the next line begins.
    y: f32,
}

type Style = (Weight, f32, Tone);

impl Setter<'_> {
    fn add(&mut self, line: Line) {
        if let Some(page) = self.pages.last_mut() {
            page.lines.push(line);
        }
    }

    /// Begins a page where less than `height` is left.
    fn need(&mut self, height: f32) {
        if self.y + height > BOTTOM {
            self.pages.push(Page::default());
            self.y = TOP;
        }
    }

    /// One line of words at `x`, without moving on.
    fn at(&mut self, x: f32, style: Style, text: &str) {
        let (weight, size, tone) = style;
        let y = self.y + size;
        self.add(Line::Text {
            x,
            y,
            weight,
            size,
            tone,
            text: text.to_owned(),
        });
    }

    /// Words from `x` to the right margin, in as many lines as they take.
    fn words(&mut self, x: f32, style: Style, text: &str) {
        let size = style.1;
        for line in wrap(self.faces, (style.0, size), text, WIDTH - MARGIN - x) {
            self.need(size * 1.35);
            self.at(x, style, &line);
            self.y += size * 1.35;
        }
    }

    fn head(&mut self, about: &About, volume: u32, entries: &[Entry]) {
        let first = self.pages.last().map_or(0, |page| page.lines.len());
        let start = self.y;
        self.y += 12.0;
        let left = MARGIN + 14.0;
        self.words(
            left,
            (Weight::Semibold, 18.0, Tone::Ink),
            &format!("Communications of case {}", about.mycase_case_id),
        );
        self.words(left, (Weight::Regular, 12.0, Tone::Ink), &about.case_name);
        self.y += 6.0;
        let range = match (entries.first(), entries.last()) {
            (Some(one), Some(last)) => format!("{} to {} of {}", one.number, last.number, about.entries),
            (_, _) => "none".to_owned(),
        };
        let mut facts = vec![
            ("Firm", about.organization.clone()),
            ("Entries", range),
            ("Time zone", about.time_zone.clone()),
            (
                "Narrowed to",
                if about.filter.is_empty() {
                    "nothing: all there is".to_owned()
                } else {
                    about.filter.join("; ")
                },
            ),
        ];
        if u64::try_from(entries.len()).ok() != Some(about.entries) {
            facts.insert(1, ("Volume", volume.to_string()));
        }
        for (name, value) in facts {
            self.at(left, (Weight::Semibold, 9.5, Tone::Quiet), name);
            self.words(left + 80.0, (Weight::Regular, 9.5, Tone::Ink), &value);
        }
        self.y += 10.0;
        let band = Line::Band {
            y: start,
            height: self.y - start,
            tone: Tone::Wash,
        };
        // Behind the words that stand on it.
        if let Some(page) = self.pages.first_mut() {
            page.lines.insert(first, band);
        }
        self.y += 8.0;
        let note = "Each entry has its number, its time with the zone, who it was from and to and in which role on the case. \
            An unclaimed text was offered to this case and is owned by none. A character that this font lacks is written as \
            [U+…]; communications.json has it as it was sent.";
        self.words(MARGIN, (Weight::Regular, 8.5, Tone::Quiet), note);
        self.y += 8.0;
    }

    fn entry(&mut self, entry: &Entry) {
        self.need(58.0);
        let y = self.y;
        self.add(Line::Rule { y, tone: Tone::Line });
        self.y += 8.0;
        self.at(MARGIN, (Weight::Semibold, 10.0, Tone::Quiet), &entry.number.to_string());
        let kind = entry.title();
        let width = self.faces.width(Weight::Semibold, 10.0, kind);
        self.at(WIDTH - MARGIN - width, (Weight::Semibold, 10.0, Tone::Quiet), kind);
        self.words(INDENT, (Weight::Semibold, 10.0, Tone::Ink), &entry.at_for_people);
        let (from, to) = if entry.direction == "inbound" {
            (entry.person_line(), entry.firm_line())
        } else {
            (entry.firm_line(), entry.person_line())
        };
        self.words(INDENT, (Weight::Regular, 9.5, Tone::Quiet), &format!("From {from} to {to}"));
        if let Some(body) = entry.body.as_ref().filter(|body| !body.is_empty()) {
            self.y += 2.0;
            self.words(INDENT, (Weight::Regular, 10.5, Tone::Ink), body);
        }
        for note in &entry.notes {
            self.words(INDENT, (Weight::Regular, 9.0, Tone::Marked), note);
        }
        let mut facts = Vec::new();
        if let Some(status) = &entry.status {
            let code = entry
                .error_code
                .map_or_else(String::new, |code| format!(" (carrier's code {code})"));
            facts.push(format!("Status: {}{code}", status.replace('_', " ")));
        }
        facts.push(entry.id.clone());
        self.words(INDENT, (Weight::Regular, 8.0, Tone::Quiet), &facts.join("  ·  "));
        self.y += 7.0;
    }
}

/// Breaks a text into lines: at its own breaks, then between words, then within a word that is longer than a line.
fn wrap(faces: &Faces, (weight, size): (Weight, f32), text: &str, width: f32) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in faces.written(text).split('\n') {
        let mut line = String::new();
        for word in paragraph.split_inclusive(' ') {
            let longer = format!("{line}{word}");
            if faces.width(weight, size, longer.trim_end()) <= width {
                line = longer;
                continue;
            }
            if !line.is_empty() {
                lines.push(line.trim_end().to_owned());
                line.clear();
            }
            for letter in word.chars() {
                line.push(letter);
                if faces.width(weight, size, line.trim_end()) > width {
                    line.pop();
                    lines.push(std::mem::take(&mut line));
                    line.push(letter);
                }
            }
        }
        lines.push(line.trim_end().to_owned());
    }
    lines
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_wider_than_its_column_and_no_letter_is_lost() {
        let faces = Faces::load().unwrap();
        let style = (Weight::Regular, 10.5);
        for text in [
            "one two three four five",
            &"w".repeat(400),
            "a\n\nb",
            "  spaced   out  ",
            "Grüße, Łódź, Ελλάδα 👍",
        ] {
            let lines = wrap(&faces, style, text, 120.0);
            assert!(lines.iter().all(|line| faces.width(style.0, style.1, line) <= 120.0), "{lines:?}");
            let letters = |text: &str| text.chars().filter(|letter| !letter.is_whitespace()).collect::<String>();
            assert_eq!(letters(&lines.concat()), letters(&faces.written(text)));
        }
        assert!(faces.written("👍🏽 ok").starts_with("[U+1F44D]"));
    }
}
