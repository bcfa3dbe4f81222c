-- A row of the ledger with others before and behind it, of an account without an opening balance: what most plants are
-- about.
CREATE TEMP TABLE plant_row AS
WITH placed AS (
  SELECT
    *,
    row_number() OVER (PARTITION BY account, asset ORDER BY at_ns) AS place,
    count(*) OVER (PARTITION BY account, asset) AS places
  FROM ledger
  WHERE at_ns <= getvariable('instant_ns') AND starts_with(account, 'A')
)
SELECT account, asset, reference
FROM placed
ANTI JOIN opening USING (account)
WHERE place = 3 AND places > 4
ORDER BY reference
LIMIT 1
