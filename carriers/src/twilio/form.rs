//! `application/x-www-form-urlencoded` over bytes: what is signed are the decoded bytes, so nothing here assumes UTF-8, trims
//! or merges fields (WHATWG URL, 5.1). Used by the signature check, the webhook parser and the sandbox.

use std::fmt;

use percent_encoding::percent_decode;

/// Fields in the order in which they came, names and values decoded, repeated ones kept.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Form(Vec<(Vec<u8>, Vec<u8>)>);

impl Form {
    /// Reads a body or a query string. There is no wrong one: what cannot be decoded stays as it is.
    #[must_use]
    pub fn decode(encoded: &[u8]) -> Self {
        let pairs = encoded.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty());
        Self(pairs.map(pair).collect())
    }

    /// Adds a field at the end.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.push(name, value);
        self
    }

    /// Adds a field at the end.
    pub fn push(&mut self, name: &str, value: impl AsRef<[u8]>) {
        self.0.push((name.as_bytes().to_vec(), value.as_ref().to_vec()));
    }

    /// The fields as they came.
    pub fn pairs(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.0.iter().map(|(name, value)| (name.as_slice(), value.as_slice()))
    }

    /// The first value of a field, as text: bytes that are no UTF-8, and NUL, which no database takes, become U+FFFD.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        self.texts(name).next()
    }

    /// All values of a field, as text.
    pub fn texts<'a>(&'a self, name: &'a str) -> impl Iterator<Item = String> + 'a {
        self.pairs()
            .filter(move |(field, _)| *field == name.as_bytes())
            .map(|(_, value)| lossy(value))
    }

    /// The fields as a body of a request.
    #[must_use]
    pub fn encode(&self) -> String {
        let mut encoded = String::new();
        for (name, value) in &self.0 {
            if !encoded.is_empty() {
                encoded.push('&');
            }
            escape(name, &mut encoded);
            encoded.push('=');
            escape(value, &mut encoded);
        }
        encoded
    }
}

impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Form({} fields)", self.0.len())
    }
}

/// Bytes as text that every database takes.
pub(crate) fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).replace('\0', "\u{fffd}")
}

fn pair(encoded: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let mut halves = encoded.splitn(2, |byte| *byte == b'=');
    let name = halves.next().unwrap_or_default();
    (unescape(name), unescape(halves.next().unwrap_or_default()))
}

fn unescape(encoded: &[u8]) -> Vec<u8> {
    let spaced: Vec<u8> = encoded.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    percent_decode(&spaced).collect()
}

fn escape(bytes: &[u8], encoded: &mut String) {
    for byte in bytes {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'*' | b'-' | b'.' | b'_' => encoded.push(char::from(*byte)),
            b' ' => encoded.push('+'),
            other => {
                encoded.push('%');
                for half in [other >> 4, other & 15] {
                    encoded.extend(char::from_digit(u32::from(half), 16).map(|digit| digit.to_ascii_uppercase()));
                }
            }
        }
    }
}
