-- Every change of stock that is sent to a system, written down before it is sent: what became of one whose answer was
-- lost is found out, and nothing is sent twice by accident.
create table stock_operations (
    account_id {uuid} not null references accounts (id),
    -- The operation id, the same on every retry of the same intent.
    id {sku} not null,
    source_id {uuid} not null,
    sku {sku} not null,
    -- Who wanted it.
    actor text not null,
    -- The operation in the words of the contract, as JSON.
    operation text not null,
    -- `pending`, `applied`, `accepted`, `rejected` or `unknown`.
    state text not null,
    -- Why it was rejected, or is unknown.
    reason text,
    -- How often its system was asked what became of it.
    look_ups bigint not null,
    -- When that is next due; none when nobody but a person can say.
    due_at bigint,
    made_at bigint not null,
    settled_at bigint,
    primary key (account_id, id),
    foreign key (account_id, source_id) references inventory_sources (account_id, id) on delete cascade
){by_key};

create index stock_operations_of_source on stock_operations (account_id, source_id, made_at, id);
create index stock_operations_of_level on stock_operations (account_id, source_id, sku, made_at);
create index stock_operations_due on stock_operations (due_at) where due_at is not null;
create index stock_operations_settled on stock_operations (settled_at) where settled_at is not null;
