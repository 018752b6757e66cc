-- The first tasks of an operation that the database would not change, and why.
create table if not exists operation_failure (
  operation_id bigint not null,
  task_id bigint not null,
  problem varchar(1024) not null,
  primary key (operation_id, task_id)
);
