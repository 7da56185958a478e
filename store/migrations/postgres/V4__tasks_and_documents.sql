-- Follow-up tasks, and documents with their versions; what is attached to a text can be one.

create table tasks (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  what text not null,
  status text not null,
  case_id uuid,
  contact_id uuid,
  message_id uuid,
  call_id uuid,
  due_on text not null,
  due_time text,
  time_zone text not null,
  due_at bigint not null,
  remind_minutes bigint,
  remind_at bigint,
  reminded_at bigint,
  assignee_user_id uuid not null,
  created_by_user_id uuid not null,
  done_by_user_id uuid,
  done_at bigint,
  created_at bigint not null,
  updated_at bigint not null,
  primary key (organization_id, id),
  foreign key (organization_id, case_id) references cases (organization_id, id),
  foreign key (organization_id, contact_id) references contacts (organization_id, id),
  foreign key (organization_id, assignee_user_id) references users (organization_id, id),
  foreign key (organization_id, created_by_user_id) references users (organization_id, id)
);
create index tasks_due on tasks (organization_id, status, due_at, id);
create index tasks_assignee on tasks (organization_id, assignee_user_id, status, due_at, id);
create index tasks_case on tasks (organization_id, case_id, status, due_at, id);
create index tasks_contact on tasks (organization_id, contact_id) where contact_id is not null;
create index tasks_message on tasks (organization_id, message_id) where message_id is not null;
create index tasks_call on tasks (organization_id, call_id) where call_id is not null;

-- A document is of a case, or of a contact where there is no case. name_key is the name as it is compared, folded by the program.
create table documents (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  case_id uuid,
  contact_id uuid,
  name text not null,
  name_key text not null,
  created_by_user_id uuid not null,
  created_at bigint not null,
  updated_at bigint not null,
  primary key (organization_id, id),
  foreign key (organization_id, case_id) references cases (organization_id, id),
  foreign key (organization_id, contact_id) references contacts (organization_id, id)
);
create unique index documents_name_in_case on documents (organization_id, case_id, name_key) where case_id is not null;
create unique index documents_name_of_contact on documents (organization_id, contact_id, name_key) where case_id is null;

-- sha256 is the address of the content in the storage. Append-only.
create table document_versions (
  organization_id uuid not null,
  document_id uuid not null,
  number bigint not null,
  sha256 bytea not null,
  size bigint not null,
  content_type text not null,
  uploaded_by_user_id uuid not null,
  created_at bigint not null,
  primary key (organization_id, document_id, number),
  foreign key (organization_id, document_id) references documents (organization_id, id)
);
create index document_versions_content on document_versions (organization_id, sha256);

-- What is attached to a text: waiting until it was fetched from the carrier, then stored; or gone, or refused, with a reason.
-- An outbound one is a version of a document.
alter table sms_media add column state text not null default 'waiting';
alter table sms_media add column reason text;
alter table sms_media add column name text;
alter table sms_media add column sha256 bytea;
alter table sms_media add column size bigint;
alter table sms_media add column document_id uuid;
alter table sms_media add column version bigint;
create index sms_media_waiting on sms_media (organization_id, message_id) where state = 'waiting';
create index sms_media_content on sms_media (organization_id, sha256) where sha256 is not null;
create index sms_media_document on sms_media (organization_id, document_id) where document_id is not null;
