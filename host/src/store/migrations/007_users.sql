-- People sign in to the console with a name and a password: users, the browsers they are signed in with, and the link
-- that makes the first of them.
create table users (
    account_id {uuid} not null references accounts (id),
    id {uuid} not null,
    -- As it is shown.
    name text not null,
    -- As it is compared, without case; looked up before the account is known, so unique over all accounts.
    name_key text not null unique,
    role text not null,
    -- A PHC string, which holds salt and parameters, so that these can be raised without asking anybody.
    password_hash text not null,
    created_at bigint not null,
    disabled_at bigint,
    last_seen_at bigint,
    primary key (account_id, id)
);

create table user_sessions (
    account_id {uuid} not null,
    user_id {uuid} not null,
    id {uuid} not null,
    -- Tokens are 32 random bytes, so a fast hash is safe; the token itself is in the browser's cookie and nowhere else.
    token_hash {bytes} not null unique,
    created_at bigint not null,
    last_seen_at bigint not null,
    address text,
    agent text not null,
    primary key (account_id, user_id, id),
    foreign key (account_id, user_id) references users (account_id, id) on delete cascade
);

-- Where a user has signed in: guesses at the name that come from elsewhere do not keep them out there. Longer than
-- sessions, which end overnight.
create table user_networks (
    account_id {uuid} not null,
    user_id {uuid} not null,
    network text not null,
    last_seen_at bigint not null,
    primary key (account_id, user_id, network),
    foreign key (account_id, user_id) references users (account_id, id) on delete cascade
);

-- At most one for each account, and none once it has a user.
create table set_up_tokens (
    account_id {uuid} not null primary key references accounts (id),
    token_hash {bytes} not null unique,
    created_at bigint not null
);
