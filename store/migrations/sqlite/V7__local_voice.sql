-- Which node carries calls by its own voice engine, and until when without a sign of life: one row at most.

create table voice_leases (
  id integer not null primary key check (id = 1),
  holder blob not null,
  expires_at integer not null
) strict, without rowid;
