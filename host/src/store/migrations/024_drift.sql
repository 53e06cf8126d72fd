-- What full listings found different from what was held: each listing of a source but its first, and the largest of its
-- differences. Quantities are millionths of a unit.
create table drift_runs (
    account_id {uuid} not null,
    source_id {uuid} not null,
    sync_id {uuid} not null,
    started_at bigint not null,
    finished_at bigint,
    compared bigint not null,
    differing bigint not null,
    total bigint not null,
    largest bigint not null,
    -- Milliseconds.
    longest bigint not null,
    -- Whether it reached the source's threshold.
    high boolean not null,
    primary key (account_id, source_id, sync_id),
    foreign key (account_id, source_id) references inventory_sources (account_id, id) on delete cascade
){by_key};

create index drift_runs_by_age on drift_runs (started_at);

create table drift_items (
    account_id {uuid} not null,
    source_id {uuid} not null,
    sync_id {uuid} not null,
    sku {sku} not null,
    -- What could be sold; null is no number.
    held bigint,
    found bigint,
    -- Between the two; zero where one of them is no number.
    distance bigint not null,
    -- The last time that what was held was confirmed.
    since bigint not null,
    primary key (account_id, source_id, sync_id, sku),
    foreign key (account_id, source_id, sync_id) references drift_runs (account_id, source_id, sync_id)
        on delete cascade
){by_key};

-- From when on drift is high.
create table drift_thresholds (
    account_id {uuid} not null,
    source_id {uuid} not null,
    -- Millionths of a percent of what was compared.
    percent bigint,
    -- So many levels.
    differing bigint,
    primary key (account_id, source_id),
    foreign key (account_id, source_id) references inventory_sources (account_id, id) on delete cascade
){by_key};
