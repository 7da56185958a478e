//! A token for a program, which acts with the rights of a user. Its secret is shown once and never stored.

use std::time::Duration;

use casewire_core::access::Tenant;
use casewire_core::id::UserId;
use casewire_core::time::Timestamp;
use casewire_store::audit::{self, Entry};
use casewire_store::sign_ins::{self, NewSignIn, SignInKind};
use casewire_store::{Act, StoreError, Tx, mint};

use crate::auth::secret::BearerSecret;

/// Creates a token.
pub struct CreateToken {
    tenant: Tenant,
    new: NewSignIn,
    now: Timestamp,
}

impl CreateToken {
    /// The token with this secret, for a while.
    #[must_use]
    pub fn new(tenant: Tenant, user: UserId, secret: &BearerSecret, label: &str, lasts: Duration, now: Timestamp) -> Self {
        let new = NewSignIn {
            id: mint(),
            token_hash: secret.hash(),
            user,
            kind: SignInKind::Token,
            label: label.to_owned(),
            expires_at: now.plus(lasts),
        };
        Self { tenant, new, now }
    }
}

impl Act for CreateToken {
    type Out = ();
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        sign_ins::add(tx, self.tenant, &self.new, self.now).await?;
        let entry = Entry::of_system("create_token", self.new.id).with_detail(format!("user={}", self.new.user));
        audit::write(tx, self.tenant, &entry, self.now).await
    }
}
