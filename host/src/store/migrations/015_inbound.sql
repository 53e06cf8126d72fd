-- What systems send by themselves, so that none of it is lost, and none of it done twice, whenever the daemon ends:
-- requests whose sender was told that they are kept, deliveries that are done, and syncs that are owed to them.
create table inbound_requests (
    account_id {uuid} not null,
    connection_id {uuid} not null,
    -- Later than those before, so that they are worked in the order they came.
    id {uuid} not null,
    -- The network of its sender, of which none may fill the queue alone; nothing where a proxy hides it.
    sender text,
    -- The request exactly as it came, as adapters are handed it.
    request {bytes} not null,
    bytes bigint not null,
    received_at bigint not null,
    -- How often the adapter could not take it, and when it is tried next.
    failures bigint not null,
    not_before bigint not null,
    primary key (account_id, connection_id, id),
    foreign key (account_id, connection_id) references connections (account_id, id) on delete cascade
);

create table inbound_events (
    account_id {uuid} not null,
    connection_id {uuid} not null,
    -- Of the sender's own id, which may be of any length.
    event_hash {bytes} not null,
    done_at bigint not null,
    primary key (account_id, connection_id, event_hash),
    foreign key (account_id, connection_id) references connections (account_id, id) on delete cascade
){by_key};

-- For forgetting those past their time.
create index inbound_events_by_age on inbound_events (done_at);

create table owed_syncs (
    account_id {uuid} not null,
    connection_id {uuid} not null,
    extent text not null,
    -- Of the newest hint that it is owed to: what was done before that one does not pay for it.
    mark {uuid} not null,
    primary key (account_id, connection_id, extent),
    foreign key (account_id, connection_id) references connections (account_id, id) on delete cascade
);
