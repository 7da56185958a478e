-- Search over people, cases and texts, the cells of the reports, what carriers listed, and merged contact roles.

-- What can be found, as the words that it is found by (made by the program, one rule for both engines): a text once for each
-- conversation that it stands in, a person, a case. doc counts up with time: the latest is found first.
create table search_documents (
  organization_id blob not null,
  doc integer not null,
  kind text not null,
  subject_id blob not null,
  conversation_id blob,
  words text not null,
  primary key (organization_id, doc),
  constraint search_documents_doc unique (doc)
) strict;
create index search_documents_subject on search_documents (organization_id, subject_id);

-- The words are what the program makes of a text: the tokenizer only parts them. Without places: every question is "all of these".
create virtual table search_index using fts5(words, content='search_documents', content_rowid='doc', detail='none', columnsize=0,
  prefix='2 3 4', tokenize="ascii tokenchars '#'");
create trigger search_documents_added after insert on search_documents begin
  insert into search_index (rowid, words) values (new.doc, new.words);
end;
create trigger search_documents_gone after delete on search_documents begin
  insert into search_index (search_index, rowid, words) values ('delete', old.doc, old.words);
end;

create index sms_history_at on sms_history (organization_id, at);
create index sms_history_claimed on sms_history (organization_id, claimed_at) where claimed_at is not null;
create index sms_history_failed on sms_history (organization_id, at) where state in ('undelivered', 'failed', 'refused');
create index call_history_contact on call_history (organization_id, contact_id, started_at);

-- A day of the organization that the reports have counted, until something in it changes.
create table report_days (
  organization_id blob not null references organizations (id),
  day integer not null,
  is_stale integer not null,
  primary key (organization_id, day)
) strict;

-- What was counted of a day, for each team and agent; the nil id where there is none.
create table report_cells (
  organization_id blob not null,
  day integer not null,
  measure text not null,
  team_id blob not null,
  user_id blob not null,
  label text not null,
  bucket integer not null,
  total integer not null,
  primary key (organization_id, day, measure, team_id, user_id, label, bucket)
) strict, without rowid;

-- How many texts a carrier listed for a number each time that both were compared, and how many of them were missing here.
create table carrier_counts (
  organization_id blob not null references organizations (id),
  number_id blob not null,
  at integer not null,
  listed integer not null,
  missing integer not null,
  primary key (organization_id, number_id, at)
) strict;

-- Which contact roles were merged into which, and the links that moved, so that a merge can be undone.
create table contact_role_merges (
  organization_id blob not null references organizations (id),
  id blob not null,
  from_role_id blob not null references contact_roles (id),
  into_role_id blob not null references contact_roles (id),
  user_id blob not null,
  created_at integer not null,
  undone_at integer,
  primary key (organization_id, id)
) strict;
create table contact_role_merge_links (
  organization_id blob not null,
  merge_id blob not null,
  case_contact_id blob not null,
  primary key (organization_id, merge_id, case_contact_id)
) strict;
create index case_contacts_role on case_contacts (organization_id, contact_role_id);

-- What is stored already becomes findable by a job, the latest first.
insert into jobs (id, organization_id, type, payload, run_at, attempts, created_at)
  select randomblob(16), o.id, 'fill_search', '{"type":"fill_search","before":"9999-01-01T00:00:00.000000Z"}', 0, 0, 0 from organizations o;
