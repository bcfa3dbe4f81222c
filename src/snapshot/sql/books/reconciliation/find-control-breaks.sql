-- All accounts together must be the platform's control account of each asset: by what is stated, or by the ledger
-- where nothing is.
INSERT INTO book_break
WITH held AS (
  SELECT asset_index, sum(if(getvariable('balances_are_stated'), stated, recorded)) AS amount
  FROM book_amount
  GROUP BY asset_index
)
SELECT
  if(control_balance.amount IS NULL, 'control-missing', 'control-differs') AS kind,
  NULL AS account,
  asset_index,
  NULL AS instrument,
  coalesce(control_balance.amount, 0) AS expected,
  coalesce(held.amount, 0) AS found,
  coalesce(held.amount, 0) - coalesce(control_balance.amount, 0) AS difference,
  NULL AS first_differing
FROM held
FULL JOIN control_balance USING (asset_index)
WHERE coalesce(held.amount, 0) <> coalesce(control_balance.amount, 0)
