//! Lists as Twilio gives them: filters, pages of at most a thousand, newest first, and the address of the next page with the
//! page's token and all filters in it. A page goes on after the last text of the one before, whatever was added since.

use std::time::Duration;

use casewire_core::time::Timestamp;
use serde_json::{Map, Value, json};

use super::answers::Problem;
use super::world::{Message, World};
use crate::twilio::form::Form;

const USUAL_PAGE: usize = 50;
const LARGEST_PAGE: usize = 1000;
const DAY: Duration = Duration::from_secs(24 * 3600);

/// Where a list starts and how long a page of it is.
pub(super) struct Paging {
    size: usize,
    page: usize,
    after: Option<String>,
}

impl Paging {
    pub(super) fn read(query: &Form) -> Result<Self, Problem> {
        let number = |name: &str| match query.text(name) {
            Some(text) => text.parse::<usize>().map(Some).map_err(|_| Problem::of(20001)),
            None => Ok(None),
        };
        let size = number("PageSize")?.unwrap_or(USUAL_PAGE);
        if size == 0 {
            return Err(Problem::of(20001));
        }
        let after = query
            .text("PageToken")
            .map(|token| token.strip_prefix("PA").unwrap_or_default().to_owned());
        Ok(Self {
            size: size.min(LARGEST_PAGE),
            page: number("Page")?.unwrap_or(0),
            after,
        })
    }

    /// A page of `items`, which are those from the token on; `sid` names an item for the token of the next page.
    pub(super) fn page<T>(
        &self,
        name: &str,
        path: &str,
        query: &Form,
        items: impl Iterator<Item = T>,
        sid: impl Fn(&T) -> &str,
        shown: impl Fn(&T) -> Value,
    ) -> Value {
        let mut items = items;
        let page: Vec<T> = items.by_ref().take(self.size).collect();
        let next = match (page.last(), items.next()) {
            (Some(last), Some(_)) => Some(self.uri(path, query, self.page + 1, Some(sid(last)))),
            _ => None,
        };
        let start = self.page * self.size;
        let mut answer = Map::new();
        answer.insert("end".to_owned(), json!((start + page.len()).saturating_sub(1)));
        answer.insert("first_page_uri".to_owned(), json!(self.uri(path, query, 0, None)));
        answer.insert("next_page_uri".to_owned(), json!(next));
        answer.insert("page".to_owned(), json!(self.page));
        answer.insert("page_size".to_owned(), json!(self.size));
        answer.insert("previous_page_uri".to_owned(), Value::Null);
        answer.insert("start".to_owned(), json!(start));
        answer.insert("uri".to_owned(), json!(self.uri(path, query, self.page, self.after.as_deref())));
        answer.insert(name.to_owned(), page.iter().map(shown).collect());
        Value::Object(answer)
    }

    fn uri(&self, path: &str, query: &Form, page: usize, after: Option<&str>) -> String {
        let mut kept = Form::default();
        for (name, value) in query
            .pairs()
            .filter(|(name, _)| !matches!(*name, b"Page" | b"PageToken" | b"PageSize"))
        {
            kept.push(&String::from_utf8_lossy(name), value);
        }
        kept.push("PageSize", self.size.to_string());
        kept.push("Page", page.to_string());
        if let Some(sid) = after {
            kept.push("PageToken", format!("PA{sid}"));
        }
        format!("{path}?{}", kept.encode())
    }

    pub(super) fn after(&self) -> Option<&str> {
        self.after.as_deref()
    }
}

/// Which texts a list has.
struct Filters {
    to: Option<String>,
    from: Option<String>,
    on: Option<(Timestamp, Timestamp)>,
    until: Option<Timestamp>,
    since: Option<Timestamp>,
}

impl Filters {
    fn read(query: &Form) -> Result<Self, Problem> {
        let time = |name: &str| match query.text(name) {
            Some(text) => moment(&text).map(Some).ok_or(Problem::of(20001)),
            None => Ok(None),
        };
        Ok(Self {
            to: query.text("To"),
            from: query.text("From"),
            on: time("DateSent")?.and_then(day),
            until: time("DateSent<")?,
            since: time("DateSent>")?,
        })
    }

    fn let_through(&self, message: &Message) -> bool {
        let sent = message.sent_at;
        self.to.as_ref().is_none_or(|to| *to == message.to)
            && self.from.as_ref().is_none_or(|from| *from == message.from)
            && self
                .on
                .is_none_or(|(start, end)| sent.is_some_and(|sent| start <= sent && sent < end))
            && self.until.is_none_or(|until| sent.is_some_and(|sent| sent <= until))
            && self.since.is_none_or(|since| sent.is_some_and(|sent| since <= sent))
    }
}

/// A moment, or the start of a day.
pub(super) fn moment(text: &str) -> Option<Timestamp> {
    let time = match text.parse::<jiff::Timestamp>() {
        Ok(time) => time,
        Err(_) => start_of(text.parse().ok()?)?,
    };
    Some(Timestamp::from_micros(time.as_microsecond()))
}

/// The day in which a moment is: `DateSent` without `<` or `>` means the whole of it, also with a time of day.
pub(super) fn day(moment: Timestamp) -> Option<(Timestamp, Timestamp)> {
    let time = jiff::Timestamp::from_microsecond(moment.as_micros()).ok()?;
    let start = Timestamp::from_micros(start_of(time.to_zoned(jiff::tz::TimeZone::UTC).date())?.as_microsecond());
    Some((start, start.plus(DAY)))
}

fn start_of(date: jiff::civil::Date) -> Option<jiff::Timestamp> {
    Some(date.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp())
}

/// A page of the texts of an account.
pub(super) fn messages(
    world: &World,
    account: &str,
    path: &str,
    query: &Form,
    shown: impl Fn(&Message) -> Value,
) -> Result<Value, Problem> {
    let paging = Paging::read(query)?;
    let filters = Filters::read(query)?;
    let found = world
        .newest_first(account, paging.after())
        .filter(|message| filters.let_through(message));
    Ok(paging.page(
        "messages",
        path,
        query,
        found,
        |message| message.sid.as_str(),
        |message| shown(message),
    ))
}
