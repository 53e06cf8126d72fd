-- Partners that registered themselves: which connection each has, so that whoever registers again has the same one.
create table registrations (
    account_id {uuid} not null,
    -- What the partner calls itself, in small letters.
    api_code text not null,
    connection_id {uuid} not null,
    primary key (account_id, api_code),
    foreign key (account_id, connection_id) references connections (account_id, id) on delete cascade
);
