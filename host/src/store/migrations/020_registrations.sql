-- Partners that registered themselves, so that they are asked: what such a partner calls itself, in small letters, by
-- which whoever registers again has the same connection. Of a partner that pushes too, that is another connection.
alter table connections add column registered_as text;

create unique index connections_by_registration on connections (account_id, registered_as) where registered_as is not null;
drop index connections_by_partner;
create unique index connections_by_partner on connections (account_id, partner)
    where partner is not null and registered_as is null;
