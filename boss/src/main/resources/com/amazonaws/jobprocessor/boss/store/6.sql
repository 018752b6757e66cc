-- Tasks are counted by batch and state from the index alone: H2 reads the rows of a million tasks in seconds.
create index if not exists task_by_batch_state on task (batch_id, state);
