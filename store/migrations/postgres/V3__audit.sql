-- The audit as a chain per organization, its signed checkpoints, and the exports of cases. Entries and checkpoints are only added:
-- triggers refuse the rest. Lines of before (audit_lines) are taken into the chain by the job that signs.

create table audit_heads (
  organization_id uuid not null primary key references organizations (id),
  last_seq bigint not null,
  last_hash bytea not null
);

create table audit_entries (
  organization_id uuid not null,
  seq bigint not null,
  at bigint not null,
  kind text not null,
  user_id uuid,
  act text not null,
  subject text not null,
  case_id uuid,
  contact_id uuid,
  outcome text not null,
  detail text not null,
  hash bytea not null,
  primary key (organization_id, seq)
);
create index audit_entries_user on audit_entries (organization_id, user_id, seq);
create index audit_entries_case on audit_entries (organization_id, case_id, seq);
create index audit_entries_contact on audit_entries (organization_id, contact_id, seq) where contact_id is not null;
create index audit_entries_subject on audit_entries (organization_id, subject, seq);

create table audit_checkpoints (
  organization_id uuid not null,
  seq bigint not null,
  hash bytea not null,
  at bigint not null,
  public_key bytea not null,
  signature bytea not null,
  primary key (organization_id, seq)
);

create function audit_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'the audit is append-only';
end
$$;
create trigger audit_entries_stay before update or delete on audit_entries for each row execute function audit_is_append_only();
create trigger audit_entries_remain before truncate on audit_entries for each statement execute function audit_is_append_only();
create trigger audit_checkpoints_stay before update or delete on audit_checkpoints for each row execute function audit_is_append_only();
create trigger audit_checkpoints_remain before truncate on audit_checkpoints for each statement execute function audit_is_append_only();

create table exports (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  case_id uuid not null,
  asked_by_user_id uuid not null,
  filter text not null,
  time_zone text not null,
  state text not null,
  items_done bigint not null,
  items_total bigint not null,
  file text,
  size_bytes bigint,
  sha256 bytea,
  error_code text,
  created_at bigint not null,
  updated_at bigint not null,
  expires_at bigint,
  primary key (organization_id, id)
);
create index exports_case on exports (organization_id, case_id, id);
create index exports_expiring on exports (organization_id, expires_at) where state = 'ready';
