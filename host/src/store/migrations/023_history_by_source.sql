-- For reading the changes of a whole source, newest first, and for forgetting what is more than is kept of it.
create index stock_history_by_source on stock_history (account_id, source_id, id);
