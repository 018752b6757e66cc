-- When a token was last used, to the minute or so.
alter table token add column if not exists used_at timestamp with time zone;
