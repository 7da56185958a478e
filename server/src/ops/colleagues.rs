//! The act that lists whom a case or a call can be given to: names alone, of whoever can sign in.

use casewire_core::access::OfficePermit;
use casewire_core::id::{TeamId, UserId};
use casewire_store::{Act, StoreError, Tx, teams, users};

/// Active users and teams, each by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colleagues {
    /// The users who can sign in.
    pub users: Vec<(UserId, String)>,
    /// The teams.
    pub teams: Vec<(TeamId, String)>,
}

/// Lists them.
pub struct ListColleagues(pub OfficePermit);

impl Act for ListColleagues {
    type Out = Colleagues;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Colleagues, StoreError> {
        let tenant = self.0.tenant();
        Ok(Colleagues {
            users: users::names(tx, tenant).await?,
            teams: teams::names(tx, tenant).await?,
        })
    }
}
