-- Which way stock goes between a source and its system, once an operator decides: `read`, `write`, `both` or `off`.
alter table inventory_sources add column direction text;
