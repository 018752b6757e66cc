-- When SQS took an answer, by its clock: a boss that was away finds those of hours, and stores them in seconds.
alter table result add column if not exists sqs_at timestamp with time zone;

-- All that reports and measures read is in it.
create index if not exists result_by_times
  on result (received_at, duration_millis, task_id, worker, succeeded, sqs_at);
drop index if exists result_by_time;
