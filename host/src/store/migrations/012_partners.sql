-- A partner whose system pushes: its connection is made by its first push, and watched for silence.
alter table connections add column partner text;
alter table connections add column pushed_at bigint;
create unique index connections_by_partner on connections (account_id, partner) where partner is not null;
