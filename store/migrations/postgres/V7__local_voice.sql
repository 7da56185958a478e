-- Which node carries calls by its own voice engine, and until when without a sign of life: one row at most.

create table voice_leases (
  id bigint not null primary key check (id = 1),
  holder uuid not null,
  expires_at bigint not null
);
