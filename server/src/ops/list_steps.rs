//! The act that tells what happened beside the texts of a conversation, as far as its reader may know.

use casewire_core::access::Access;
use casewire_core::id::ConversationId;
use casewire_store::step_lines::{self, Line};
use casewire_store::{Act, Tx};

use super::list_conversations::conversation_in_view;
use crate::problem::Problem;

/// Lists the lines of a conversation.
pub struct ListSteps {
    /// The rights of the reader.
    pub access: Access,
    /// The conversation.
    pub id: ConversationId,
}

impl Act for ListSteps {
    type Out = Vec<Line>;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Vec<Line>, Problem> {
        conversation_in_view(tx, &self.access, self.id).await?;
        Ok(step_lines::of_conversation(tx, &self.access.known_cases(), self.id).await?)
    }
}
