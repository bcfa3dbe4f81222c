-- The same venue a day earlier: what of its sources is of an instant is made again for that one.

-- section: earlier

-- name: create-earlier-permille
-- What a price was a day before, in thousandths of what it is: coins moved together with what is on them, dollars did not.
CREATE MACRO earlier_permille(asset, key) AS
  CASE asset
    WHEN 'BTC' THEN 976
    WHEN 'ETH' THEN 969
    WHEN 'USDT' THEN 1000
    WHEN 'USDC' THEN 1000
    ELSE draw_between('earlier', key, 960, 1040)
  END

-- name: add-earlier-prices
-- Two prices of every asset before the earlier instant.
INSERT INTO prices
SELECT
  asset,
  amount(price_e12 * earlier_permille(asset, asset_index) // 1000, 0.000000000001::DECIMAL(18, 18)) AS price,
  getvariable('earlier_ns') - 30000000000 + asset_index * 1000001 AS at_ns
FROM made_asset

-- name: add-prices-between
-- One price every five minutes on the line from the earlier one up to the last hour, which has its own.
INSERT INTO prices
SELECT
  asset,
  amount(
    price_e12 * (earlier_permille(asset, asset_index) * (288 - turn) + 1000 * turn) // 288000,
    0.000000000001::DECIMAL(18, 18)
  ) AS price,
  getvariable('earlier_ns') + turn * 300000000000 - 30000000000 + asset_index * 1000001 AS at_ns
FROM made_asset, range(1, 276) AS turns (turn)

-- name: add-earlier-marks
-- The marks of a day before. Options had none then: their model prices follow from forward and volatility.
INSERT INTO marks
SELECT
  instrument,
  series.kind,
  amount(
    price_e8 * if(series.kind = 'volatility', 1030, earlier_permille(underlying, 0)) // 1000,
    0.00000001::DECIMAL(18, 18)
  ) AS price,
  price_asset,
  getvariable('earlier_ns') - 15000000000 AS at_ns
FROM made_series AS series
JOIN made_instrument USING (instrument)
WHERE series.at_ns IS NULL AND NOT (made_instrument.kind = 'option' AND series.kind = 'mark')

-- name: add-marks-between
-- The same of the running series.
INSERT INTO marks
SELECT
  instrument,
  series.kind,
  amount(
    price_e8 * (if(series.kind = 'volatility', 1030, earlier_permille(underlying, 0)) * (288 - turn) + 1000 * turn) // 288000,
    0.00000001::DECIMAL(18, 18)
  ) AS price,
  price_asset,
  getvariable('earlier_ns') + turn * 300000000000 - 15000000000 AS at_ns
FROM made_series AS series
JOIN made_instrument USING (instrument), range(1, 276) AS turns (turn)
WHERE series.at_ns IS NULL AND NOT (made_instrument.kind = 'option' AND series.kind = 'mark')

-- name: make-earlier-balances
-- What every account had by opening and ledger.
CREATE TABLE balances_earlier AS
SELECT account, asset, sum(amount)::DECIMAL(38, 18) AS amount
FROM (
  SELECT account, asset, amount FROM opening
  UNION ALL
  SELECT account, asset, amount FROM ledger WHERE at_ns <= getvariable('earlier_ns')
)
GROUP BY account, asset

-- name: make-earlier-control
-- What all of them had.
CREATE TABLE control_earlier AS
SELECT asset, sum(amount)::DECIMAL(38, 18) AS amount
FROM balances_earlier
GROUP BY asset

-- name: make-earlier-positions
-- The users' positions that were open already, one in five of them smaller than now; and the desk's, which are the other
-- side of those in netted instruments.
CREATE TABLE positions_earlier AS
WITH opened AS (
  SELECT * REPLACE (
    if(
      chance('grown', hash(position_id), 20) AND quantity_step_e4 = 10000,
      (sign(quantity) * ceil(abs(quantity) / 2))::DECIMAL(38, 18),
      quantity
    ) AS quantity
  )
  FROM (SELECT positions.*, quantity_step_e4 FROM positions JOIN made_instrument USING (instrument))
  WHERE at_ns <= getvariable('earlier_ns') AND account <> 'platform-desk'
)
SELECT * EXCLUDE (quantity_step_e4) FROM opened
UNION ALL
SELECT
  'platform-desk' AS account,
  'desk-' || instrument AS position_id,
  instrument,
  -sum(quantity) AS quantity,
  amount(any_value(entry_e8), 0.00000001::DECIMAL(18, 18)) AS entry_price,
  'cross' AS margin_mode,
  NULL AS margin,
  false AS margin_outside_cash,
  getvariable('earlier_ns') - 1000000000 AS at_ns
FROM opened
JOIN made_instrument USING (instrument)
WHERE netted
GROUP BY instrument
