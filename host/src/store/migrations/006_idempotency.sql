-- A client that did not see the answer to a write sends it again under the same idempotency key, and gets the answer
-- that was given instead of a second write.
create table idempotency_keys (
    account_id {uuid} not null references accounts (id),
    -- Keys are the client's own, so two clients may well use the same one.
    api_key_id {uuid} not null,
    idempotency_key text not null,
    -- Of method, path and body: the same key for something else is a fault of the client.
    request_hash {bytes} not null,
    -- Whose run this is; one that was given up must not answer for the one that took over.
    run_id {uuid} not null,
    claimed_at bigint not null,
    -- Nothing as long as the request is being worked on.
    status smallint,
    headers text,
    -- Nothing also when the answer held a secret.
    body {bytes},
    primary key (account_id, api_key_id, idempotency_key)
);

-- For forgetting those that are past their time.
create index idempotency_keys_by_age on idempotency_keys (claimed_at);
