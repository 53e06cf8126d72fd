-- What tools that speak ShipStation's APIs need beside ours: whole numbers as ids, and orders exactly as they were sent.
create table shipstation_numbers (
    account_id {uuid} not null references accounts (id),
    kind text not null,
    -- Our own id of the thing. Deliberately no reference: a number that was given away is never given to another thing.
    thing {sku} not null,
    number bigint not null,
    made_at bigint not null,
    changed_at bigint not null,
    -- JSON: what was sent of it and has no place of its own.
    document text,
    primary key (account_id, kind, thing),
    unique (account_id, kind, number)
){by_key};

create table shipstation_orders (
    account_id {uuid} not null,
    order_number {sku} not null,
    -- What its sender calls it; orders are sent again under the same key.
    order_key {sku} not null,
    -- The status in ShipStation's words, which are more than ours, and the one of ours that it stood for.
    status text not null,
    stands_for text not null,
    store_id bigint,
    -- Names and address of the customer in small letters, for searching.
    customer text not null,
    created_at bigint not null,
    paid_at bigint,
    -- When an order that is on hold goes on by itself.
    hold_until bigint,
    -- The order as it was sent, as JSON.
    document text not null,
    primary key (account_id, order_number),
    unique (account_id, order_key),
    foreign key (account_id, order_number) references orders (account_id, number) on delete cascade
){by_key};

create index shipstation_orders_on_hold on shipstation_orders (hold_until) where hold_until is not null;
