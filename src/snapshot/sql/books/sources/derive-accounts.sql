-- Where no source lists accounts, every account that the books name is a user of its own.
INSERT INTO book_account
SELECT account, account, 'user'
FROM (
  SELECT account FROM stated_balance
  UNION
  SELECT account FROM opening_balance
  UNION
  SELECT account FROM ledger_sum
  UNION
  SELECT account FROM open_order
  UNION
  SELECT account FROM open_position
  UNION
  SELECT account FROM settlement
  UNION
  SELECT account FROM collateral
  UNION
  SELECT account FROM loan
)
