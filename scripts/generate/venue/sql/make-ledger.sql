-- The ledger of the users: so many rows for each account, spread over its assets and the window, each the difference
-- between two balances, so that they add up. One holding in 500 changes at the very instant, one in 20 after it.
INSERT INTO ledger
WITH planned AS (
  SELECT
    *,
    greatest(getvariable('rows_per_account') // count(*) OVER (PARTITION BY number) + 1, 2) AS steps
  FROM made_cash
),
stepped AS (
  SELECT
    *,
    holding * 1024 + step AS key,
    getvariable('window_ns') // steps AS pace_ns,
    level(holding, opening_units, units, step - 1, steps) AS units_before,
    level(holding, opening_units, units, step, steps) AS units_after
  FROM planned, unnest(range(1, steps + if(chance('late', holding, 5), 2, 1))) AS stepping (step)
)
SELECT
  account,
  asset,
  amount(units_after - units_before, made_asset.step) AS amount,
  CASE
    WHEN stepped.step = 1 AND opening_units = 0 THEN 'deposit'
    WHEN stepped.step % 2 = 0 AND units_after < units_before THEN pick('loss', key, ['fee', 'fee', 'funding'])
    WHEN stepped.step % 2 = 0 THEN pick('gain', key, ['funding', 'realised', 'adjustment'])
    WHEN units_after < units_before THEN pick('out', key, ['trade', 'trade', 'withdrawal', 'transfer', 'realised'])
    ELSE pick('in', key, ['trade', 'trade', 'deposit', 'transfer', 'realised'])
  END AS kind,
  getvariable('instant_ns') + CASE
    WHEN stepped.step > steps THEN 1 + draw('late-time', key, 200000000000)
    WHEN stepped.step = steps AND draw('at-once', key, 500) = 0 THEN 0
    ELSE (stepped.step - 1) * pace_ns + draw('time', key, pace_ns) - getvariable('window_ns')
  END AS at_ns,
  'L' || lower(to_base(key, 36)) AS reference,
  amount(units_after, made_asset.step) AS balance_after
FROM stepped
JOIN made_account USING (number)
JOIN made_asset USING (asset_index)
WHERE units_after <> units_before
