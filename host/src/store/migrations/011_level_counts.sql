-- How many levels are stored of each source, for pages: to count a million rows takes longer than one may take.
alter table inventory_sources add column levels bigint not null default 0;
update inventory_sources set levels = (select count(*) from stock_levels
    where stock_levels.account_id = inventory_sources.account_id and stock_levels.source_id = inventory_sources.id);
