-- Seconds from one full listing of a connection to the next, where it is not the installation's default.
alter table connections add column reconcile_secs bigint;
