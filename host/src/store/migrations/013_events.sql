-- What programs are told, in the order in which it was committed: they read on from the last one that they have.
create table event_heads (
    account_id {uuid} not null primary key references accounts (id),
    -- The id of the newest event; the lock on this row is what puts events in order.
    head bigint not null,
    -- All bytes of data that were ever written, to know what lies beyond the most that is kept.
    bytes bigint not null
);

create table events (
    account_id {uuid} not null,
    id bigint not null,
    at bigint not null,
    type text not null,
    -- As JSON.
    data text not null,
    -- As it was in the head when this was written.
    bytes bigint not null,
    primary key (account_id, id)
){by_key};

-- For forgetting what is older than the time it is kept.
create index events_by_age on events (at);

-- Sources of which programs were told that they are unavailable, so that they are told once, and told of the end.
create table source_outages (
    account_id {uuid} not null,
    source_id {uuid} not null,
    since bigint not null,
    primary key (account_id, source_id),
    foreign key (account_id, source_id) references inventory_sources (account_id, id) on delete cascade
){by_key};
