//! Reads XML as far as documents for calls have it: elements, attributes, text, the five named entities and numbered ones,
//! comments, CDATA. What is not well-formed is refused. No DTD, no processing instruction but the declaration.

use std::collections::BTreeMap;

/// Deeper than any document for a call.
const DEEPEST: usize = 16;

/// An element.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Node {
    pub name: String,
    pub attributes: BTreeMap<String, String>,
    /// All text directly in it, joined.
    pub text: String,
    pub children: Vec<Node>,
}

impl Node {
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }
}

/// The root of a document; none where it is not well-formed.
pub(super) fn read(text: &str) -> Option<Node> {
    let mut reader = Reader {
        rest: text.trim_start_matches('\u{feff}'),
    };
    reader.skip_prolog()?;
    let root = reader.element(0)?;
    reader.skip_prolog()?;
    reader.rest.is_empty().then_some(root)
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    /// White space, comments and the declaration.
    fn skip_prolog(&mut self) -> Option<()> {
        loop {
            self.rest = self.rest.trim_start();
            if self.rest.starts_with("<?xml") {
                self.until("?>")?;
            } else if self.rest.starts_with("<!--") {
                self.until("-->")?;
            } else {
                return Some(());
            }
        }
    }

    /// What stands before `end`, which is left behind too.
    fn until(&mut self, end: &str) -> Option<&'a str> {
        let (before, after) = self.rest.split_once(end)?;
        self.rest = after;
        Some(before)
    }

    fn take(&mut self, start: &str) -> Option<()> {
        self.rest = self.rest.strip_prefix(start)?;
        Some(())
    }

    fn name(&mut self) -> Option<&'a str> {
        let end = self
            .rest
            .find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | ':' | '.')))
            .unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest;
        (!name.is_empty()).then_some(name)
    }

    fn element(&mut self, depth: usize) -> Option<Node> {
        if depth > DEEPEST {
            return None;
        }
        self.take("<")?;
        let mut node = Node {
            name: self.name()?.to_owned(),
            ..Node::default()
        };
        loop {
            self.rest = self.rest.trim_start();
            if self.take("/>").is_some() {
                return Some(node);
            }
            if self.take(">").is_some() {
                break;
            }
            let (name, value) = self.attribute()?;
            if node.attributes.insert(name, value).is_some() {
                return None;
            }
        }
        self.content(&mut node, depth)?;
        (self.name()? == node.name).then_some(())?;
        self.rest = self.rest.trim_start();
        self.take(">")?;
        Some(node)
    }

    fn attribute(&mut self) -> Option<(String, String)> {
        let name = self.name()?.to_owned();
        self.rest = self.rest.trim_start();
        self.take("=")?;
        self.rest = self.rest.trim_start();
        let quote = if self.rest.starts_with('\'') { "'" } else { "\"" };
        self.take(quote)?;
        let value = self.until(quote)?;
        (!value.contains('<')).then_some(())?;
        Some((name, unescape(value)?))
    }

    /// Everything up to the closing tag, of which `</` is left behind.
    fn content(&mut self, node: &mut Node, depth: usize) -> Option<()> {
        loop {
            let (text, rest) = self.rest.split_at(self.rest.find('<')?);
            node.text.push_str(&unescape(text)?);
            self.rest = rest;
            if self.take("</").is_some() {
                return Some(());
            }
            if self.take("<!--").is_some() {
                self.until("-->")?;
            } else if self.take("<![CDATA[").is_some() {
                node.text.push_str(self.until("]]>")?);
            } else {
                let child = self.element(depth + 1)?;
                node.children.push(child);
            }
        }
    }
}

fn unescape(text: &str) -> Option<String> {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        plain.push_str(before);
        let (entity, behind) = after.split_once(';')?;
        plain.push(match entity {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            numbered => {
                let digits = numbered.strip_prefix('#')?;
                let code = match digits.strip_prefix('x') {
                    Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
                    None => digits.parse().ok()?,
                };
                char::from_u32(code)?
            }
        });
        rest = behind;
    }
    plain.push_str(rest);
    Some(plain)
}
