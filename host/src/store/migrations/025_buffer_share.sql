-- A buffer as a share of what can be sold, in hundredths of a percent; null where it is a number of units, in `buffer`.
alter table ship_from_locations add column buffer_share bigint;
