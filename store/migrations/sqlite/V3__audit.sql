-- The audit as a chain per organization, its signed checkpoints, and the exports of cases. Entries and checkpoints are only added:
-- triggers refuse the rest. Lines of before (audit_lines) are taken into the chain by the job that signs.

create table audit_heads (
  organization_id blob not null primary key references organizations (id),
  last_seq integer not null,
  last_hash blob not null
) strict;

create table audit_entries (
  organization_id blob not null,
  seq integer not null,
  at integer not null,
  kind text not null,
  user_id blob,
  act text not null,
  subject text not null,
  case_id blob,
  contact_id blob,
  outcome text not null,
  detail text not null,
  hash blob not null,
  primary key (organization_id, seq)
) strict;
create index audit_entries_user on audit_entries (organization_id, user_id, seq);
create index audit_entries_case on audit_entries (organization_id, case_id, seq);
create index audit_entries_contact on audit_entries (organization_id, contact_id, seq) where contact_id is not null;
create index audit_entries_subject on audit_entries (organization_id, subject, seq);

create table audit_checkpoints (
  organization_id blob not null,
  seq integer not null,
  hash blob not null,
  at integer not null,
  public_key blob not null,
  signature blob not null,
  primary key (organization_id, seq)
) strict;

create trigger audit_entries_stay before update on audit_entries begin select raise(abort, 'the audit is append-only'); end;
create trigger audit_entries_remain before delete on audit_entries begin select raise(abort, 'the audit is append-only'); end;
create trigger audit_checkpoints_stay before update on audit_checkpoints begin select raise(abort, 'the audit is append-only'); end;
create trigger audit_checkpoints_remain before delete on audit_checkpoints begin select raise(abort, 'the audit is append-only'); end;

create table exports (
  organization_id blob not null references organizations (id),
  id blob not null,
  case_id blob not null,
  asked_by_user_id blob not null,
  filter text not null,
  time_zone text not null,
  state text not null,
  items_done integer not null,
  items_total integer not null,
  file text,
  size_bytes integer,
  sha256 blob,
  error_code text,
  created_at integer not null,
  updated_at integer not null,
  expires_at integer,
  primary key (organization_id, id)
) strict;
create index exports_case on exports (organization_id, case_id, id);
create index exports_expiring on exports (organization_id, expires_at) where state = 'ready';
