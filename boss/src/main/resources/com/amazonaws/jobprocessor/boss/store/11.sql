-- What is old is looked for every few seconds, and deleted a thousand rows at a time.
create index if not exists stray_by_time on stray (received_at);
create index if not exists action_by_time on action (at);
create index if not exists webhook_by_time on webhook (changed_at);
