-- What happened, for people to read; kept for a time and never changed.
create table activity (
    -- Deliberately no reference: news are written together, and those of an account that is gone must not take others
    -- with them.
    account_id {uuid} not null,
    id {uuid} not null,
    at bigint not null,
    kind text not null,
    actor_kind text not null,
    actor text,
    subject_kind text not null,
    -- None where it is no single thing.
    subject_id text,
    -- Its name at that time: what is gone or was renamed is told as it was.
    subject text not null,
    -- A small JSON object.
    details text not null,
    primary key (account_id, id)
){by_key};

-- What happened to one thing, among all that happened.
create index activity_by_subject on activity (account_id, subject_kind, subject_id, id);
-- For forgetting what is older than the time it is kept.
create index activity_by_age on activity (at);
