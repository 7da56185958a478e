//! Every route, what it needs and what it is tried with. A route that is not in the table fails the sweep.

use casewire_core::access::policy::DEFAULT_ROLES;
use casewire_core::access::{CaseScope, Grant, Level, Resource};

use Level::{Act, Manage, See};
use Need::{Anybody, CaseOrSettings, Colleagues, Filtered, InCase, KnowsCase, LeadWriter, NewCase, Numbers, Office, People, SignedIn};
use Resource::{Audit, Calls, CaseContacts, Settings, Sms};
use Subject::{
    Attached, CaseConversation, Claimed, Contact, Document, Export, FreshContact, FreshToken, Lead, Link, LiveCall, NoMore, NoWall, Number,
    OwnContactRole, OwnRole, Phone, Routed, Sent, Task, Team, Unclaimed, User, Wall,
};

/// What a route needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Nothing.
    Anybody,
    /// Any signed-in user.
    SignedIn,
    /// A level outside of any case.
    Office(Resource, Level),
    /// A level in the case 123.
    InCase(Resource, Level),
    /// Any level in the case 123 on what lives in cases.
    KnowsCase,
    /// `case_contacts:3` in the case 123, or `settings:3`.
    CaseOrSettings,
    /// The same for a case that is to be, of the team.
    NewCase,
    /// `sms:1` and `case_contacts:2`.
    LeadWriter,
    /// `sms:1`, `calls:1` or `settings:1`.
    Numbers,
    /// `case_contacts:1` or `settings:1`.
    People,
    /// `case_contacts:3`, `calls:2` or `settings:1`.
    Colleagues,
    /// A list that is empty for who may see nothing in it.
    Filtered,
}

/// What must be there before the route is tried, made anew each time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    NoMore,
    FreshToken,
    User,
    Team,
    OwnRole,
    Number,
    Contact,
    FreshContact,
    Phone,
    Link,
    Wall,
    NoWall,
    OwnContactRole,
    Lead,
    CaseConversation,
    Export,
    Unclaimed,
    Claimed,
    Routed,
    Sent,
    Task,
    LiveCall,
    Document,
    Attached,
}

/// One method of one path.
pub struct Route {
    pub method: &'static str,
    pub path: &'static str,
    /// JSON with placeholders; empty where there is none.
    pub body: &'static str,
    pub subject: Subject,
    pub need: Need,
    /// What who may is answered.
    pub yes: u16,
}

const fn route(method: &'static str, path: &'static str, subject: Subject, need: Need, yes: u16, body: &'static str) -> Route {
    Route {
        method,
        path,
        body,
        subject,
        need,
        yes,
    }
}

/// All of them, in the order of the route table.
#[rustfmt::skip]
pub const ROUTES: &[Route] = &[
    route("GET", "/api/session", NoMore, Anybody, 200, ""),
    route("POST", "/api/session", NoMore, Anybody, 401, r#"{"email": "nobody@firm.example", "password": "wrong password"}"#),
    route("DELETE", "/api/session", FreshToken, SignedIn, 204, ""),
    route("GET", "/api/me", NoMore, SignedIn, 200, ""),
    route("GET", "/api/settings", NoMore, Office(Settings, See), 200, ""),
    route("PATCH", "/api/settings", NoMore, Office(Settings, Manage), 200, r#"{"part_limit": 999}"#),
    route("POST", "/api/settings/routing-window-trial", NoMore, Office(Settings, See), 200, r#"{"routing_window_seconds": 3600}"#),
    route("GET", "/api/users", NoMore, Office(Settings, See), 200, ""),
    route("POST", "/api/users", NoMore, Office(Settings, Manage), 201, r#"{"email": "n{n}@firm.example", "name": "New", "password": "correct horse battery"}"#),
    route("PATCH", "/api/users/{id}", User, Office(Settings, Manage), 200, r#"{"name": "Renamed"}"#),
    route("GET", "/api/teams", NoMore, Office(Settings, See), 200, ""),
    route("POST", "/api/teams", NoMore, Office(Settings, Manage), 201, r#"{"name": "Team {n}"}"#),
    route("PATCH", "/api/teams/{id}", Team, Office(Settings, Manage), 200, r#"{"name": "Litigation"}"#),
    route("GET", "/api/colleagues", NoMore, Colleagues, 200, ""),
    route("GET", "/api/roles", NoMore, Office(Settings, See), 200, ""),
    route("POST", "/api/roles", NoMore, Office(Settings, Manage), 201, r#"{"name": "Role {n}", "case_scope": "none", "levels": {"case_contacts": 0, "sms": 0, "calls": 0, "audit": 0, "settings": 0}}"#),
    route("PATCH", "/api/roles/{id}", OwnRole, Office(Settings, Manage), 200, r#"{"name": "Changed {n}"}"#),
    route("DELETE", "/api/roles/{id}", OwnRole, Office(Settings, Manage), 204, ""),
    route("GET", "/api/numbers", NoMore, Numbers, 200, ""),
    route("POST", "/api/numbers", NoMore, Office(Settings, Manage), 422, r#"{"number": "+14155550188", "account_sid": "ACnone"}"#),
    route("PATCH", "/api/numbers/{id}", Number, Office(Settings, Manage), 200, r#"{"label": "Front desk"}"#),
    route("GET", "/api/audit", NoMore, Office(Audit, See), 200, ""),
    route("GET", "/api/audit/chain", NoMore, Office(Audit, See), 200, ""),
    route("GET", "/api/audit/export", NoMore, Office(Audit, See), 200, ""),
    route("GET", "/ws/omnichannel", NoMore, SignedIn, 422, ""),
    route("GET", "/api/cases", NoMore, Filtered, 200, ""),
    route("POST", "/api/cases", NoMore, NewCase, 201, r#"{"mycase_case_id": "N-{n}", "name": "New", "team_id": "{team}"}"#),
    route("GET", "/api/cases/{mycase_case_id}", NoMore, KnowsCase, 200, ""),
    route("PATCH", "/api/cases/{mycase_case_id}", NoMore, CaseOrSettings, 200, r#"{"name": "Matter 123"}"#),
    route("GET", "/api/cases/{mycase_case_id}/communications", NoMore, InCase(Sms, See), 200, ""),
    route("GET", "/api/cases/{mycase_case_id}/exports", NoMore, InCase(Sms, See), 200, ""),
    route("POST", "/api/cases/{mycase_case_id}/exports", NoMore, InCase(Sms, See), 201, "{}"),
    route("GET", "/api/cases/{mycase_case_id}/exports/{id}", Export, InCase(Sms, See), 200, ""),
    route("GET", "/api/cases/{mycase_case_id}/exports/{id}/file", Export, InCase(Sms, See), 409, ""),
    route("GET", "/api/cases/{mycase_case_id}/contacts", NoMore, InCase(CaseContacts, See), 200, ""),
    route("POST", "/api/cases/{mycase_case_id}/contacts", FreshContact, InCase(CaseContacts, Act), 201, r#"{"contact_id": "{contact}", "contact_role_id": "{role}"}"#),
    route("PATCH", "/api/cases/{mycase_case_id}/contacts/{id}", Link, InCase(CaseContacts, Act), 200, r#"{"contact_role_id": "{role}"}"#),
    route("DELETE", "/api/cases/{mycase_case_id}/contacts/{id}", Link, InCase(CaseContacts, Manage), 204, ""),
    route("GET", "/api/cases/{mycase_case_id}/walls", NoMore, Office(Settings, See), 200, ""),
    route("POST", "/api/cases/{mycase_case_id}/walls", NoWall, Office(Settings, Manage), 201, r#"{"user_id": "{user_id}"}"#),
    route("DELETE", "/api/cases/{mycase_case_id}/walls/{user_id}", Wall, Office(Settings, Manage), 204, ""),
    route("GET", "/api/walls", NoMore, Office(Settings, See), 200, ""),
    route("GET", "/api/contact-roles", NoMore, People, 200, ""),
    route("POST", "/api/contact-roles", NoMore, Office(Settings, Manage), 201, r#"{"name": "Bailiff {n}"}"#),
    route("PATCH", "/api/contact-roles/{id}", OwnContactRole, Office(Settings, Manage), 200, r#"{"is_active": true}"#),
    route("POST", "/api/contact-roles/{id}/merge", OwnContactRole, Office(Settings, Manage), 200, r#"{"into": "{role}"}"#),
    route("POST", "/api/contact-roles/{id}/unmerge", OwnContactRole, Office(Settings, Manage), 409, ""),
    route("GET", "/api/contacts", NoMore, Office(CaseContacts, See), 200, ""),
    route("POST", "/api/contacts", NoMore, Office(CaseContacts, Act), 201, r#"{"name": "Somebody New"}"#),
    route("GET", "/api/contacts/{id}", Contact, Office(CaseContacts, See), 200, ""),
    route("PATCH", "/api/contacts/{id}", Contact, Office(CaseContacts, Act), 200, r#"{"contact_type": "WITNESS"}"#),
    route("POST", "/api/contacts/{id}/phones", FreshContact, Office(CaseContacts, Act), 201, r#"{"number": "+12125550199"}"#),
    route("PATCH", "/api/contacts/{id}/phones/{phone_id}", Phone, Office(CaseContacts, Act), 200, r#"{"label": "work"}"#),
    route("DELETE", "/api/contacts/{id}/phones/{phone_id}", Phone, Office(CaseContacts, Act), 204, ""),
    route("GET", "/api/leads", NoMore, Office(Sms, See), 200, ""),
    route("POST", "/api/leads", FreshContact, LeadWriter, 201, r#"{"contact_id": "{contact}"}"#),
    route("GET", "/api/leads/{id}", Lead, Office(Sms, See), 200, ""),
    route("PATCH", "/api/leads/{id}", Lead, LeadWriter, 200, r#"{"status": "open"}"#),
    route("GET", "/api/omnichannel/conversations", NoMore, Office(Sms, See), 200, ""),
    route("GET", "/api/omnichannel/conversations/{id}", CaseConversation, InCase(Sms, See), 200, ""),
    route("GET", "/api/omnichannel/conversations/{id}/items", CaseConversation, InCase(Sms, See), 200, ""),
    route("GET", "/api/omnichannel/conversations/{id}/steps", CaseConversation, InCase(Sms, See), 200, ""),
    route("GET", "/api/omnichannel/counts", NoMore, Office(Sms, See), 200, ""),
    route("GET", "/api/omnichannel/choices", NoMore, SignedIn, 422, ""),
    route("GET", "/api/search", NoMore, SignedIn, 422, ""),
    route("GET", "/api/reports/{name}", NoMore, Office(Sms, See), 200, ""),
    route("GET", "/api/report-choices", NoMore, Office(Sms, See), 200, ""),
    route("POST", "/api/omnichannel/messages", Contact, InCase(Sms, Act), 201, r#"{"case_id": "123", "contact_id": "{contact}", "body": "Hello"}"#),
    route("POST", "/api/omnichannel/messages/{id}/retry", Sent, InCase(Sms, Act), 409, "{}"),
    route("POST", "/api/omnichannel/messages/{id}/claim", Unclaimed, InCase(Sms, Act), 200, r#"{"case_id": "123"}"#),
    route("POST", "/api/omnichannel/messages/{id}/release", Claimed, InCase(Sms, Act), 204, ""),
    route("POST", "/api/omnichannel/messages/{id}/dismiss", Unclaimed, InCase(Sms, Act), 204, ""),
    route("POST", "/api/omnichannel/messages/{id}/undismiss", Unclaimed, InCase(Sms, Act), 204, ""),
    route("POST", "/api/omnichannel/messages/{id}/move", Routed, InCase(Sms, Act), 200, r#"{"case_id": "456"}"#),
    route("GET", "/api/omnichannel/messages/{id}/routing", Routed, InCase(Sms, See), 200, ""),
    route("GET", "/api/documents", NoMore, InCase(Sms, See), 200, ""),
    route("POST", "/api/documents", NoMore, InCase(Sms, Act), 201, r#"No JSON, but of the "case_id" 123: {n}"#),
    route("GET", "/api/documents/flow", NoMore, InCase(Sms, See), 200, ""),
    route("GET", "/api/documents/{id}", Document, InCase(Sms, See), 200, ""),
    route("GET", "/api/documents/{id}/content", Document, InCase(Sms, See), 200, ""),
    route("GET", "/api/documents/{id}/flow", Document, InCase(Sms, See), 200, ""),
    route("GET", "/api/omnichannel/messages/{id}/media/{position}", Attached, InCase(Sms, See), 200, ""),
    route("GET", "/api/tasks", NoMore, Filtered, 200, ""),
    route("POST", "/api/tasks", NoMore, InCase(CaseContacts, Act), 201, r#"{"what": "Call back", "due": {"on": "2027-01-04"}, "case_id": "123"}"#),
    route("GET", "/api/tasks/counts", NoMore, Filtered, 200, ""),
    route("GET", "/api/tasks/assignees", NoMore, Office(CaseContacts, Act), 200, ""),
    route("GET", "/api/tasks/{id}", Task, KnowsCase, 200, ""),
    route("PATCH", "/api/tasks/{id}", Task, InCase(CaseContacts, Act), 200, r#"{"what": "Call back soon"}"#),
    route("POST", "/api/softphones", NoMore, Office(Calls, Act), 200, r#"{"id": "tab-{n}"}"#),
    route("DELETE", "/api/softphones/{id}", LiveCall, Office(Calls, Act), 404, ""),
    route("GET", "/api/calls", NoMore, Office(Calls, See), 200, ""),
    route("POST", "/api/calls", Contact, InCase(Calls, Act), 422, r#"{"case_id": "123", "contact_id": "{contact}", "to_phone_id": "pho_00000000000000000000000000000001"}"#),
    route("GET", "/api/calls/{id}", LiveCall, InCase(Calls, See), 200, ""),
    route("PATCH", "/api/calls/{id}", LiveCall, InCase(Calls, Act), 409, r#"{"act": "take_over"}"#),
    route("POST", "/api/calls/{id}/leg", LiveCall, InCase(Calls, See), 409, r#"{"softphone_id": "nobodys", "sdp": "v=0"}"#),
    route("POST", "/api/calls/{id}/supervision", LiveCall, InCase(Calls, Manage), 201, r#"{"mode": "listen"}"#),
    route("PATCH", "/api/calls/{id}/supervision", LiveCall, InCase(Calls, Manage), 409, r#"{"mode": "whisper"}"#),
    route("DELETE", "/api/calls/{id}/supervision", LiveCall, InCase(Calls, See), 409, ""),
    route("GET", "/api/calls/{id}/recordings", LiveCall, InCase(Calls, See), 200, ""),
    route("GET", "/api/calls/{id}/recordings/{recording_id}/audio", LiveCall, InCase(Calls, See), 409, ""),
    route("GET", "/api/calls/{id}/recordings/{recording_id}/peaks", LiveCall, InCase(Calls, See), 409, ""),
    route("GET", "/api/agents", NoMore, Office(Calls, Act), 200, ""),
    route("GET", "/api/call-dispositions", NoMore, Office(Calls, See), 200, ""),
    route("POST", "/api/embed/launch-tokens", NoMore, Office(Settings, Manage), 200, r#"{"user_email": "agent@firm.example"}"#),
    route("POST", "/api/embed/sessions", NoMore, Anybody, 401, r#"{"launch_token": "cwl_made_up"}"#),
    route("GET", "/api/openapi.json", NoMore, Anybody, 200, ""),
    route("GET", "/livez", NoMore, Anybody, 200, ""),
    route("GET", "/readyz", NoMore, Anybody, 200, ""),
];

/// What the policy says to a role: the status of the answer. The case 123 is the team's, with the agent and the paralegal assigned.
pub fn answer(role: &str, route: &Route) -> u16 {
    let grant = DEFAULT_ROLES
        .iter()
        .find(|default| default.name == role)
        .map(|default| default.grant);
    grant.map_or(0, |grant| by_grant(&grant, route))
}

fn by_grant(grant: &Grant, route: &Route) -> u16 {
    let reaches = grant.scope != CaseScope::None;
    let has = |resource, level| grant.on(resource) >= level;
    let or_forbidden = |allowed| if allowed { route.yes } else { 403 };
    match route.need {
        Anybody | SignedIn | Filtered => route.yes,
        Office(resource, level) => or_forbidden(has(resource, level)),
        InCase(resource, level) => {
            if reaches {
                or_forbidden(has(resource, level))
            } else {
                404
            }
        }
        KnowsCase => {
            if reaches {
                route.yes
            } else {
                404
            }
        }
        CaseOrSettings => match (reaches, has(Settings, Manage)) {
            (true, _) => or_forbidden(has(CaseContacts, Manage)),
            (false, true) => 204,
            (false, false) => 404,
        },
        NewCase => or_forbidden(has(Settings, Manage) || reaches && has(CaseContacts, Manage)),
        LeadWriter => or_forbidden(has(Sms, See) && has(CaseContacts, Act)),
        Colleagues => or_forbidden(has(CaseContacts, Manage) || has(Calls, Act) || has(Settings, See)),
        Numbers => or_forbidden(has(Sms, See) || has(Calls, See) || has(Settings, See)),
        People => or_forbidden(has(CaseContacts, See) || has(Settings, See)),
    }
}

impl Route {
    /// Whether it is about the case 123, so that a wall hides it.
    pub fn is_of_the_case(&self) -> bool {
        match self.need {
            InCase(..) | KnowsCase | CaseOrSettings => true,
            Office(Settings, _) => self.path.contains("/walls") && self.path.contains("/cases/"),
            Anybody | SignedIn | Office(..) | NewCase | LeadWriter | Numbers | Colleagues | People | Filtered => false,
        }
    }

    /// What stands in the address after the path.
    pub fn query(&self) -> &'static str {
        match (self.method, self.path) {
            ("POST", "/api/documents") => "?case_id=123&name=File{n}.txt",
            ("GET", "/api/documents" | "/api/documents/flow") => "?case_id=123",
            _ => "",
        }
    }

    /// Whether it names something by an id, in its path or in its body.
    pub fn names_something(&self) -> bool {
        self.path.replace("{name}", "").contains('{')
            || self.query().contains("case_id")
            || self.body.contains("{contact}")
            || self.body.contains("\"case_id\"")
    }
}
