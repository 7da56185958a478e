-- Search over people, cases and texts, the cells of the reports, what carriers listed, and merged contact roles.

-- What can be found, as the words that it is found by (made by the program, one rule for both engines): a text once for each
-- conversation that it stands in, a person, a case. doc counts up with time: the latest is found first.
create table search_documents (
  organization_id uuid not null,
  doc bigint not null,
  kind text not null,
  subject_id uuid not null,
  conversation_id uuid,
  words text not null,
  terms tsvector not null generated always as (array_to_tsvector(string_to_array(words, ' '))) stored,
  primary key (organization_id, doc),
  constraint search_documents_doc unique (doc)
);
create index search_documents_subject on search_documents (organization_id, subject_id);
create index search_documents_terms on search_documents using gin (terms);

create index sms_history_at on sms_history (organization_id, at);
create index sms_history_claimed on sms_history (organization_id, claimed_at) where claimed_at is not null;
create index sms_history_failed on sms_history (organization_id, at) where state in ('undelivered', 'failed', 'refused');
create index call_history_contact on call_history (organization_id, contact_id, started_at);

-- A day of the organization that the reports have counted, until something in it changes.
create table report_days (
  organization_id uuid not null references organizations (id),
  day bigint not null,
  is_stale bigint not null,
  primary key (organization_id, day)
);

-- What was counted of a day, for each team and agent; the nil id where there is none.
create table report_cells (
  organization_id uuid not null,
  day bigint not null,
  measure text not null,
  team_id uuid not null,
  user_id uuid not null,
  label text not null,
  bucket bigint not null,
  total bigint not null,
  primary key (organization_id, day, measure, team_id, user_id, label, bucket)
);

-- How many texts a carrier listed for a number each time that both were compared, and how many of them were missing here.
create table carrier_counts (
  organization_id uuid not null references organizations (id),
  number_id uuid not null,
  at bigint not null,
  listed bigint not null,
  missing bigint not null,
  primary key (organization_id, number_id, at)
);

-- Which contact roles were merged into which, and the links that moved, so that a merge can be undone.
create table contact_role_merges (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  from_role_id uuid not null references contact_roles (id),
  into_role_id uuid not null references contact_roles (id),
  user_id uuid not null,
  created_at bigint not null,
  undone_at bigint,
  primary key (organization_id, id)
);
create table contact_role_merge_links (
  organization_id uuid not null,
  merge_id uuid not null,
  case_contact_id uuid not null,
  primary key (organization_id, merge_id, case_contact_id)
);
create index case_contacts_role on case_contacts (organization_id, contact_role_id);

-- What is stored already becomes findable by a job, the latest first.
insert into jobs (id, organization_id, type, payload, run_at, attempts, created_at)
  select gen_random_uuid(), o.id, 'fill_search', '{"type":"fill_search","before":"9999-01-01T00:00:00.000000Z"}', 0, 0, 0 from organizations o;
