//! What the address of a request names: a case by its number, or things by their ids. For the audit of refusals, which come before
//! any act has looked; what has neither form is left out.

use percent_encoding::percent_decode_str;
use uuid::Uuid;

/// What an address names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A case, by the number outside.
    Case(String),
    /// Anything with an id of ours.
    Thing {
        /// As it is written.
        id: String,
        /// As the database holds it.
        uuid: Uuid,
    },
}

/// What a path names, by the template of its route, and the query beside it.
#[must_use]
pub fn of(template: &str, path: &str, query: Option<&str>) -> Vec<Target> {
    let in_path = template
        .split('/')
        .zip(path.split('/'))
        .filter(|(name, _)| name.starts_with('{'))
        .filter_map(|(name, value)| {
            let value = percent_decode_str(value).decode_utf8().ok()?;
            match name {
                "{mycase_case_id}" | "{number}" => Some(Target::Case(value.into_owned())),
                _ => thing(&value),
            }
        });
    let pairs: Vec<(String, String)> = query.and_then(|query| serde_urlencoded::from_str(query).ok()).unwrap_or_default();
    let in_query = pairs.into_iter().filter_map(|(name, value)| match name.as_str() {
        "case_id" | "case" => Some(Target::Case(value)),
        "contact_id" | "lead_id" => thing(&value),
        _ => None,
    });
    in_path.chain(in_query).collect()
}

fn thing(id: &str) -> Option<Target> {
    let (prefix, digits) = id.split_once('_')?;
    let is_ours = !prefix.is_empty() && prefix.len() <= 8 && prefix.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_plain = digits.len() == 32 && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    (is_ours && is_plain).then_some(Target::Thing {
        id: id.to_owned(),
        uuid: Uuid::try_parse(digits).ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_its_case_and_its_things_and_nothing_that_was_made_up() {
        let uuid = Uuid::from_u128(0x2a);
        let id = format!("msg_{}", uuid.simple());
        let named = Target::Thing { id: id.clone(), uuid };
        let case = |number: &str| Target::Case(number.to_owned());
        for (template, path, query, expected) in [
            ("/api/cases/{mycase_case_id}", "/api/cases/2026%2F14", None, vec![case("2026/14")]),
            (
                "/api/messages/{id}/claim",
                &*format!("/api/messages/{id}/claim"),
                None,
                vec![named.clone()],
            ),
            (
                "/api/conversations",
                "/api/conversations",
                Some("case_id=123&q=Jane"),
                vec![case("123")],
            ),
            ("/api/contacts/{id}", "/api/contacts/Jane-Smith", Some("q=Jane"), vec![]),
            ("/api/contacts/{id}", "/api/contacts/con_2A", None, vec![]),
            ("/api/cases", "/api/cases", None, vec![]),
        ] {
            assert_eq!(of(template, path, query), expected, "{path}");
        }
    }
}
