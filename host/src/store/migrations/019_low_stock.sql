-- From when on stock is low: for an article at a source, an article, a source, or everything.
create table low_stock_thresholds (
    account_id {uuid} not null references accounts (id),
    -- Null is every source.
    source_id {uuid},
    -- Empty is every article.
    sku {sku} not null,
    threshold bigint not null,
    updated_at bigint not null,
    foreign key (account_id, source_id) references inventory_sources (account_id, id) on delete cascade
);

create unique index low_stock_thresholds_of_source on low_stock_thresholds (account_id, sku, source_id)
    where source_id is not null;
create unique index low_stock_thresholds_of_all on low_stock_thresholds (account_id, sku) where source_id is null;
