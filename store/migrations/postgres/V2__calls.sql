-- Calls that are made and taken here: how each stands, who is on it, what happened to it, what was recorded, and which browser of a
-- user takes them. Rows from before have no line and stay as they are.

alter table call_history add column line text;
alter table call_history add column answered_at bigint;
alter table call_history add column ended_at bigint;
alter table call_history add column end_reason text;
alter table call_history add column is_muted bigint not null default 0;
alter table call_history add column is_on_hold bigint not null default 0;
alter table call_history add column agent_lost_at bigint;
alter table call_history add column outside_lost_at bigint;
alter table call_history add column transfer_to_user_id uuid;
alter table call_history add column voicemail_since bigint;
alter table call_history add column dialed_at bigint;
alter table call_history add column agent_due_at bigint;
alter table call_history add column due_at bigint;
alter table call_history add column recording text not null default 'none';
alter table call_history add column disposition text;
alter table call_history add column note text;
alter table call_history add column wrap_up_until bigint;
-- version grows with every change, revision with those that are told to who reads the call: not with who supervises it.
alter table call_history add column version bigint not null default 0;
alter table call_history add column revision bigint not null default 0;
create index call_history_started on call_history (organization_id, started_at, id);
create index call_history_peer on call_history (organization_id, peer, started_at);
create index call_history_user on call_history (organization_id, user_id, started_at);
create index call_history_live on call_history (organization_id, started_at)
  where line is not null and status in ('queued', 'ringing', 'in-progress', 'recording');

create index sms_history_outbound on sms_history (organization_id, peer, at) where direction = 'outbound';

alter table conversations add column last_call text;

-- On which call a user is, as its agent, as whom it rings at, or as a supervisor: on one at a time.
create table call_seats (
  organization_id uuid not null,
  user_id uuid not null,
  call_id uuid not null,
  primary key (organization_id, user_id),
  foreign key (organization_id, user_id) references users (organization_id, id),
  foreign key (organization_id, call_id) references call_history (organization_id, id)
);
create index call_seats_call on call_seats (organization_id, call_id);

create table call_supervisors (
  organization_id uuid not null,
  call_id uuid not null,
  user_id uuid not null,
  mode text not null,
  entered_at bigint not null,
  primary key (organization_id, call_id, user_id),
  foreign key (organization_id, call_id) references call_history (organization_id, id),
  foreign key (organization_id, user_id) references users (organization_id, id)
);

-- What happened to a call, in order. Append-only.
create table call_steps (
  organization_id uuid not null,
  call_id uuid not null,
  id uuid not null,
  at bigint not null,
  type text not null,
  user_id uuid,
  detail text not null,
  primary key (organization_id, call_id, id)
);

create table call_recordings (
  organization_id uuid not null,
  id uuid not null,
  call_id uuid not null,
  kind text not null,
  state text not null,
  file text,
  duration_ms bigint not null,
  bytes bigint not null,
  started_at bigint not null,
  updated_at bigint not null,
  primary key (organization_id, id),
  foreign key (organization_id, call_id) references call_history (organization_id, id)
);
create index call_recordings_call on call_recordings (organization_id, call_id);

-- Which browser tab of a user takes their calls, and until when without a sign of life.
create table softphones (
  organization_id uuid not null,
  user_id uuid not null,
  softphone_id text not null,
  elected_at bigint not null,
  expires_at bigint not null,
  primary key (organization_id, user_id),
  foreign key (organization_id, user_id) references users (organization_id, id)
);
