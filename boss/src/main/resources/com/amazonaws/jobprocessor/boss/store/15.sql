-- What a stray says beside its text. Older ones have lost it; a pointer to S3 among them is known by its text alone.
alter table stray add column if not exists in_s3 boolean default false not null;
alter table stray add column if not exists error_type varchar(256);
alter table stray add column if not exists error_message varchar(2048);
