-- From a configured adapter to the place an order ships from: connections, their secrets and sync runs, the
-- inventory sources they offer, and the ship-from locations linked to those.
create table connections (
    account_id {uuid} not null references accounts (id),
    id {uuid} not null,
    name text not null,
    adapter text not null,
    -- JSON, as the adapter's schema describes it; secrets are not in here.
    settings text not null,
    origin text not null,
    paused boolean not null,
    allow_private_network boolean not null,
    sync_interval_secs bigint,
    created_at bigint not null,
    updated_at bigint not null,
    version bigint not null,
    primary key (account_id, id),
    unique (account_id, name)
);

-- Apart from the settings, so that no query for a connection can bring a secret along.
create table connection_secrets (
    account_id {uuid} not null,
    connection_id {uuid} not null,
    name text not null,
    sealed {bytes} not null,
    primary key (account_id, connection_id, name),
    foreign key (account_id, connection_id) references connections (account_id, id) on delete cascade
);

create table inventory_sources (
    account_id {uuid} not null,
    id {uuid} not null,
    connection_id {uuid} not null,
    -- The adapter's own id of the place.
    location_id text not null,
    name text not null,
    kind text not null,
    active boolean not null,
    sellable boolean not null,
    included boolean not null,
    max_age_secs bigint,
    -- Start of the last listing that was complete; before it, a SKU not named is unknown.
    listed_at bigint,
    -- The newest confirmation of any of its levels.
    as_of bigint,
    created_at bigint not null,
    primary key (account_id, id),
    unique (account_id, connection_id, location_id),
    foreign key (account_id, connection_id) references connections (account_id, id)
);

create table ship_from_locations (
    account_id {uuid} not null references accounts (id),
    id {uuid} not null,
    name text not null,
    address text,
    is_default boolean not null,
    policy text not null,
    buffer bigint not null,
    -- At most one source each; one source may serve many.
    source_id {uuid},
    version bigint not null,
    created_at bigint not null,
    primary key (account_id, id),
    unique (account_id, name),
    foreign key (account_id, source_id) references inventory_sources (account_id, id)
);

create unique index one_default_ship_from_location on ship_from_locations (account_id) where is_default;

create table sync_runs (
    account_id {uuid} not null,
    connection_id {uuid} not null,
    id {uuid} not null,
    kind text not null,
    state text not null,
    -- Where a listing goes on after a restart.
    cursor text,
    -- Up to where changes are known once this run's levels are stored.
    checkpoint text,
    pages bigint not null,
    levels bigint not null,
    error text,
    started_at bigint not null,
    updated_at bigint not null,
    finished_at bigint,
    primary key (account_id, connection_id, id),
    foreign key (account_id, connection_id) references connections (account_id, id) on delete cascade
);
