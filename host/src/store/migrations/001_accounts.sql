-- Every row belongs to an account, and an account is known by its credential: these two tables come first.
create table accounts (
    id {uuid} not null primary key,
    name text not null unique,
    created_at bigint not null
);

create table api_keys (
    account_id {uuid} not null references accounts (id),
    id {uuid} not null,
    -- The public half; looked up before the account is known, so unique over all accounts.
    key text not null unique,
    name text not null,
    role text not null,
    partner text,
    -- Secrets are 32 random bytes, so a fast hash is safe; the secret itself is shown once and never stored.
    secret_hash {bytes} not null,
    -- After a regeneration the old secret works until its grace period ends.
    previous_hash {bytes},
    previous_until bigint,
    created_at bigint not null,
    last_used_at bigint,
    expires_at bigint,
    revoked_at bigint,
    primary key (account_id, id)
);
