//! What the two engines cannot say alike, and nothing else: full text. SQLite has an FTS5 table beside the documents, PostgreSQL
//! a `tsvector` in them. Statements that search are made for each engine from the pieces here; a test prepares both.

use casewire_core::search::Query;

/// A statement in both languages.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spoken {
    /// For SQLite.
    pub(crate) sqlite: &'static str,
    /// For PostgreSQL.
    pub(crate) postgres: &'static str,
}

/// Declares statements in both languages: `spoken! { /// What it does. NAME = text; }` where `text!(engine)` is the text.
macro_rules! spoken {
    ($($(#[$doc:meta])* $name:ident = $text:ident;)*) => {
        $($(#[$doc])* pub(crate) const $name: $crate::dialect::Spoken = $crate::dialect::Spoken {
            sqlite: $text!(sqlite),
            postgres: $text!(postgres),
        };)*
        /// Every statement of this file that is made for each engine.
        #[cfg(any(test, feature = "testing"))]
        pub(crate) const SPOKEN: &[$crate::dialect::Spoken] = &[$($name),*];
    };
}
pub(crate) use spoken;

/// The documents `d` that a question may find, the tables that come first. `recent` is PostgreSQL's walk along the latest ones: it
/// is the quick way to what many texts have in common, for which the index would have to be read as a whole.
macro_rules! documents {
    (sqlite) => {
        "search_index f cross join search_documents d"
    };
    (postgres) => {
        "search_documents d"
    };
    (recent) => {
        "(select s.* from search_documents s where s.organization_id = $1 and s.doc < $7 order by s.doc desc limit 8000) d"
    };
}
pub(crate) use documents;

/// The document `d` is found by the question `$6`, is the organization's and comes before `$7`.
macro_rules! is_found {
    (sqlite) => {
        "search_index match $6 and f.rowid < $7 and d.doc = f.rowid and d.organization_id = $1"
    };
    (postgres) => {
        "d.terms @@ cast(cast($6 as text) as tsquery) and d.organization_id = $1 and d.doc < $7"
    };
    (recent) => {
        "d.terms @@ cast(cast($6 as text) as tsquery)"
    };
}
pub(crate) use is_found;

/// The latest first. PostgreSQL is kept from walking along all documents by their order.
macro_rules! latest_first {
    (sqlite) => {
        "f.rowid desc"
    };
    (postgres) => {
        "d.doc + 0 desc"
    };
    (recent) => {
        "d.doc desc"
    };
}
pub(crate) use latest_first;

/// The conversations of the latest texts that the question `$17` finds.
macro_rules! conversations_found {
    (sqlite) => {
        "select hd.conversation_id from (select f.rowid as doc from search_index f where search_index match $17 \
            order by f.rowid desc limit 20000) hf join search_documents hd on hd.doc = hf.doc \
            where hd.organization_id = $1 and hd.kind = 'text'"
    };
    (postgres) => {
        "select hf.conversation_id from (select hd.conversation_id from search_documents hd where hd.organization_id = $1 \
            and hd.kind = 'text' and hd.terms @@ cast(cast($17 as text) as tsquery) order by hd.doc + 0 desc limit 20000) hf"
    };
}
pub(crate) use conversations_found;

/// A question as an engine reads it: tags that must be there, tags of which one must, and the words. A tag begins with `#`, which no
/// word does.
pub(crate) struct Sought<'q> {
    /// All of these.
    pub(crate) tags: Vec<String>,
    /// One of these; none where it does not matter.
    pub(crate) places: Vec<String>,
    /// The words.
    pub(crate) query: &'q Query,
}

/// How an engine writes a question.
struct Language {
    quote: char,
    and: &'static str,
    or: &'static str,
    goes_on: &'static str,
}

const FTS5: Language = Language {
    quote: '"',
    and: " AND ",
    or: " OR ",
    goes_on: " *",
};
const TSQUERY: Language = Language {
    quote: '\'',
    and: " & ",
    or: " | ",
    goes_on: ":*",
};

impl Sought<'_> {
    pub(crate) fn in_sqlite(&self) -> String {
        self.written(&FTS5)
    }

    pub(crate) fn in_postgres(&self) -> String {
        self.written(&TSQUERY)
    }

    fn written(&self, language: &Language) -> String {
        let quoted = |word: &String| format!("{quote}{word}{quote}", quote = language.quote);
        let mut all: Vec<String> = self.tags.iter().map(quoted).collect();
        if !self.places.is_empty() {
            let places: Vec<String> = self.places.iter().map(quoted).collect();
            all.push(format!("({})", places.join(language.or)));
        }
        let mut words: Vec<String> = self.query.words().iter().map(quoted).collect();
        if words.is_empty() {
            words.push(quoted(&"#nothing".to_owned()));
        }
        if let (true, Some(last)) = (self.query.last_may_go_on(), words.last_mut()) {
            last.push_str(language.goes_on);
        }
        let words = words.join(language.and);
        all.push(match self.query.digits() {
            Some(digits) => format!("(({words}){}{}{})", language.or, quoted(&digits.to_owned()), language.goes_on),
            None => words,
        });
        all.join(language.and)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_written_for_each_engine() {
        let query = Query::read("\"Knee\" OR inj");
        let sought = Sought {
            tags: vec!["#o1".to_owned()],
            places: vec!["#a".to_owned(), "#b".to_owned()],
            query: &query,
        };
        let sqlite = r##""#o1" AND ("#a" OR "#b") AND "knee" AND "or" AND "inj" *"##;
        assert_eq!(sought.in_sqlite(), sqlite);
        assert_eq!(sought.in_postgres(), "'#o1' & ('#a' | '#b') & 'knee' & 'or' & 'inj':*");
    }

    #[test]
    fn a_number_does_instead_of_its_pieces_and_nothing_finds_nothing() {
        let sought = |text: &str| {
            let query = Query::read(text);
            let (tags, places) = (Vec::new(), Vec::new());
            let sought = Sought {
                tags,
                places,
                query: &query,
            };
            sought.in_postgres()
        };
        assert_eq!(sought("415 555"), "(('415' & '555':*) | '415555':*)");
        assert_eq!(sought("'&|!"), "'#nothing'");
    }
}
