-- The answer on an order that programs were told last, so that they are told when it is another one.
alter table orders add column told_verdict text;
