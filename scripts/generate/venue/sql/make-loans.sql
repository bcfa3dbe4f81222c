-- The source `loans`: one account in eight owes up to 30 % of its capacity in one of four assets, with interest that has
-- more decimals than the unit; one isolated position in five has borrowed half of its margin.
CREATE TABLE loans AS
WITH lent AS (
  SELECT
    *,
    units_of(capacity_micros * draw_between('borrowed', number, 3, 30) // 100, decimals, price_e12) AS units
  FROM made_capacity
  JOIN made_asset ON asset_index = draw('borrowed-asset', number, 4)
  WHERE chance('borrower', number, 12)
)
SELECT
  account,
  'N' || lower(to_base(number, 36)) AS loan_id,
  asset,
  amount(units, step) AS principal,
  amount(least(draw('interest', number, 400000), units), 0.0000000001::DECIMAL(18, 18)) AS interest,
  'all assets of the account' AS secured_by,
  NULL AS position_id,
  getvariable('instant_ns') - draw('loan-time', number, getvariable('window_ns')) AS at_ns
FROM lent
WHERE units > 0
UNION ALL
SELECT
  account,
  'M-' || position_id,
  settlement_asset,
  (margin * 0.5)::DECIMAL(38, 18),
  0::DECIMAL(38, 18),
  position_id,
  position_id,
  getvariable('instant_ns') - 1000000000
FROM positions
JOIN instruments USING (instrument)
WHERE
  margin_mode = 'isolated'
  AND at_ns <= getvariable('instant_ns')
  AND chance('isolated-loan', hash(position_id), 20)
