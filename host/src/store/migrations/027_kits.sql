-- Articles that are put together of others; one row for each component.
create table kit_components (
    account_id {uuid} not null references accounts (id),
    kit_sku {sku} not null,
    sku {sku} not null,
    -- In millionths.
    quantity bigint not null,
    updated_at bigint not null,
    primary key (account_id, kit_sku, sku)
){by_key};

create index kit_components_by_component on kit_components (account_id, sku);
