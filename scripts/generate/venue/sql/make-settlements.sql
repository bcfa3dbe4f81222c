-- The source `settlements`: in 6 % of the holdings up to a twentieth of the cash is on its way, and some of it is in cash
-- already; three isolated positions in ten owe funding.
CREATE TABLE settlements AS
WITH moving AS (
  SELECT *, pick('settlement', holding, ['withdrawal', 'deposit', 'realised', 'funding']) AS kind
  FROM made_cash
  WHERE chance('settling', holding, 6) AND units >= 100
)
SELECT
  account,
  asset,
  kind,
  amount(
    units * draw_between('settling-share', holding, 1, 5) // 100
    * if(kind = 'withdrawal' OR (kind <> 'deposit' AND chance('settling-loss', holding, 50)), -1, 1),
    step
  ) AS amount,
  chance('settled', holding, 40) AS in_cash,
  'S' || lower(to_base(holding, 36)) AS reference,
  NULL AS position_id,
  getvariable('instant_ns') - draw('settling-time', holding, 86400000000000) AS at_ns
FROM moving
JOIN made_account USING (number)
JOIN made_asset USING (asset_index)
UNION ALL
SELECT
  account,
  settlement_asset,
  'funding',
  amount(-1, step),
  false,
  'F-' || position_id,
  position_id,
  getvariable('instant_ns') - 1000000000
FROM positions
JOIN instruments USING (instrument)
JOIN made_asset ON asset = settlement_asset
WHERE
  margin_mode = 'isolated'
  AND at_ns <= getvariable('instant_ns')
  AND chance('isolated-funding', hash(position_id), 30)
