-- Webhooks: who is told over HTTP of what happens, and what each is still to be told.
create table webhooks (
    account_id {uuid} not null references accounts (id),
    id {uuid} not null,
    name text not null,
    url text not null,
    -- What it wants to be told: JSON lists, of which an empty one lets everything through.
    types text not null,
    sources text not null,
    skus text not null,
    enabled boolean not null,
    -- Since when its receiver says that it is gone for good.
    gone_at bigint,
    -- When the log had last forgotten something before this webhook had read it.
    missed_at bigint,
    -- Up to where it has read the account's log.
    position bigint not null,
    -- Sealed; the one before signs as well for a while.
    secret {bytes} not null,
    previous_secret {bytes},
    previous_until bigint,
    -- The last attempts that went well and that failed.
    delivered_at bigint,
    failed_at bigint,
    failed_status bigint,
    failed_error text,
    version bigint not null,
    created_at bigint not null,
    primary key (account_id, id)
);

-- What is still to be delivered, what could not be, and the last few that were.
create table webhook_deliveries (
    account_id {uuid} not null,
    webhook_id {uuid} not null,
    event_id bigint not null,
    type text not null,
    -- What is sent, byte for byte; empty once it is delivered.
    body text not null,
    state text not null,
    -- When it is tried next; for what is not tried any more, when that was decided.
    due_at bigint not null,
    attempts bigint not null,
    made_at bigint not null,
    last_at bigint,
    last_status bigint,
    last_error text,
    last_ms bigint,
    primary key (account_id, webhook_id, event_id),
    foreign key (account_id, webhook_id) references webhooks (account_id, id) on delete cascade
);

-- For what is due, and for forgetting what is old.
create index webhook_deliveries_by_state on webhook_deliveries (account_id, webhook_id, state, due_at);
