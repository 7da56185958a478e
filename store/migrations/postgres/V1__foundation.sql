-- The foundation: organizations and their people, cases, texts and calls, the event log, jobs and the audit.
-- Every key leads with the organization. Times are UTC microseconds, flags are 0 or 1, JSON is text.

create table organizations (
  id uuid not null primary key,
  name text not null,
  settings text not null,
  created_at bigint not null
);

create table event_counters (
  organization_id uuid not null primary key,
  last_seq bigint not null,
  trimmed_seq bigint not null
);

create table events (
  organization_id uuid not null,
  seq bigint not null,
  at bigint not null,
  type text not null,
  audience text not null,
  audience_id uuid,
  audience_user_id uuid,
  payload text not null,
  primary key (organization_id, seq)
);

create table teams (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  name text not null,
  created_at bigint not null,
  primary key (organization_id, id),
  constraint teams_name unique (organization_id, name)
);

create table users (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  email text not null,
  name text not null,
  password_hash text not null,
  is_active bigint not null,
  created_at bigint not null,
  updated_at bigint not null,
  primary key (organization_id, id),
  constraint users_email unique (email)
);

create table team_members (
  organization_id uuid not null,
  team_id uuid not null,
  user_id uuid not null,
  primary key (organization_id, team_id, user_id),
  foreign key (organization_id, team_id) references teams (organization_id, id),
  foreign key (organization_id, user_id) references users (organization_id, id)
);
create index team_members_user on team_members (organization_id, user_id);

create table roles (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  name text not null,
  is_default bigint not null,
  case_scope text not null,
  case_contacts bigint not null,
  sms bigint not null,
  calls bigint not null,
  audit bigint not null,
  settings bigint not null,
  created_at bigint not null,
  primary key (organization_id, id),
  constraint roles_name unique (organization_id, name)
);

create table role_assignments (
  organization_id uuid not null,
  user_id uuid not null,
  role_id uuid not null,
  primary key (organization_id, user_id, role_id),
  foreign key (organization_id, user_id) references users (organization_id, id),
  foreign key (organization_id, role_id) references roles (organization_id, id)
);

create table sign_ins (
  token_hash bytea not null primary key,
  organization_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  kind text not null,
  label text not null,
  created_at bigint not null,
  seen_at bigint not null,
  expires_at bigint not null,
  foreign key (organization_id, user_id) references users (organization_id, id)
);
create index sign_ins_user on sign_ins (organization_id, user_id);

create table organization_numbers (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  e164 text not null,
  label text not null,
  account_sid text not null,
  is_active bigint not null,
  reconciled_until bigint not null,
  created_at bigint not null,
  primary key (organization_id, id),
  constraint organization_numbers_e164 unique (e164)
);

-- search_name is the name in lower case, folded by the program: SQLite's lower() knows ASCII alone.
create table contacts (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  external_id text,
  name text not null,
  search_name text not null,
  contact_type text not null,
  created_at bigint not null,
  updated_at bigint not null,
  primary key (organization_id, id),
  constraint contacts_external_id unique (organization_id, external_id)
);
create index contacts_search_name on contacts (organization_id, search_name, id);

create table contact_phones (
  organization_id uuid not null,
  id uuid not null,
  contact_id uuid not null,
  e164 text not null,
  label text not null,
  is_primary bigint not null,
  created_at bigint not null,
  updated_at bigint not null,
  primary key (organization_id, id),
  constraint contact_phones_number unique (organization_id, contact_id, e164),
  foreign key (organization_id, contact_id) references contacts (organization_id, id)
);
create index contact_phones_e164 on contact_phones (organization_id, e164);
create unique index contact_phones_primary on contact_phones (organization_id, contact_id) where is_primary = 1;

create table cases (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  mycase_case_id text not null,
  name text not null,
  search_name text not null,
  status text not null,
  client_contact_id uuid,
  team_id uuid,
  is_unattended bigint not null,
  created_at bigint not null,
  updated_at bigint not null,
  primary key (organization_id, id),
  constraint cases_mycase_case_id unique (organization_id, mycase_case_id),
  foreign key (organization_id, client_contact_id) references contacts (organization_id, id),
  foreign key (organization_id, team_id) references teams (organization_id, id)
);
create index cases_client on cases (organization_id, client_contact_id);
create index cases_team on cases (organization_id, team_id);
create index cases_unattended on cases (organization_id, id) where is_unattended = 1;

create table case_users (
  organization_id uuid not null,
  case_id uuid not null,
  user_id uuid not null,
  primary key (organization_id, case_id, user_id),
  foreign key (organization_id, case_id) references cases (organization_id, id),
  foreign key (organization_id, user_id) references users (organization_id, id)
);
create index case_users_user on case_users (organization_id, user_id, case_id);

create table walls (
  organization_id uuid not null,
  case_id uuid not null,
  user_id uuid not null,
  added_by_user_id uuid,
  created_at bigint not null,
  primary key (organization_id, case_id, user_id),
  foreign key (organization_id, case_id) references cases (organization_id, id),
  foreign key (organization_id, user_id) references users (organization_id, id)
);
create index walls_user on walls (organization_id, user_id, case_id);

create table contact_roles (
  id uuid not null primary key,
  organization_id uuid references organizations (id),
  name text not null,
  is_default bigint not null,
  display_order bigint not null,
  is_active bigint not null,
  created_at bigint not null,
  updated_at bigint not null,
  constraint contact_roles_name unique (organization_id, name)
);

-- An organization's own order and choice among the platform's default roles.
create table contact_role_choices (
  organization_id uuid not null references organizations (id),
  contact_role_id uuid not null references contact_roles (id),
  display_order bigint not null,
  is_active bigint not null,
  primary key (organization_id, contact_role_id)
);

create table case_contacts (
  organization_id uuid not null,
  id uuid not null,
  mycase_case_id text not null,
  case_id uuid not null,
  contact_id uuid not null,
  contact_role_id uuid not null references contact_roles (id),
  added_by_user_id uuid,
  created_at bigint not null,
  updated_at bigint not null,
  removed_at bigint,
  removed_by_user_id uuid,
  primary key (organization_id, id),
  foreign key (organization_id, case_id) references cases (organization_id, id),
  foreign key (organization_id, contact_id) references contacts (organization_id, id)
);
create unique index case_contacts_once on case_contacts (organization_id, mycase_case_id, contact_id) where removed_at is null;
create index case_contacts_contact on case_contacts (organization_id, contact_id);
create index case_contacts_case on case_contacts (organization_id, case_id);

-- The whole history of who was on a case as what: linked, role_changed, unlinked, with the role as of then. Append-only.
create table case_contact_steps (
  organization_id uuid not null,
  case_id uuid not null,
  contact_id uuid not null,
  id uuid not null,
  at bigint not null,
  type text not null,
  user_id uuid,
  role text not null,
  primary key (organization_id, case_id, contact_id, id)
);

create table leads (
  organization_id uuid not null,
  id uuid not null,
  contact_id uuid not null,
  status text not null,
  assigned_user_id uuid,
  created_at bigint not null,
  updated_at bigint not null,
  primary key (organization_id, id),
  foreign key (organization_id, contact_id) references contacts (organization_id, id)
);
create index leads_contact on leads (organization_id, contact_id);

-- key: case:{case}:{contact} | case:{case}:{number} | lead:{lead} | contact:{contact} | unknown:{number or sender}
create table conversations (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  key text not null,
  kind text not null,
  case_id uuid,
  contact_id uuid,
  lead_id uuid,
  peer text,
  last_at bigint not null,
  last_item_id uuid,
  last_direction text,
  preview text not null,
  unclaimed_count bigint not null,
  attention_count bigint not null,
  created_at bigint not null,
  primary key (organization_id, id),
  constraint conversations_key unique (organization_id, key)
);
create index conversations_last on conversations (organization_id, last_at, id);
create index conversations_case on conversations (organization_id, case_id, last_at, id);
create index conversations_contact on conversations (organization_id, contact_id, last_at, id);
create index conversations_lead on conversations (organization_id, lead_id);
create index conversations_kind on conversations (organization_id, kind, last_at, id);
create index conversations_unclaimed on conversations (organization_id, last_at, id) where unclaimed_count > 0;
create index conversations_attention on conversations (organization_id, last_at, id) where attention_count > 0;

-- What stands in a conversation, in order: an unclaimed text stands in one per candidate case, any other item in one.
create table conversation_items (
  organization_id uuid not null,
  conversation_id uuid not null,
  at bigint not null,
  item_id uuid not null,
  kind text not null,
  primary key (organization_id, conversation_id, at, item_id)
);
create index conversation_items_item on conversation_items (organization_id, item_id);
create index conversation_items_calls on conversation_items (organization_id, conversation_id, kind) where kind = 'call';

-- Whose a conversation is: who wrote, or holds a claim on, a text that stands in it.
create table conversation_agents (
  organization_id uuid not null,
  user_id uuid not null,
  conversation_id uuid not null,
  primary key (organization_id, user_id, conversation_id)
);
create index conversation_agents_conversation on conversation_agents (organization_id, conversation_id);

create table sms_history (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  conversation_id uuid,
  direction text not null,
  standing text not null,
  case_number text,
  case_id uuid,
  case_contact_id uuid,
  contact_id uuid,
  contact_role_name text,
  lead_id uuid,
  peer text not null,
  number_id uuid,
  body text not null,
  media_count bigint not null,
  at bigint not null,
  created_at bigint not null,
  provider_id text,
  rule text,
  receipt text,
  claimed_by_user_id uuid,
  claimed_at bigint,
  sent_by_user_id uuid,
  in_reply_to uuid,
  is_clarifying bigint not null,
  state text,
  error_code bigint,
  keyword text,
  attention text,
  version bigint not null,
  primary key (organization_id, id),
  constraint sms_history_provider_id unique (organization_id, provider_id)
);
create index sms_history_case_number on sms_history (organization_id, case_number, at);
create index sms_history_unclaimed on sms_history (organization_id, peer, at) where standing = 'unclaimed';
create index sms_history_without_owner on sms_history (organization_id, id) where standing in ('unclaimed', 'unknown');
create index sms_history_last_used on sms_history (organization_id, contact_id, at) where direction = 'outbound';
create index sms_history_attention on sms_history (organization_id, at) where attention is not null;

create table sms_candidates (
  organization_id uuid not null,
  message_id uuid not null,
  case_id uuid not null,
  contact_id uuid,
  case_contact_id uuid,
  conversation_id uuid not null,
  primary key (organization_id, message_id, case_id)
);
create index sms_candidates_case on sms_candidates (organization_id, case_id);

-- case_id is the nil id for a text in "Unknown sender".
create table sms_dismissals (
  organization_id uuid not null,
  message_id uuid not null,
  case_id uuid not null,
  user_id uuid not null,
  at bigint not null,
  primary key (organization_id, message_id, case_id, user_id)
);
create index sms_dismissals_user on sms_dismissals (organization_id, user_id, message_id);

-- The whole history of a text: routed, claimed, released, moved, dismissed. Append-only.
create table sms_steps (
  organization_id uuid not null,
  message_id uuid not null,
  id uuid not null,
  at bigint not null,
  type text not null,
  user_id uuid,
  from_case_id uuid,
  to_case_id uuid,
  from_conversation_id uuid,
  primary key (organization_id, message_id, id)
);
create index sms_steps_left on sms_steps (organization_id, from_conversation_id, id) where from_conversation_id is not null;

create table sms_media (
  organization_id uuid not null,
  message_id uuid not null,
  position bigint not null,
  url text not null,
  content_type text not null,
  primary key (organization_id, message_id, position)
);

create table sms_parts (
  organization_id uuid not null,
  id uuid not null,
  message_id uuid not null,
  position bigint not null,
  body text not null,
  state text not null,
  provider_id text,
  error_code bigint,
  attempts bigint not null,
  attempted_at bigint,
  accepted_at bigint,
  updated_at bigint not null,
  primary key (organization_id, id),
  constraint sms_parts_position unique (organization_id, message_id, position),
  constraint sms_parts_provider_id unique (organization_id, provider_id)
);
create index sms_parts_open on sms_parts (organization_id, updated_at)
  where state in ('queued', 'handing_over', 'unknown', 'accepted', 'sending', 'sent');

-- The last outbound text per contact and case that opened a session (OMNI-001).
create table sms_sessions (
  organization_id uuid not null,
  contact_id uuid not null,
  case_id uuid not null,
  opened_at bigint not null,
  message_id uuid not null,
  primary key (organization_id, contact_id, case_id)
);

create table opt_outs (
  organization_id uuid not null references organizations (id),
  peer text not null,
  state text not null,
  keyword text,
  message_id uuid,
  at bigint not null,
  primary key (organization_id, peer)
);

create table call_history (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  conversation_id uuid,
  matter_id text,
  case_id uuid,
  case_contact_id uuid,
  contact_id uuid,
  contact_role_name text,
  lead_id uuid,
  direction text not null,
  peer text not null,
  number_id uuid,
  user_id uuid,
  status text not null,
  started_at bigint not null,
  duration_seconds bigint not null,
  recording_url text,
  provider_id text,
  created_at bigint not null,
  primary key (organization_id, id),
  constraint call_history_provider_id unique (organization_id, provider_id)
);
create index call_history_matter_id on call_history (organization_id, matter_id, started_at);

create table jobs (
  id uuid not null primary key,
  organization_id uuid not null references organizations (id),
  type text not null,
  payload text not null,
  unique_key text,
  run_at bigint not null,
  attempts bigint not null,
  lease_id uuid,
  leased_until bigint,
  last_error text,
  dead_at bigint,
  created_at bigint not null,
  constraint jobs_unique_key unique (unique_key)
);
create index jobs_due on jobs (run_at) where dead_at is null;

create table audit_lines (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  at bigint not null,
  user_id uuid,
  act text not null,
  subject text not null,
  case_id uuid,
  outcome text not null,
  detail text not null,
  primary key (organization_id, id)
);
create index audit_lines_at on audit_lines (organization_id, at, id);

create table idempotency_keys (
  organization_id uuid not null references organizations (id),
  user_id uuid not null,
  key text not null,
  request_hash bytea not null,
  status bigint,
  response text,
  created_at bigint not null,
  primary key (organization_id, user_id, key)
);

-- Signed webhooks to a number that no organization owns; adopted when somebody registers the number.
create table stray_texts (
  provider_id text not null primary key,
  account_sid text not null,
  number text not null,
  payload text not null,
  at bigint not null
);
create index stray_texts_number on stray_texts (number);

insert into contact_roles (id, organization_id, name, is_default, display_order, is_active, created_at, updated_at) values
  ('01900000-0000-7000-8000-000000000001', null, 'Witness', 1, 1, 1, 0, 0),
  ('01900000-0000-7000-8000-000000000002', null, 'Expert Witness', 1, 2, 1, 0, 0),
  ('01900000-0000-7000-8000-000000000003', null, 'Opposing Party', 1, 3, 1, 0, 0),
  ('01900000-0000-7000-8000-000000000004', null, 'Opposing Counsel', 1, 4, 1, 0, 0),
  ('01900000-0000-7000-8000-000000000005', null, 'Adjuster', 1, 5, 1, 0, 0),
  ('01900000-0000-7000-8000-000000000006', null, 'Medical Provider', 1, 6, 1, 0, 0),
  ('01900000-0000-7000-8000-000000000007', null, 'Other', 1, 7, 1, 0, 0);
