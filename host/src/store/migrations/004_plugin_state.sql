-- What adapters keep. Keys are bytes, so that both engines order them alike and take whatever an adapter writes.
create table plugin_state (
    account_id {uuid} not null,
    connection_id {uuid} not null,
    key {bytes} not null,
    value {bytes} not null,
    -- The number of the commit that wrote it: it grows with every write, also across a deletion.
    version bigint not null,
    primary key (account_id, connection_id, key)
){by_key};

-- One row per connection; updating it first makes the commits of a connection take turns.
create table plugin_state_commits (
    account_id {uuid} not null,
    connection_id {uuid} not null,
    version bigint not null,
    primary key (account_id, connection_id)
);
