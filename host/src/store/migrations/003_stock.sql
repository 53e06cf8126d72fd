-- What is known of each SKU at each source, and how it came to change. Quantities are millionths of a unit.
create table stock_levels (
    account_id {uuid} not null,
    source_id {uuid} not null,
    sku {sku} not null,
    tracking smallint not null,
    available bigint,
    on_hand bigint,
    allocated bigint,
    incoming bigint,
    -- The newest confirmation: it was true then or later.
    as_of bigint not null,
    -- The source's own number of this state, as unsigned bits.
    source_version bigint,
    -- Whether a complete listing no longer named it.
    absent boolean not null,
    -- The listing that named it last: what a listing in progress has seen survives a restart.
    listed_by {uuid},
    item text,
    -- What few levels have, as JSON: lots, further quantities, when the source says it changed.
    details text,
    primary key (account_id, source_id, sku)
){by_key};

create table stock_history (
    account_id {uuid} not null,
    source_id {uuid} not null,
    sku {sku} not null,
    id {uuid} not null,
    changed_at bigint not null,
    cause text not null,
    sync_id {uuid},
    actor text,
    tracking_before smallint not null,
    available_before bigint,
    on_hand_before bigint,
    allocated_before bigint,
    incoming_before bigint,
    absent_before boolean not null,
    tracking smallint not null,
    available bigint,
    on_hand bigint,
    allocated bigint,
    incoming bigint,
    absent boolean not null,
    primary key (account_id, source_id, sku, id)
){by_key};

-- For forgetting what is older than the time it is kept.
create index stock_history_by_age on stock_history (changed_at);
