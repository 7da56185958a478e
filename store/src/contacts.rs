//! Contacts: the people of an organization. A view of one has all their numbers, the primary first. Refuses to show people who
//! are known from walled cases alone; the condition for that is here once, for lists, look-ups and events.

use casewire_core::access::{Tenant, Visible};
use casewire_core::id::{CaseContactId, CaseId, ContactId, ContactRoleId, Id};
use casewire_core::messaging::routing::CaseStatus;
use casewire_core::time::Timestamp;
use casewire_core::view::{ContactView, PhoneView};
use uuid::Uuid;

use crate::cases;
use crate::error::StoreError;
use crate::mint::mint;
use crate::params;
use crate::phones::{self, NewPhone};
use crate::row::{Columns, Row};
use crate::search;
use crate::statements::statements;
use crate::tx::Tx;
use crate::visible::{self, visible_case};

/// The columns of a contact and one of their numbers, to be read by [`read`], over the aliases `ct`, `p` and `o`.
macro_rules! contact_columns {
    () => {
        "ct.id, ct.name, ct.contact_type, ct.created_at, ct.updated_at, p.id, p.e164, p.label, p.is_primary, \
         case when o.state = 'opted_out' then 1 else 0 end"
    };
}
pub(crate) use contact_columns;

/// The joins that [`contact_columns!`] needs, after a row of `contacts` as `ct`.
macro_rules! contact_phones_joined {
    () => {
        " left join contact_phones p on p.organization_id = ct.organization_id and p.contact_id = ct.id \
         left join opt_outs o on o.organization_id = p.organization_id and o.peer = p.e164 "
    };
}
pub(crate) use contact_phones_joined;

/// "The contact `ct` may be seen": not linked, as client or active case contact, to walled cases alone. Takes the first five
/// parameters of [`visible_case!`].
macro_rules! visible_contact {
    () => {
        concat!(
            "(not exists (select 1 from walls hw join cases hc on hc.organization_id = hw.organization_id and hc.id = hw.case_id \
             where hw.organization_id = $1 and hw.user_id = $2 and (hc.client_contact_id = ct.id or exists (select 1 from \
             case_contacts hl where hl.organization_id = $1 and hl.case_id = hc.id and hl.contact_id = ct.id \
             and hl.removed_at is null))) \
             or exists (select 1 from leads hd where hd.organization_id = $1 and hd.contact_id = ct.id) \
             or exists (select 1 from cases hc where hc.organization_id = $1 and hc.client_contact_id = ct.id and ",
            $crate::visible::visible_case!("hc"),
            ") or exists (select 1 from case_contacts hl join cases hc on hc.organization_id = hl.organization_id \
             and hc.id = hl.case_id where hl.organization_id = $1 and hl.contact_id = ct.id and hl.removed_at is null and ",
            $crate::visible::visible_case!("hc"),
            "))"
        )
    };
}
pub(crate) use visible_contact;

/// The contact of a conversation may be seen: `seen_contact!("v")`, with the parameters of [`visible_contact!`].
macro_rules! seen_contact {
    ($conversation:literal) => {
        concat!(
            "exists (select 1 from contacts ct where ct.organization_id = $1 and ct.id = ",
            $conversation,
            ".contact_id and ",
            $crate::contacts::visible_contact!(),
            ")"
        )
    };
}
pub(crate) use seen_contact;

statements! {
    /// A new contact.
    CREATE = "insert into contacts (organization_id, id, external_id, name, search_name, contact_type, created_at, updated_at) \
        values ($1, $2, null, $3, $4, $5, $6, $6)";
    /// Locks a contact and marks it changed.
    TOUCH = "update contacts set updated_at = $3 where organization_id = $1 and id = $2 returning name, contact_type";
    /// Sets what a contact is called and what they are.
    UPDATE = "update contacts set name = $3, search_name = $4, contact_type = $5 where organization_id = $1 and id = $2";
    /// One contact.
    VIEW = concat!("select ", contact_columns!(), " from contacts ct", contact_phones_joined!(),
        "where ct.organization_id = $1 and ct.id = $2 order by p.is_primary desc, p.created_at, p.id");
    /// Whether a contact exists and may be seen.
    MAY_SEE = concat!("select 1 from contacts ct where ct.organization_id = $1 and ct.id = $6 and ", visible_contact!());
    /// Where a page begins.
    PLACE = "select search_name from contacts where organization_id = $1 and id = $2";
    /// A page of contacts, by name.
    LIST = concat!("select ", contact_columns!(), " from (select ct.* from contacts ct where ct.organization_id = $1 \
        and (ct.search_name, ct.id) > ($6, $7) \
        and (cast($8 as text) is null or ct.search_name like $8 escape '!' or (cast($9 as text) is not null and exists \
        (select 1 from contact_phones s where s.organization_id = $1 and s.contact_id = ct.id and s.e164 like $9))) and ",
        visible_contact!(), " order by ct.search_name, ct.id limit cast($10 as bigint)) ct", contact_phones_joined!(),
        "order by ct.search_name, ct.id, p.is_primary desc, p.created_at, p.id");
    /// The cases that a contact is on, as far as they are in view.
    CASES = concat!("select c.id, c.mycase_case_id, c.name, c.status, l.id, l.contact_role_id, r.name from case_contacts l \
        join cases c on c.organization_id = l.organization_id and c.id = l.case_id join contact_roles r on r.id = l.contact_role_id \
        where l.organization_id = $1 and l.contact_id = $6 and l.removed_at is null and ", visible_case!("c"),
        " union all select c.id, c.mycase_case_id, c.name, c.status, null, null, null from cases c \
        where c.organization_id = $1 and c.client_contact_id = $6 and ", visible_case!("c"), " order by 2");
}

/// What kind of person a contact is, apart from any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContactType {
    /// A client.
    Client,
    /// Somebody who may become one.
    Prospect,
    /// Somebody who asked.
    Lead,
    /// On the other side.
    OpposingParty,
    /// Somebody who saw.
    Witness,
    /// An attorney.
    Attorney,
    /// Anybody else.
    Other,
}

impl ContactType {
    /// Every type.
    pub const ALL: [Self; 7] = [
        Self::Client,
        Self::Prospect,
        Self::Lead,
        Self::OpposingParty,
        Self::Witness,
        Self::Attorney,
        Self::Other,
    ];

    /// The word in the database and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Client => "CLIENT",
            Self::Prospect => "PROSPECT",
            Self::Lead => "LEAD",
            Self::OpposingParty => "OPPOSING_PARTY",
            Self::Witness => "WITNESS",
            Self::Attorney => "ATTORNEY",
            Self::Other => "OTHER",
        }
    }

    /// The type of that word, if there is one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// A contact to be stored.
pub struct NewContact {
    /// Their name.
    pub name: String,
    /// What they are.
    pub contact_type: ContactType,
    /// Their numbers, each once; the first is primary unless another one says so.
    pub phones: Vec<NewPhone>,
}

/// Which contacts are asked for.
pub struct ContactPage<'a> {
    /// Part of a name, or digits of a number; empty for all.
    pub search: &'a str,
    /// The last contact of the page before.
    pub after: Option<ContactId>,
    /// How many at most.
    pub limit: u32,
}

/// A case that a contact is on.
pub struct CaseOfContact {
    /// The case.
    pub case_id: CaseId,
    /// Its number outside.
    pub mycase_case_id: String,
    /// Its caption.
    pub case_name: String,
    /// Open or closed.
    pub status: CaseStatus,
    /// The link; none for the client.
    pub case_contact_id: Option<CaseContactId>,
    /// The role; none for the client.
    pub contact_role_id: Option<ContactRoleId>,
    /// Its name; none for the client.
    pub role: Option<String>,
}

/// A name as it is searched and sorted by.
#[must_use]
pub(crate) fn folded(name: &str) -> String {
    name.to_lowercase()
}

/// A pattern for `like … escape '!'` that finds this anywhere, in small letters; none for nothing.
pub(crate) fn pattern(search: &str) -> Option<String> {
    pattern_as_written(&folded(search))
}

/// The same with the letters as they are.
pub(crate) fn pattern_as_written(search: &str) -> Option<String> {
    let search = search.trim();
    if search.is_empty() {
        return None;
    }
    let escaped: String = search
        .chars()
        .flat_map(|c| matches!(c, '%' | '_' | '!').then_some('!').into_iter().chain([c]))
        .collect();
    Some(format!("%{escaped}%"))
}

/// A pattern for numbers with these digits, where the search looks like a number: at least three digits and no letter. Zeros in
/// front are left out, for E.164 has none of a country's trunk prefix.
pub(crate) fn digits_pattern(search: &str) -> Option<String> {
    let digits: String = search.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_start_matches('0');
    (digits.len() >= 3 && !search.chars().any(char::is_alphabetic)).then(|| format!("%{digits}%"))
}

/// Stores a new contact with their numbers.
///
/// # Errors
/// [`StoreError`].
pub async fn create(tx: &mut Tx, tenant: Tenant, contact: &NewContact, now: Timestamp) -> Result<ContactId, StoreError> {
    let id: ContactId = mint();
    let kind = contact.contact_type.as_str();
    tx.execute(
        CREATE,
        &params![tenant.organization(), id, &contact.name, folded(&contact.name), kind, now],
    )
    .await?;
    for phone in &contact.phones {
        phones::add(tx, tenant, id, phone, now).await?;
    }
    search::note_person(tx, tenant, id).await?;
    Ok(id)
}

/// Locks a contact that is about to change, and marks it changed; whether there is such a contact.
///
/// # Errors
/// [`StoreError`].
pub async fn touch(tx: &mut Tx, tenant: Tenant, contact: ContactId, now: Timestamp) -> Result<bool, StoreError> {
    Ok(tx.row(TOUCH, &params![tenant.organization(), contact, now]).await?.is_some())
}

/// Renames a contact, or makes them another type, leaving what is none; whether there is such a contact.
///
/// # Errors
/// [`StoreError`].
pub async fn update(
    tx: &mut Tx,
    tenant: Tenant,
    contact: ContactId,
    name: Option<&str>,
    contact_type: Option<ContactType>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let Some(row) = tx.row(TOUCH, &params![tenant.organization(), contact, now]).await? else {
        return Ok(false);
    };
    let mut columns = row.columns();
    let (old_name, old_type) = (columns.text()?, columns.text()?);
    let name = name.unwrap_or(&old_name);
    let kind = contact_type.map_or(old_type.as_str(), |kind| kind.as_str());
    tx.execute(UPDATE, &params![tenant.organization(), contact, name, folded(name), kind])
        .await?;
    search::note_person(tx, tenant, contact).await?;
    Ok(true)
}

/// A contact as they are shown; whether they may be is asked before: [`may_see`].
///
/// # Errors
/// [`StoreError`].
pub async fn view(tx: &mut Tx, tenant: Tenant, contact: ContactId) -> Result<Option<ContactView>, StoreError> {
    let rows = tx.rows(VIEW, &params![tenant.organization(), contact]).await?;
    Ok(gather(&rows)?.pop())
}

/// Whether there is such a contact and the user may see them, `visible` being the cases that the user may know of.
///
/// # Errors
/// [`StoreError`].
pub async fn may_see(tx: &mut Tx, visible: &Visible, contact: ContactId) -> Result<bool, StoreError> {
    Ok(tx.row(MAY_SEE, &visible::parameters(visible, params![contact])).await?.is_some())
}

/// A page of contacts by name; none where the page should begin after somebody who does not exist.
///
/// # Errors
/// [`StoreError`].
pub async fn list(tx: &mut Tx, visible: &Visible, page: &ContactPage<'_>) -> Result<Option<Vec<ContactView>>, StoreError> {
    let (name, id) = match page.after {
        None => (String::new(), ContactId::from_uuid(Uuid::nil())),
        Some(after) => match tx.row(PLACE, &params![visible.organization(), after]).await? {
            Some(row) => (row.columns().text()?, after),
            None => return Ok(None),
        },
    };
    let own = params![name, id, pattern(page.search), digits_pattern(page.search), page.limit];
    Ok(Some(gather(&tx.rows(LIST, &visible::parameters(visible, own)).await?)?))
}

/// The cases in view that a contact is on, by number.
///
/// # Errors
/// [`StoreError`].
pub async fn cases(tx: &mut Tx, visible: &Visible, contact: ContactId) -> Result<Vec<CaseOfContact>, StoreError> {
    let rows = tx.rows(CASES, &visible::parameters(visible, params![contact])).await?;
    rows.iter().map(|row| case_of_contact(&mut row.columns())).collect()
}

fn case_of_contact(columns: &mut Columns<'_>) -> Result<CaseOfContact, StoreError> {
    Ok(CaseOfContact {
        case_id: columns.id()?,
        mycase_case_id: columns.text()?,
        case_name: columns.text()?,
        status: columns.parsed::<cases::StatusWord>()?.0,
        case_contact_id: columns.opt_id()?,
        contact_role_id: columns.opt_id()?,
        role: columns.opt_text()?,
    })
}

/// A contact without their numbers, and the number in this row.
pub(crate) fn read(columns: &mut Columns<'_>) -> Result<(ContactView, Option<PhoneView>), StoreError> {
    let contact = ContactView {
        id: columns.id()?,
        name: columns.text()?,
        contact_type: columns.text()?,
        created_at: columns.time()?,
        updated_at: columns.time()?,
        phones: Vec::new(),
    };
    Ok((contact, phones::read(columns)?))
}

/// Puts rows of one contact after the other together, in their order.
pub(crate) fn gather(rows: &[Row]) -> Result<Vec<ContactView>, StoreError> {
    let mut contacts: Vec<ContactView> = Vec::new();
    for row in rows {
        let (contact, phone) = read(&mut row.columns())?;
        if contacts.last().is_none_or(|last| last.id != contact.id) {
            contacts.push(contact);
        }
        if let Some(last) = contacts.last_mut() {
            last.phones.extend(phone);
        }
    }
    Ok(contacts)
}
