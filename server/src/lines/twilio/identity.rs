//! What a browser is called at Twilio: its organization and user, in the letters that Twilio allows. The token that we sign says it, and
//! Twilio's signed webhook brings it back; what else a browser sends along is a hint.

use casewire_core::id::{OrganizationId, UserId};

use crate::lines::SoftphoneIdentity;

/// The hint that names the call.
pub const CALL: &str = "call";
/// The hint that names the browser's tab.
pub const SOFTPHONE: &str = "softphone";

/// The name of a user's browser.
#[must_use]
pub fn of(who: SoftphoneIdentity) -> String {
    format!("{}__{}", who.organization, who.user)
}

/// Whose browser has that name.
#[must_use]
pub fn read(identity: &str) -> Option<SoftphoneIdentity> {
    let (organization, user) = identity.split_once("__")?;
    let (organization, user): (OrganizationId, UserId) = (organization.parse().ok()?, user.parse().ok()?);
    Some(SoftphoneIdentity { organization, user })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn a_browsers_name_says_whose_it_is_and_nothing_else_does() {
        let who = SoftphoneIdentity {
            organization: casewire_store::mint(),
            user: casewire_store::mint(),
        };
        let name = of(who);
        assert!(name.len() <= 121 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'));
        assert_eq!(read(&name).unwrap(), who);
        for other in ["", "agent_1", "org_1__usr_2", &name.replace("usr", "org"), &name.replace("__", "_")] {
            assert!(read(other).is_none(), "{other}");
        }
    }
}
