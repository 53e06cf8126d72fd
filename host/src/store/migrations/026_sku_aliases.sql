-- What an article of ours is called at a source: `ours` of ours are `theirs` of the source's.
create table sku_aliases (
    account_id {uuid} not null references accounts (id),
    source_id {uuid} not null,
    sku {sku} not null,
    source_sku {sku} not null,
    ours bigint not null,
    theirs bigint not null,
    updated_at bigint not null,
    primary key (account_id, source_id, sku),
    foreign key (account_id, source_id) references inventory_sources (account_id, id) on delete cascade
){by_key};

-- Grows with every change of the account's aliases and kits, so that what is kept of them in memory is known to be old.
create table article_revisions (
    account_id {uuid} not null primary key references accounts (id),
    revision bigint not null
);
