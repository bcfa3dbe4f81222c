-- The accounts under water: those whose equity, each asset at its collateral price, is worth less than their debt at
-- the full price: Σ p·equity < Σ q·debt, in exact integers. A product of two 64-bit integers takes 128 bits and a
-- sum more, so prices are split at 32 bits: net = high · 2^32 + low, and net < 0 just where high + floor(low / 2^32) < 0.
CREATE TABLE underwater_account AS
WITH net AS (
  SELECT
    user_id,
    list(line ORDER BY line) AS lines,
    sum(
      equity_units::HUGEINT * (collateral_price >> 32) - debt_units::HUGEINT * (full_price >> 32)
    ) AS high,
    sum(
      equity_units::HUGEINT * (collateral_price & 4294967295) - debt_units::HUGEINT * (full_price & 4294967295)
    ) AS low
  FROM holding
  JOIN asset USING (asset_index)
  WHERE user_id IN (SELECT user_id FROM holding WHERE debt_units > 0)
  GROUP BY user_id
)
SELECT user_id, lines
FROM net
WHERE high + if(low >= 0, low // 4294967296, -((4294967295 - low) // 4294967296)) < 0
