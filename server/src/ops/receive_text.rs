//! The act that takes in a text: stored once, routed by the rule or offered to every candidate case, with its receipt, its
//! step and an event per conversation, in one transaction. Called by the carrier's webhook and by reconciliation alike.

use casewire_carriers::twilio::webhook::InboundText;
use casewire_core::access::Tenant;
use casewire_core::event::PlacementCause;
use casewire_core::id::{CaseId, ContactId, ConversationId, Id, MessageId, NumberId};
use casewire_core::messaging::claims::StandingKind;
use casewire_core::messaging::opt_out::{self, Keyword, OptOut};
use casewire_core::messaging::routing::{self, Candidate, Facts, Receipt, Route};
use casewire_core::settings::Settings;
use casewire_core::time::Timestamp;
use casewire_core::view::Direction;
use casewire_store::conversations::{self, ConversationKey, ItemKind, NewItem};
use casewire_store::inbound::{self, Gathered};
use casewire_store::messages::{self, NewMedia, NewStep, NewText, Offer};
use casewire_store::{Act, StoreError, Tx, announce, mint, opt_outs};

use super::media;

/// A text that the carrier says arrived.
pub struct ReceiveText {
    /// The owner of the number that was texted.
    pub tenant: Tenant,
    /// That number.
    pub number_id: NumberId,
    /// The text.
    pub text: InboundText,
    /// The time of the decision.
    pub now: Timestamp,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Received {
    /// The text.
    pub message_id: MessageId,
    /// False where the carrier delivered it before.
    pub was_new: bool,
}

/// Where a text is to stand: the conversation of its owner, or one per candidate case.
enum Place {
    Owned(ConversationId),
    Offered(Vec<Offer>),
}

impl Act for ReceiveText {
    type Out = Received;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Received, StoreError> {
        let gathered = inbound::gather(tx, self.tenant, &self.text.from, self.text.provider_id.as_str()).await?;
        if let Some(message_id) = gathered.seen {
            return Ok(Received {
                message_id,
                was_new: false,
            });
        }
        let keyword = self.keyword(gathered.opt_out);
        let receipt = self.decide(&gathered);
        let place = self.place(tx, &gathered, &receipt.route).await?;
        let text = self.row(&gathered, &receipt, &place, keyword);
        if !messages::insert(tx, self.tenant, &text).await? {
            let message_id = inbound::stored(tx, self.tenant, self.text.provider_id.as_str()).await?;
            return Ok(Received {
                message_id,
                was_new: false,
            });
        }
        self.write_around(tx, &text, &receipt.route, &place).await?;
        if !text.media.is_empty() {
            media::queue_fetch(tx, self.tenant, text.id, self.now).await?;
        }
        if let Some(keyword) = keyword {
            opt_outs::note(
                tx,
                self.tenant,
                &text.peer,
                gathered.opt_out.unwrap_or(OptOut::OptedIn).after(keyword),
                keyword,
                text.id,
                self.now,
            )
            .await?;
        }
        self.announce(tx, text.id, &place).await?;
        Ok(Received {
            message_id: text.id,
            was_new: true,
        })
    }
}

impl ReceiveText {
    /// STOP, START or HELP; YES counts only where it changes something.
    fn keyword(&self, before: Option<OptOut>) -> Option<Keyword> {
        let before = before.unwrap_or(OptOut::OptedIn);
        let said_yes = self.text.body.trim().eq_ignore_ascii_case("yes");
        opt_out::keyword(&self.text.body, self.text.keyword).filter(|keyword| !said_yes || before.after(*keyword) != before)
    }

    fn decide(&self, gathered: &Gathered) -> Receipt {
        let window = Settings::read(&gathered.settings).routing_window();
        routing::decide(Facts {
            at: self.now,
            window_micros: u64::try_from(window.as_micros()).unwrap_or(u64::MAX),
            links: gathered.links.clone(),
            holders: gathered.holders.clone(),
        })
    }

    async fn place(&self, tx: &mut Tx, gathered: &Gathered, route: &Route) -> Result<Place, StoreError> {
        let owned = match route {
            Route::Case(candidate) => return Ok(Place::Owned(self.in_case(tx, gathered, candidate).await?)),
            Route::Broadcast { candidates } => {
                let mut offers = Vec::with_capacity(candidates.len());
                for candidate in candidates {
                    let conversation_id = self.in_case(tx, gathered, candidate).await?;
                    offers.push(Offer {
                        candidate: *candidate,
                        conversation_id,
                    });
                }
                return Ok(Place::Offered(offers));
            }
            Route::Lead { lead_id, contact_id } => ConversationKey::Lead {
                lead_id: *lead_id,
                contact_id: *contact_id,
            },
            Route::Contact { contact_id } => ConversationKey::Contact { contact_id: *contact_id },
            Route::Unknown => ConversationKey::Unknown {
                peer: self.text.from.clone(),
            },
        };
        Ok(Place::Owned(conversations::ensure(tx, self.tenant, &owned, self.now).await?))
    }

    async fn in_case(&self, tx: &mut Tx, gathered: &Gathered, candidate: &Candidate) -> Result<ConversationId, StoreError> {
        let known = candidate
            .contact_id
            .and_then(|contact_id| gathered.conversations.get(&(candidate.case_id, contact_id)));
        match known {
            Some(conversation) => Ok(*conversation),
            None => {
                let key = ConversationKey::in_case(candidate.case_id, candidate.contact_id, &self.text.from);
                conversations::ensure(tx, self.tenant, &key, self.now).await
            }
        }
    }

    fn row(&self, gathered: &Gathered, receipt: &Receipt, place: &Place, keyword: Option<Keyword>) -> NewText {
        let owner = Owner::of(&receipt.route);
        let number = |case_id: CaseId| gathered.case_numbers.get(&case_id).cloned().unwrap_or_default();
        let role = owner
            .case_id
            .zip(owner.contact_id)
            .and_then(|link| gathered.roles.get(&link).cloned());
        NewText {
            id: mint(),
            conversation_id: match place {
                Place::Owned(conversation) => Some(*conversation),
                Place::Offered(_) => None,
            },
            direction: Direction::Inbound,
            standing: owner.standing,
            case: owner.case_id.map(|case_id| (number(case_id), case_id)),
            contact_id: owner.contact_id,
            case_contact_id: owner.case_contact_id,
            contact_role_name: role,
            lead_id: owner.lead_id,
            peer: self.text.from.clone(),
            number_id: Some(self.number_id),
            body: self.text.body.clone(),
            media: self
                .text
                .media
                .iter()
                .map(|media| NewMedia::AtCarrier {
                    url: media.url.clone(),
                    content_type: media.content_type.clone(),
                })
                .collect(),
            at: self.now,
            created_at: self.now,
            provider_id: Some(self.text.provider_id.as_str().to_owned()),
            rule: Some(receipt.rule.as_str()),
            receipt: serde_json::to_string(receipt).ok(),
            sent_by: None,
            in_reply_to: None,
            is_clarifying: false,
            state: None,
            keyword,
        }
    }

    async fn write_around(&self, tx: &mut Tx, text: &NewText, route: &Route, place: &Place) -> Result<(), StoreError> {
        let mut writes = messages::attaching(self.tenant, text);
        let step = |kind, to| {
            messages::stepping(
                self.tenant,
                text.id,
                self.now,
                NewStep {
                    kind,
                    user: None,
                    from: None,
                    to,
                    left: None,
                },
            )
        };
        let item = |unclaimed| NewItem {
            item_id: text.id.uuid(),
            kind: ItemKind::Text,
            at: text.at,
            direction: Direction::Inbound,
            text: &text.body,
            unclaimed,
        };
        match place {
            Place::Owned(conversation) => {
                writes.extend(conversations::placing(self.tenant, *conversation, item(0)));
                writes.push(step("routed", Owner::of(route).case_id));
            }
            Place::Offered(offers) => {
                for offer in offers {
                    writes.push(messages::offering(self.tenant, text.id, *offer));
                    writes.extend(conversations::placing(self.tenant, offer.conversation_id, item(1)));
                    writes.push(step("offered", Some(offer.candidate.case_id)));
                }
            }
        }
        tx.pipeline(writes).await.map(drop)
    }

    async fn announce(&self, tx: &mut Tx, message: MessageId, place: &Place) -> Result<(), StoreError> {
        match place {
            Place::Owned(conversation) => announce::placed(tx, self.tenant, message, *conversation, PlacementCause::Received).await,
            Place::Offered(offers) => {
                for offer in offers {
                    announce::placed(tx, self.tenant, message, offer.conversation_id, PlacementCause::Received).await?;
                }
                Ok(())
            }
        }
    }
}

/// Whose a text is by a decision.
struct Owner {
    standing: StandingKind,
    case_id: Option<CaseId>,
    contact_id: Option<ContactId>,
    case_contact_id: Option<casewire_core::id::CaseContactId>,
    lead_id: Option<casewire_core::id::LeadId>,
}

impl Owner {
    const fn of(route: &Route) -> Self {
        let nobody = Self {
            standing: StandingKind::Unknown,
            case_id: None,
            contact_id: None,
            case_contact_id: None,
            lead_id: None,
        };
        match route {
            Route::Case(Candidate {
                case_id,
                contact_id,
                case_contact_id,
            }) => Self {
                standing: StandingKind::Routed,
                case_id: Some(*case_id),
                contact_id: *contact_id,
                case_contact_id: *case_contact_id,
                lead_id: None,
            },
            Route::Broadcast { .. } => Self {
                standing: StandingKind::Unclaimed,
                ..nobody
            },
            Route::Lead { lead_id, contact_id } => Self {
                standing: StandingKind::Personal,
                contact_id: Some(*contact_id),
                lead_id: Some(*lead_id),
                ..nobody
            },
            Route::Contact { contact_id } => Self {
                standing: StandingKind::Personal,
                contact_id: Some(*contact_id),
                ..nobody
            },
            Route::Unknown => nobody,
        }
    }
}
