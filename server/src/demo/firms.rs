//! Who is in the demo. All numbers are of the range that is kept for fiction (555-0100 to 555-0199). Data alone; see
//! [`super::seed`].

use casewire_core::messaging::routing::CaseStatus;
use casewire_store::contacts::ContactType;

/// A law firm of the demo.
pub struct DemoFirm {
    /// Its name.
    pub name: &'static str,
    /// Its users are `agent@domain` and so on.
    pub domain: &'static str,
    /// Its account at the carrier.
    pub account_sid: &'static str,
    /// Its numbers, with a label.
    pub numbers: &'static [(&'static str, &'static str)],
    /// Its users: the part before the `@`, name, role, team.
    pub users: &'static [DemoUser],
    /// Its contacts.
    pub contacts: &'static [DemoContact],
    /// Its cases.
    pub cases: &'static [DemoCase],
    /// Who is a lead.
    pub leads: &'static [&'static str],
}

/// A user.
pub struct DemoUser {
    /// The part before the `@`.
    pub login: &'static str,
    /// Their name.
    pub name: &'static str,
    /// Their role.
    pub role: &'static str,
    /// Their teams.
    pub teams: &'static [&'static str],
}

/// A contact, the first number primary.
pub struct DemoContact {
    /// Their name.
    pub name: &'static str,
    /// What they are.
    pub kind: ContactType,
    /// Their numbers with labels.
    pub phones: &'static [(&'static str, &'static str)],
}

/// A case.
pub struct DemoCase {
    /// Its number.
    pub number: &'static str,
    /// Its caption.
    pub name: &'static str,
    /// Open or closed.
    pub status: CaseStatus,
    /// The client's name.
    pub client: &'static str,
    /// The team.
    pub team: &'static str,
    /// Who is assigned, by login.
    pub assigned: &'static [&'static str],
    /// The contacts on it, with their roles.
    pub contacts: &'static [(&'static str, &'static str)],
    /// Who is walled from it, by login.
    pub walled: &'static [&'static str],
}

const fn user(login: &'static str, name: &'static str, role: &'static str, teams: &'static [&'static str]) -> DemoUser {
    DemoUser { login, name, role, teams }
}

const fn contact(name: &'static str, kind: ContactType, phones: &'static [(&'static str, &'static str)]) -> DemoContact {
    DemoContact { name, kind, phones }
}

/// The firm that the demo is about.
pub const FIRM: DemoFirm = DemoFirm {
    name: "Hale & Ortiz LLP",
    domain: "demo.example",
    account_sid: super::ACCOUNT,
    numbers: &[("+14155550100", "Main line"), ("+14155550101", "Litigation desk")],
    users: &[
        user("agent", "Avery Quinn", "Agent Specialist", &["Injury"]),
        user("paralegal", "Parker Lee", "Paralegal", &["Litigation"]),
        user("attorney", "Jordan Blake", "Attorney", &["Litigation"]),
        user("supervisor", "Sasha Ortiz", "Supervisor", &["Injury"]),
        user("manager", "Morgan Hale", "Manager", &[]),
        user("admin", "Riley Frost", "Firm Admin", &[]),
        user("compliance", "Casey Wren", "Compliance Officer", &[]),
    ],
    contacts: &[
        contact("Jane Doe", ContactType::Witness, &[("+12125550123", "mobile")]),
        contact("Jane Smith", ContactType::Witness, &[("+12125550124", "mobile")]),
        contact("John Roe", ContactType::Client, &[("+12125550125", "mobile")]),
        contact(
            "Maria Lopez",
            ContactType::Client,
            &[("+12125550126", "mobile"), ("+12125550127", "work"), ("+12125550128", "home")],
        ),
        contact("Robert Chen", ContactType::Client, &[("+12125550129", "mobile")]),
        contact("Pat Kim", ContactType::Witness, &[("+12125550130", "home")]),
        contact("Sam Kim", ContactType::Other, &[("+12125550130", "home")]),
        contact("Dana Whitfield", ContactType::Attorney, &[("+12125550131", "office")]),
        contact("Grace Hall", ContactType::Client, &[("+12125550132", "mobile")]),
        contact("Victor Stone", ContactType::Client, &[("+12125550133", "mobile")]),
        contact("Alex Morgan", ContactType::Lead, &[("+12125550134", "mobile")]),
        contact("Dr. Ellis Grant", ContactType::Other, &[("+12125550135", "office")]),
    ],
    cases: &[
        DemoCase {
            number: "123",
            name: "Roe v. Harbor Freight Lines",
            status: CaseStatus::Open,
            client: "John Roe",
            team: "Injury",
            assigned: &["agent"],
            contacts: &[
                ("Jane Doe", "Witness"),
                ("Jane Smith", "Witness"),
                ("Dr. Ellis Grant", "Medical Provider"),
            ],
            walled: &[],
        },
        DemoCase {
            number: "456",
            name: "Lopez v. Meridian Insurance",
            status: CaseStatus::Open,
            client: "Maria Lopez",
            team: "Injury",
            assigned: &["agent", "paralegal"],
            contacts: &[
                ("Jane Doe", "Witness"),
                ("Pat Kim", "Witness"),
                ("Dana Whitfield", "Opposing Counsel"),
            ],
            walled: &[],
        },
        DemoCase {
            number: "789",
            name: "Chen v. Northgate Builders",
            status: CaseStatus::Open,
            client: "Robert Chen",
            team: "Litigation",
            assigned: &["paralegal"],
            contacts: &[("Jane Doe", "Witness"), ("Sam Kim", "Expert Witness")],
            walled: &[],
        },
        DemoCase {
            number: "321",
            name: "Estate of Hall",
            status: CaseStatus::Closed,
            client: "Grace Hall",
            team: "Litigation",
            assigned: &["paralegal"],
            contacts: &[],
            walled: &[],
        },
        DemoCase {
            number: "900",
            name: "Stone v. Blake Holdings",
            status: CaseStatus::Open,
            client: "Victor Stone",
            team: "Litigation",
            assigned: &["paralegal"],
            contacts: &[("Dana Whitfield", "Opposing Party")],
            walled: &["attorney"],
        },
    ],
    leads: &["Alex Morgan"],
};

/// Another firm on the same server, which shares some people's numbers and nothing else.
pub const OTHER_FIRM: DemoFirm = DemoFirm {
    name: "Okafor Legal",
    domain: "other.example",
    account_sid: super::OTHER_ACCOUNT,
    numbers: &[("+14155550200", "Main line")],
    users: &[
        user("agent", "Imani Cole", "Agent Specialist", &["General"]),
        user("paralegal", "Noor Haddad", "Paralegal", &["General"]),
        user("attorney", "Ada Okafor", "Attorney", &["General"]),
        user("supervisor", "Luis Vega", "Supervisor", &["General"]),
        user("manager", "Mei Tan", "Manager", &[]),
        user("admin", "Oskar Lind", "Firm Admin", &[]),
        user("compliance", "Ruth Adler", "Compliance Officer", &[]),
    ],
    contacts: &[
        contact("Jane Doe", ContactType::Client, &[("+12125550123", "mobile")]),
        contact("J. Roe", ContactType::OpposingParty, &[("+12125550125", "mobile")]),
        contact("Tomas Berg", ContactType::Client, &[("+12125550140", "mobile")]),
    ],
    cases: &[
        DemoCase {
            number: "123",
            name: "Doe v. Doe",
            status: CaseStatus::Open,
            client: "Jane Doe",
            team: "General",
            assigned: &["agent"],
            contacts: &[("J. Roe", "Opposing Party")],
            walled: &[],
        },
        DemoCase {
            number: "555",
            name: "Berg v. City",
            status: CaseStatus::Open,
            client: "Tomas Berg",
            team: "General",
            assigned: &["agent", "paralegal"],
            contacts: &[],
            walled: &[],
        },
    ],
    leads: &[],
};
