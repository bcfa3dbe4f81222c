-- The source `marks`: a row every five minutes in the running series, the last of them a quarter of a minute old; one row
-- for each settlement price.
CREATE TABLE marks AS
WITH running AS (
  SELECT *, 0.00000001::DECIMAL(18, 18) AS step, hash(instrument, kind) % 1000000 * 64 + turn + 32 AS key
  FROM made_series, range(-12, 2) AS turns (turn)
  WHERE at_ns IS NULL
)
SELECT
  instrument,
  kind,
  amount(if(turn = 0, price_e8, price_e8 * draw_between('mark', key, 990, 1010) // 1000), step) AS price,
  price_asset,
  getvariable('instant_ns') + turn * 300000000000 - 15000000000 AS at_ns
FROM running
UNION ALL
SELECT instrument, kind, amount(price_e8, 0.00000001::DECIMAL(18, 18)), price_asset, at_ns
FROM made_series
WHERE at_ns IS NOT NULL
