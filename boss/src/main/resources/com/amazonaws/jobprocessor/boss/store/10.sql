-- Who is told of what happens, as the bosses were started: whoever notices something writes it down for all.
create table if not exists listener (
  hash varchar(64) primary key,
  url varchar(2048) not null,
  named_at timestamp with time zone not null
);
