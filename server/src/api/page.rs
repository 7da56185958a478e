//! Pages of lists: how many, from where. A cursor is the id of the last thing on the page before, and says so to nobody.

use casewire_core::id::Id;

use crate::problem::{Problem, ProblemCode};
use crate::wire::Listing;

/// How many things a page has unless the caller says otherwise.
const USUAL: u32 = 50;
/// How many things a page has at most.
const MOST: u32 = 200;

/// How many things are asked for.
///
/// # Errors
/// `invalid_query`.
pub fn limit(asked: Option<u32>) -> Result<u32, Problem> {
    match asked {
        None => Ok(USUAL),
        Some(limit) if (1..=MOST).contains(&limit) => Ok(limit),
        Some(_) => Err(Problem::new(
            ProblemCode::InvalidQuery,
            format!("The query parameter `limit` is from 1 to {MOST}."),
        )),
    }
}

/// The last thing of the page before.
///
/// # Errors
/// `invalid_cursor`.
pub fn cursor<I: Id>(text: Option<&str>) -> Result<Option<I>, Problem> {
    text.map(|text| text.parse().map_err(|_| Problem::of(ProblemCode::InvalidCursor)))
        .transpose()
}

/// The page, where one thing more than `limit` was looked for.
#[must_use]
pub fn of<T, I: Id>(mut items: Vec<T>, limit: u32, id: impl Fn(&T) -> I) -> Listing<T> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if items.len() <= limit {
        return Listing::whole(items);
    }
    items.truncate(limit);
    let next_cursor = items.last().map(|last| id(last).to_string());
    Listing { items, next_cursor }
}

/// What was searched for, unless it is too long to be a name or a number.
///
/// # Errors
/// `invalid_query`.
pub fn search(asked: Option<String>) -> Result<String, Problem> {
    let search = asked.unwrap_or_default();
    if search.chars().count() > 200 {
        return Err(Problem::new(
            ProblemCode::InvalidQuery,
            "The query parameter `q` has more than 200 characters.",
        ));
    }
    if search.contains('\0') {
        return Err(Problem::new(
            ProblemCode::InvalidQuery,
            "The query parameter `q` has a character that no name has.",
        ));
    }
    Ok(search)
}

/// Reads a field that may be given, given as null, or left out: `#[serde(default, deserialize_with = "page::given")]`.
///
/// # Errors
/// Where the value has the wrong type.
pub fn given<'de, D: serde::Deserializer<'de>, T: serde::Deserialize<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    serde::Deserialize::deserialize(deserializer).map(Some)
}
