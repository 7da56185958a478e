//! Elements of XML, written with everything escaped that could be read as something else (XML 1.0, 2.2 and 2.4). Attributes stand
//! sorted by name, so that equal documents are equal texts.

use std::collections::BTreeMap;
use std::fmt;

/// An element with attributes, and text or other elements in it.
pub(super) struct Element {
    name: &'static str,
    attributes: BTreeMap<&'static str, String>,
    text: String,
    children: Vec<Self>,
}

impl Element {
    pub(super) fn new(name: &'static str) -> Self {
        Self {
            name,
            attributes: BTreeMap::new(),
            text: String::new(),
            children: Vec::new(),
        }
    }

    pub(super) fn set(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.attributes.insert(name, value.into());
        self
    }

    pub(super) fn maybe(self, name: &'static str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.set(name, value),
            None => self,
        }
    }

    pub(super) fn text(mut self, text: &str) -> Self {
        text.clone_into(&mut self.text);
        self
    }

    pub(super) fn with(mut self, child: Self) -> Self {
        self.children.push(child);
        self
    }
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}", self.name)?;
        for (name, value) in &self.attributes {
            write!(f, " {name}=\"{}\"", Escaped(value, Place::Attribute))?;
        }
        if self.text.is_empty() && self.children.is_empty() {
            return f.write_str(" />");
        }
        write!(f, ">{}", Escaped(&self.text, Place::Text))?;
        for child in &self.children {
            write!(f, "{child}")?;
        }
        write!(f, "</{}>", self.name)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Text,
    Attribute,
}

struct Escaped<'a>(&'a str, Place);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match (character, self.1) {
                ('&', _) => f.write_str("&amp;")?,
                ('<', _) => f.write_str("&lt;")?,
                ('>', _) => f.write_str("&gt;")?,
                ('"', Place::Attribute) => f.write_str("&quot;")?,
                ('\t', Place::Attribute) => f.write_str("&#09;")?,
                ('\n', Place::Attribute) => f.write_str("&#10;")?,
                ('\r', _) => f.write_str("&#13;")?,
                (other, _) if is_allowed(other) => write!(f, "{other}")?,
                _ => f.write_str("\u{fffd}")?,
            }
        }
        Ok(())
    }
}

/// The characters that XML 1.0 can hold at all.
fn is_allowed(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}
