//! The audit's chain: gap-free in commit order however many write, whole with every commit and gone with every rollback, and closed
//! against change by the database itself.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use casewire_core::access::Tenant;
use casewire_core::audit::{AuditEntry, Hash, genesis};
use casewire_core::id::{CaseId, ContactId, OrganizationId, UserId};
use casewire_core::settings::Settings;
use casewire_core::time::Timestamp;
use casewire_store::audit::{self, Entry, walk};
use casewire_store::{Act, Store, StoreError, Tx, Value, mint, on_both_engines, organizations, params};

use crate::engine::all;

struct Found(OrganizationId);

impl Act for Found {
    type Out = ();
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        organizations::create(tx, self.0, "Quill", &Settings::default(), Timestamp::from_micros(1))
            .await
            .map(drop)
    }
}

/// Writes as many entries and ends as told.
struct Note {
    tenant: Tenant,
    entries: usize,
    refuses: bool,
}

impl Act for Note {
    type Out = ();
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        for number in 0..self.entries {
            let (user, case) = (mint::<UserId>(), mint::<CaseId>());
            let entry = Entry::by(user, "claim_text", number).in_case(case).about(mint::<ContactId>());
            audit::write(tx, self.tenant, &entry, Timestamp::from_micros(7)).await?;
        }
        if self.refuses {
            Err(StoreError::Address("refused"))
        } else {
            Ok(())
        }
    }
}

struct Walk(Tenant);

impl Act for Walk {
    type Out = Vec<(AuditEntry, Hash)>;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, StoreError> {
        walk::stretch(tx, self.0, 0, 10_000).await
    }
}

struct Sql(&'static str, Vec<Value>);

impl Act for Sql {
    type Out = u64;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<u64, StoreError> {
        tx.execute(self.0, &self.1).await
    }
}

async fn founded(store: &Store) -> Tenant {
    let organization = mint::<OrganizationId>();
    store.write(organization, Found(organization)).await.unwrap();
    Tenant::of_row(organization)
}

async fn note(store: &Store, tenant: Tenant, entries: usize) -> Result<(), StoreError> {
    let act = Note {
        tenant,
        entries,
        refuses: false,
    };
    store.write(tenant.organization(), act).await
}

/// The chain as it stands, after a check that it is one.
async fn chain(store: &Store, tenant: Tenant) -> Vec<AuditEntry> {
    let mut before = genesis(tenant.organization());
    let entries = store.read(Walk(tenant)).await.unwrap();
    for (index, (entry, hash)) in entries.iter().enumerate() {
        assert_eq!(entry.seq, i64::try_from(index).unwrap() + 1);
        assert_eq!(entry.hash(&before), *hash, "entry {}", entry.seq);
        before = *hash;
    }
    entries.into_iter().map(|(entry, _)| entry).collect()
}

on_both_engines! {
    async fn entries_are_numbered_without_gaps_and_chained_however_many_write_from_several_nodes(db: TestDatabase) {
        let nodes = [db.store().clone(), db.store().clone()];
        let other = match db.server() {
            // A second node; SQLite has one writer.
            Some(_) => Store::open(db.options()).await.unwrap(),
            None => db.store().clone(),
        };
        let (one, two) = (founded(db.store()).await, founded(db.store()).await);
        let stores = [nodes[0].clone(), nodes[1].clone(), other];
        let writes = (0..150_usize).map(|index| {
            let (store, tenant) = (stores[index % 3].clone(), if index % 5 == 0 { two } else { one });
            async move { note(&store, tenant, 1 + index % 3).await }
        });
        for written in all(writes).await {
            written.unwrap();
        }
        let expected = |is_two: bool| (0..150_usize).filter(|index| (index % 5 == 0) == is_two).map(|index| 1 + index % 3).sum::<usize>();
        assert_eq!(chain(db.store(), one).await.len(), expected(false));
        assert_eq!(chain(db.store(), two).await.len(), expected(true));
    }

    async fn what_a_refused_act_noted_is_in_no_chain_and_takes_no_number(db: TestDatabase) {
        let tenant = founded(db.store()).await;
        note(db.store(), tenant, 1).await.unwrap();
        let refused = Note { tenant, entries: 3, refuses: true };
        assert!(db.store().write(tenant.organization(), refused).await.is_err());
        note(db.store(), tenant, 2).await.unwrap();
        assert_eq!(chain(db.store(), tenant).await.len(), 3);
    }

    async fn the_database_refuses_to_change_or_remove_an_entry_or_a_checkpoint(db: TestDatabase) {
        let tenant = founded(db.store()).await;
        let organization = tenant.organization();
        note(db.store(), tenant, 2).await.unwrap();
        let add = "insert into audit_checkpoints (organization_id, seq, hash, at, public_key, signature) values ($1, 1, $2, 0, $3, $4)";
        let values = params![organization, [1_u8; 32], [2_u8; 32], [3_u8; 64]].to_vec();
        db.store().write(organization, Sql(add, values)).await.unwrap();
        for sql in [
            "update audit_entries set detail = 'other' where organization_id = $1",
            "delete from audit_entries where organization_id = $1",
            "update audit_checkpoints set at = 1 where organization_id = $1",
            "delete from audit_checkpoints where organization_id = $1",
        ] {
            assert!(db.store().write(organization, Sql(sql, params![organization].to_vec())).await.is_err(), "{sql}");
        }
        assert_eq!(chain(db.store(), tenant).await.len(), 2);
    }

    async fn lines_of_before_the_chain_are_taken_into_it_in_their_order(db: TestDatabase) {
        let tenant = founded(db.store()).await;
        let organization = tenant.organization();
        let user = mint::<UserId>();
        let insert = "insert into audit_lines (organization_id, id, at, user_id, act, subject, case_id, outcome, detail) \
            values ($1, $2, $3, $4, $5, 'x', null, 'done', '')";
        for (at, act) in [(1_i64, "first"), (2, "second"), (3, "third")] {
            let values = params![organization, mint::<UserId>(), at, user, act].to_vec();
            db.store().write(organization, Sql(insert, values)).await.unwrap();
        }
        let taken = |limit| db.store().write(organization, TakeIn(tenant, limit));
        assert_eq!((taken(2).await.unwrap(), taken(2).await.unwrap(), taken(2).await.unwrap()), (2, 1, 0));
        let chain = chain(db.store(), tenant).await;
        let acts: Vec<_> = chain.iter().map(|entry| (entry.act.as_str(), entry.at.as_micros())).collect();
        assert_eq!(acts, [("first", 1), ("second", 2), ("third", 3)]);
        assert!(chain.iter().all(|entry| entry.user_id == Some(user)));
    }
}

struct TakeIn(Tenant, u32);

impl Act for TakeIn {
    type Out = usize;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<usize, StoreError> {
        audit::take_in_old_lines(tx, self.0, self.1).await
    }
}
