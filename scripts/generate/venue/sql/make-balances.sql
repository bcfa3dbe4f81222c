-- The source `balances`, as the venue's wallet system states them: all of it, or without what open orders hold.
CREATE TABLE balances AS
WITH held AS (
  SELECT account, asset, sum(reserved) AS reserved
  FROM orders
  WHERE getvariable('cash') = 'balances-available' AND at_ns <= getvariable('instant_ns')
  GROUP BY account, asset
)
SELECT account, asset, (amount - coalesce(reserved, 0))::DECIMAL(38, 18) AS amount
FROM made_total
LEFT JOIN held USING (account, asset)
