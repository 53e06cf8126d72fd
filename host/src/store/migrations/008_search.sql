-- Finding orders by what somebody types, without looking at each.

-- By the beginning of a number, in whatever letters. Both engines fold ASCII only.
create index orders_by_folded_number on orders (account_id, lower(number));

-- By an article on a line.
create index order_lines_by_sku on order_lines (account_id, sku, order_number);
