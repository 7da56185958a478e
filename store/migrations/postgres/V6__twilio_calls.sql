-- Calls over Twilio: what Twilio calls each conference, leg and recording, what it was asked to do and is to be asked, and which of
-- its webhooks were taken in. How a call stands is not here: that is in call_history.

create table twilio_calls (
  organization_id uuid not null,
  call_id uuid not null,
  account_sid text not null,
  conference_sid text,
  -- Who is in the conference, as its events came to.
  roll text not null,
  touched_at bigint not null,
  primary key (organization_id, call_id),
  foreign key (organization_id, call_id) references call_history (organization_id, id)
);

create table twilio_legs (
  organization_id uuid not null,
  id uuid not null,
  call_id uuid not null,
  party text not null,
  user_id uuid,
  leg_sid text,
  state text not null,
  -- What a supervisor's leg was set to last.
  mode text,
  created_at bigint not null,
  primary key (organization_id, id),
  foreign key (organization_id, call_id) references twilio_calls (organization_id, call_id)
);
create index twilio_legs_call on twilio_legs (organization_id, call_id);
create unique index twilio_legs_sid on twilio_legs (organization_id, leg_sid);

-- Carried out one after the other for each call.
create table twilio_orders (
  organization_id uuid not null,
  id uuid not null,
  call_id uuid not null,
  place bigint not null,
  what text not null,
  state text not null,
  attempts bigint not null,
  attempted_at bigint,
  primary key (organization_id, id),
  foreign key (organization_id, call_id) references twilio_calls (organization_id, call_id)
);
create index twilio_orders_call on twilio_orders (organization_id, call_id, place);

create table twilio_recordings (
  organization_id uuid not null,
  recording_id uuid not null,
  call_id uuid not null,
  recording_sid text,
  state text not null,
  primary key (organization_id, recording_id),
  foreign key (organization_id, call_id) references twilio_calls (organization_id, call_id)
);
create index twilio_recordings_call on twilio_recordings (organization_id, call_id);

create table twilio_seen (
  organization_id uuid not null,
  webhook text not null,
  at bigint not null,
  primary key (organization_id, webhook)
);
create index twilio_seen_at on twilio_seen (organization_id, at);
