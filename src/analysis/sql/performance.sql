-- The return of every account between two snapshots, in the quote currency. Returns are ratios, and floating point.

-- name: create-slot-price
-- The price of every asset in every part of the period: the last one up to its end, and the opening price before any.
CREATE TABLE slot_price AS
WITH slot AS (
  SELECT asset_id, symbol, opening_price, slot, getvariable('from_ns') + (slot + 1) * getvariable('slot_ns') AS ends_ns
  FROM attributed_asset, range(1024) AS slots (slot)
), point AS (
  SELECT symbol, at_ns, price::DOUBLE AS price
  FROM asset_price
  JOIN book_asset USING (asset_index)
  WHERE at_ns > getvariable('from_ns') AND at_ns <= getvariable('to_ns')
)
SELECT asset_id, slot, coalesce(price, opening_price) AS price
FROM slot
ASOF LEFT JOIN point ON slot.symbol = point.symbol AND ends_ns >= at_ns

-- name: create-external-flow
-- What came into and left every account from outside, by part of the period and with the share of the period that was still
-- to come. What no ledger row has, like collateral that lies elsewhere, is taken to have come in the middle.
CREATE TABLE external_flow AS
WITH flow AS (
  SELECT account, asset_id, slot, amount::DOUBLE AS amount
  FROM ledger_period
  JOIN attributed_asset ON symbol = asset
  WHERE state = 0 AND slot IS NOT NULL
  UNION ALL
  SELECT account, asset_id, 511::BIGINT AS slot, (deposit + withdrawal + transfer)::DOUBLE / pow(10, decimals) AS amount
  FROM balance_change
  JOIN attributed_asset USING (asset_id)
  WHERE deposit <> 0 OR withdrawal <> 0 OR transfer <> 0
)
SELECT
  account,
  1 - (slot + 0.5) * getvariable('slot_ns')::DOUBLE / (getvariable('to_ns') - getvariable('from_ns')) AS weight,
  sum(amount * price) AS flow
FROM flow
JOIN slot_price USING (asset_id, slot)
GROUP BY account, slot
HAVING flow <> 0

-- name: create-performance
-- Values, flows and returns of every account. time_weighted is the return of Modified Dietz, to be multiplied with those of
-- the periods before and after; money_weighted solves opening · (1 + r) + Σ flow · (1 + r)^weight = closing by Newton's
-- method. Null where what was invested is not above 0.
CREATE TABLE performance AS
WITH worth AS (
  SELECT
    account,
    sum(quote_amount(opening, opening_price, decimals))::DOUBLE AS opening,
    sum(quote_amount(closing, closing_price, decimals))::DOUBLE AS closing
  FROM attribution
  JOIN attributed_asset USING (asset_id)
  GROUP BY account
), flowed AS (
  SELECT account, sum(flow) AS net, sum(flow * weight) AS weighted, list(flow) AS flows, list(weight) AS weights
  FROM external_flow
  GROUP BY account
), dietz AS (
  SELECT
    account,
    opening,
    closing,
    coalesce(net, 0) AS net_flow,
    closing - opening - coalesce(net, 0) AS result,
    if(opening + coalesce(weighted, 0) > 0, result / (opening + coalesce(weighted, 0)), NULL) AS time_weighted,
    flows,
    weights
  FROM worth
  LEFT JOIN flowed USING (account)
), solved AS (
  SELECT
    *,
    CASE
      WHEN time_weighted IS NULL OR flows IS NULL THEN time_weighted
      WHEN time_weighted <= -0.99 THEN NULL
      ELSE list_reduce(
        list_prepend(time_weighted, range(12)::DOUBLE[]),
        lambda r, i: greatest(
          r - (opening * (1 + r) - closing + list_sum(list_transform(list_zip(flows, weights), lambda f: f[1] * pow(1 + r, f[2]))))
          / nullif(opening + list_sum(list_transform(list_zip(flows, weights), lambda f: f[1] * f[2] * pow(1 + r, f[2] - 1))), 0),
          -0.999999
        )
      )
    END AS rate
  FROM dietz
), checked AS (
  SELECT
    *,
    abs(opening * (1 + rate) - closing + coalesce(
      list_sum(list_transform(list_zip(flows, weights), lambda f: f[1] * pow(1 + rate, f[2]))),
      0::DOUBLE
    )) AS miss
  FROM solved
)
SELECT
  account,
  round(opening, 6)::DECIMAL(38, 6) AS opening_value,
  round(closing, 6)::DECIMAL(38, 6) AS closing_value,
  round(net_flow, 6)::DECIMAL(38, 6) AS net_flow,
  round(result, 6)::DECIMAL(38, 6) AS result,
  time_weighted,
  if(miss <= 1e-9 * (abs(opening) + abs(closing) + abs(net_flow) + 1), rate, NULL) AS money_weighted
FROM checked
ORDER BY account

-- name: write-performance
-- performance.parquet, by account.
COPY performance TO (getvariable('out_path')) (FORMAT parquet, COMPRESSION zstd)

-- name: write-performance-csv
-- performance.csv: the same rows.
COPY (
  SELECT * REPLACE (cell_text(account) AS account)
  FROM performance
) TO (getvariable('out_path')) (FORMAT csv, HEADER true, DELIMITER ',', QUOTE '"', ESCAPE '"')

-- name: select-performance-summary
-- How many accounts have a return, and how they are spread.
SELECT
  count(*) AS accounts,
  count(time_weighted) AS with_return,
  count_if(result > 0) AS gained,
  count_if(result < 0) AS lost,
  quantile_cont(time_weighted, 0.1) AS tenth,
  quantile_cont(time_weighted, 0.5) AS half,
  quantile_cont(time_weighted, 0.9) AS ninetieth,
  sum(result)::VARCHAR AS result,
  sum(net_flow)::VARCHAR AS net_flow
FROM performance

-- name: select-account-performance
-- One account.
SELECT * REPLACE (opening_value::VARCHAR AS opening_value, closing_value::VARCHAR AS closing_value, net_flow::VARCHAR AS net_flow, result::VARCHAR AS result)
FROM performance
WHERE account = getvariable('account')
