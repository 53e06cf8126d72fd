-- What is to ship, as its senders hand it in. Lines lie apart from their orders, so that lists of orders stay small.
create table orders (
    account_id {uuid} not null references accounts (id),
    number {sku} not null,
    status text not null,
    -- None is the account's default location. Deliberately no reference: an order outlives the location it names, and
    -- then says so.
    ship_from_id {uuid},
    ordered_at bigint,
    -- When it was placed or, where nobody says, first stored: what lists are in the order of.
    sort_at bigint not null,
    -- The import that stored it; more rows of the same import are added to it instead of replacing it.
    import_id {uuid},
    updated_at bigint not null,
    version bigint not null,
    primary key (account_id, number)
){by_key};

create index orders_by_age on orders (account_id, sort_at, number);
create index orders_by_status on orders (account_id, status, sort_at, number);
create index orders_by_ship_from_location on orders (account_id, ship_from_id, sort_at, number);

create table order_lines (
    account_id {uuid} not null,
    order_number {sku} not null,
    line bigint not null,
    sku text,
    name text,
    quantity bigint not null,
    -- `goods`, `unreadable`, or why it is not goods.
    kind text not null,
    -- Why it is unreadable.
    note text,
    primary key (account_id, order_number, line),
    foreign key (account_id, order_number) references orders (account_id, number) on delete cascade
){by_key};
