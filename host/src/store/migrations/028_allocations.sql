-- What is promised to orders: an order's goods at a built-in warehouse, all of them or none, and how far that is.
create table allocations (
    account_id {uuid} not null references accounts (id),
    -- Deliberately no reference: what is promised has to be taken back also when the order is gone.
    order_number {sku} not null,
    sku {sku} not null,
    source_id {uuid} not null,
    quantity bigint not null,
    -- `reserving`, `reserved`, `releasing`, `shipping` or `shipped`.
    state text not null,
    -- The operation that brings it there, sent again under the same id until it is known what became of it.
    operation_id text not null,
    -- The version of the order that it is in line with.
    order_version bigint not null,
    primary key (account_id, order_number, sku),
    foreign key (account_id, source_id) references inventory_sources (account_id, id) on delete cascade
){by_key};

-- Those that are not done with.
create index allocations_live on allocations (account_id, state, order_number) where state <> 'shipped';

-- Whether orders are promised their goods by themselves (`automatic`) or when somebody says so (`manual`).
alter table ship_from_locations add column allocation text not null default 'manual';
-- Who lets the order ship without its goods being promised; nothing is deducted for it.
alter table orders add column overridden_by text;
