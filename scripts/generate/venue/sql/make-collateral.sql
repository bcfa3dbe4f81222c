-- The source `collateral`: one holding in twenty has collateral beside it; what an account received is at most a twentieth.
CREATE TABLE collateral AS
WITH pledged AS (
  SELECT *, pick('direction', holding, ['posted', 'posted', 'received']) AS direction
  FROM made_cash
  WHERE chance('collateral', holding, 5) AND units >= 100
)
SELECT
  account,
  asset,
  amount(
    units * if(
      direction = 'posted',
      draw_between('posted', holding, 10, 100),
      draw_between('received', holding, 1, 5)
    ) // 100,
    step
  ) AS amount,
  direction,
  chance('collateral-in-cash', holding, 40) AS in_cash,
  'C' || lower(to_base(holding, 36)) AS reference,
  getvariable('instant_ns') - draw('collateral-time', holding, getvariable('window_ns')) AS at_ns
FROM pledged
JOIN made_account USING (number)
JOIN made_asset USING (asset_index)
