-- Stock takes: what was counted at a source, beside what was held then.
create table stock_takes (
    account_id {uuid} not null references accounts (id),
    id {uuid} not null,
    source_id {uuid} not null,
    note text,
    -- `open`, `committing`, `committed` or `cancelled`.
    state text not null,
    started_by text not null,
    started_at bigint not null,
    closed_by text,
    closed_at bigint,
    primary key (account_id, id),
    foreign key (account_id, source_id) references inventory_sources (account_id, id) on delete cascade
){by_key};

-- Two at once would each take the other's differences for their own.
create unique index stock_takes_under_way on stock_takes (account_id, source_id)
    where state in ('open', 'committing');

create table stock_take_counts (
    account_id {uuid} not null,
    take_id {uuid} not null,
    sku {sku} not null,
    -- The system's own id of the place within the source; empty for the source itself.
    place {sku} not null,
    -- The operation that a commit sends.
    operation_id {sku} not null,
    -- In millionths.
    counted bigint not null,
    held bigint not null,
    counted_at bigint not null,
    counted_by text not null,
    -- What became of the operation, and why.
    state text,
    reason text,
    primary key (account_id, take_id, sku, place),
    foreign key (account_id, take_id) references stock_takes (account_id, id) on delete cascade
){by_key};
