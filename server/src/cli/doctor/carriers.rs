//! Whether the carrier takes our credentials, and whether each number sends its texts to us, and its calls where the account carries them.

use casewire_carriers::carrier::{AccountStatus, CarrierNumber};
use casewire_store::numbers::{self, OrganizationNumber};
use casewire_store::{Act, Store, StoreError, Tx};

use super::Findings;
use crate::config::Config;
use crate::lines::twilio::addresses::{Addresses, VOICE};
use crate::state::Carriers;
use crate::webhooks::twilio::MESSAGES;

/// Looks at every account and at every number in use.
pub(super) async fn look(findings: &mut Findings, config: &Config, carriers: &Carriers, store: Option<&Store>) {
    if config.twilio.is_empty() {
        findings.note("carriers: no account is configured, so no text goes out or comes in");
    }
    let numbers = match store {
        Some(store) => store.read(NumbersInUse).await.unwrap_or_default(),
        None => Vec::new(),
    };
    for number in &numbers {
        if carriers.account(&number.account_sid).is_none() {
            let (id, sid) = (number.id, &number.account_sid);
            findings.wrong(&format!("number {id}: it belongs to the account {sid}, which is not configured"));
        }
    }
    for (sid, carrier) in carriers.accounts() {
        match carrier.check_credentials().await {
            Ok(standing) if standing.status == AccountStatus::Active => {
                findings.fine(&format!("carrier {sid}: the account is active and takes our credentials"));
            }
            Ok(_) => findings.wrong(&format!("carrier {sid}: the account is suspended or closed")),
            Err(error) => {
                findings.wrong(&format!("carrier {sid}: {error}"));
                continue;
            }
        }
        match carrier.numbers().await {
            Ok(theirs) => {
                let ours = numbers.iter().filter(|number| number.account_sid == sid);
                let carries = config.twilio.values().find(|account| account.account_sid == sid);
                let carries = carries.is_some_and(|account| account.voice_application_sid.is_some());
                for number in ours {
                    webhook_of(findings, config, number, &theirs);
                    if carries {
                        voice_of(findings, config, number, &theirs);
                    }
                }
            }
            Err(error) => findings.wrong(&format!("carrier {sid}: its numbers cannot be listed: {error}")),
        }
    }
}

/// Numbers are named by our id.
fn webhook_of(findings: &mut Findings, config: &Config, ours: &OrganizationNumber, theirs: &[CarrierNumber]) {
    let (id, wanted) = (ours.id, config.public_address.url(MESSAGES));
    let Some(number) = theirs.iter().find(|theirs| theirs.number == ours.e164) else {
        findings.wrong(&format!("number {id}: the account does not have it"));
        return;
    };
    let address = number.text_webhook.split('#').next().unwrap_or_default().trim_end_matches('/');
    if address != wanted {
        let is = if address.is_empty() { "nowhere" } else { address };
        findings.wrong(&format!(
            "number {id}: its texts are sent to {is}; set its webhook for messages to {wanted}"
        ));
    } else if !number.text_webhook_method.eq_ignore_ascii_case("post") {
        findings.wrong(&format!(
            "number {id}: its webhook uses {}; set it to POST",
            number.text_webhook_method
        ));
    } else if number.texts == Some(false) {
        findings.wrong(&format!("number {id}: it cannot send or get texts"));
    } else {
        findings.fine(&format!("number {id}: its texts are sent here"));
    }
}

/// Whether a number's calls come here, and it is told when one is over that nobody took: that is told nowhere else.
fn voice_of(findings: &mut Findings, config: &Config, ours: &OrganizationNumber, theirs: &[CarrierNumber]) {
    let Some(number) = theirs.iter().find(|theirs| theirs.number == ours.e164) else {
        return;
    };
    let addresses = Addresses {
        public: &config.public_address,
        organization: ours.organization,
    };
    let plain = |address: &str| address.split('#').next().unwrap_or_default().trim_end_matches('/').to_owned();
    let (id, voice) = (ours.id, config.public_address.url(VOICE));
    if plain(&number.voice_webhook) != voice {
        findings.wrong(&format!(
            "number {id}: its calls do not come here; set its voice webhook to {voice} by POST"
        ));
    } else if plain(&number.call_status_webhook) != addresses.leg() {
        findings.wrong(&format!(
            "number {id}: set its call status webhook to {} by POST, or a caller who gives up early is noticed late",
            addresses.leg()
        ));
    } else if number.calls == Some(false) {
        findings.wrong(&format!("number {id}: it cannot call or be called"));
    } else {
        findings.fine(&format!("number {id}: its calls come here"));
    }
}

struct NumbersInUse;

impl Act for NumbersInUse {
    type Out = Vec<OrganizationNumber>;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, StoreError> {
        numbers::all_in_use(tx).await
    }
}
