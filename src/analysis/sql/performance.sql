-- The return of every account between two snapshots, in the quote currency. Returns are ratios, and floating point.

-- name: create-slot-price
-- The price of every asset in every part of the period: the last one up to the part's end, and the opening price before
-- any. is_fresh says that it is no older than the books permit.
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
SELECT
  asset_id,
  slot.symbol,
  slot,
  coalesce(price, opening_price) AS price,
  slot.symbol = getvariable('quote') OR coalesce(at_ns >= ends_ns - getvariable('slot_ns') - max_age_ns, false) AS is_fresh
FROM slot
LEFT JOIN price_age USING (symbol)
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

-- name: create-account-worth
-- What every account was worth at both ends.
CREATE TABLE account_worth AS
SELECT
  account,
  sum(quote_amount(opening, opening_price, decimals))::DOUBLE AS opening,
  sum(quote_amount(closing, closing_price, decimals))::DOUBLE AS closing
FROM attribution
JOIN attributed_asset USING (asset_id)
GROUP BY account

-- name: create-price-age
-- How old a price of an asset may be.
CREATE TABLE price_age (
  symbol VARCHAR NOT NULL,
  max_age_ns BIGINT NOT NULL
)

-- section: sub-periods

-- name: create-flowing-account
-- The accounts that something came into or left by the ledger, and whose value is known at all times between. Their
-- positions are the same at both ends, and nothing else of theirs changed that is not in the ledger.
CREATE TABLE flowing_account AS
WITH changed AS (
  SELECT account
  FROM balance_change
  WHERE deposit <> 0 OR withdrawal <> 0 OR transfer <> 0 OR trade <> 0 OR funding <> 0 OR interest <> 0 OR settlement <> 0
  UNION ALL
  SELECT account
  FROM position_change
  LEFT JOIN instrument_move AS move ON move.instrument = position_change.instrument
  WHERE NOT is_held OR move.instrument IS NULL OR is_gone OR is_changed
)
SELECT DISTINCT account
FROM ledger_period
ANTI JOIN house_account USING (account)
ANTI JOIN changed USING (account)
WHERE state = 0 AND slot IS NOT NULL

-- name: create-flow-slot
-- The parts of the period in which something came from outside, by account.
CREATE TABLE flow_slot AS
SELECT DISTINCT account, slot FROM ledger_step WHERE flow_count > 0

-- name: create-flow-cash
-- What is neither a position nor came from outside, just before each of them, and what came, by asset in whole units.
CREATE TABLE flow_cash AS
WITH opened AS (
  SELECT account, asset_id, sum(units)::DOUBLE AS units
  FROM opening_component
  SEMI JOIN flowing_account USING (account)
  WHERE instrument IS NULL
  GROUP BY account, asset_id
), stepped AS (
  SELECT account, asset_id, slot, flow, sum(change) OVER (PARTITION BY account, asset_id ORDER BY slot) AS changed
  FROM ledger_step
  JOIN attributed_asset ON symbol = asset
), had AS (
  SELECT account, asset_id FROM opened
  UNION
  SELECT account, asset_id FROM stepped
), asked AS (
  SELECT account, asset_id, flow_slot.slot
  FROM had
  JOIN flow_slot USING (account)
)
SELECT
  asked.account,
  asked.slot,
  asked.asset_id,
  coalesce(units, 0) / pow(10, decimals) + coalesce(changed, 0)
    - if(stepped.slot = asked.slot, flow, 0) AS amount,
  if(stepped.slot = asked.slot, flow, 0) AS flow
FROM asked
JOIN attributed_asset USING (asset_id)
LEFT JOIN opened ON opened.account = asked.account AND opened.asset_id = asked.asset_id
ASOF LEFT JOIN stepped
  ON stepped.account = asked.account AND stepped.asset_id = asked.asset_id AND asked.slot >= stepped.slot

-- name: create-flow-position
-- The positions of these accounts in each of those parts.
CREATE TABLE flow_position AS
SELECT account, slot, asset_id, instrument, opening::DOUBLE / pow(10, decimals) AS opening, opening_quantity AS quantity
FROM position_change
JOIN flow_slot USING (account)
JOIN attributed_asset USING (asset_id)

-- name: select-flow-marks
-- What is in force of each instrument that they are in: prices that are no older than the books permit, and delivery prices.
WITH asked AS (
  SELECT instrument, slot, kind, getvariable('from_ns') + (slot + 1) * getvariable('slot_ns') AS ends_ns
  FROM (SELECT DISTINCT instrument, slot FROM flow_position)
  CROSS JOIN (VALUES ('mark'), ('settlement'), ('forward'), ('volatility')) AS wanted (kind)
)
SELECT
  asked.instrument,
  slot,
  ends_ns,
  asked.kind,
  if(
    asked.kind = 'settlement' OR at_ns >= ends_ns - getvariable('slot_ns') - getvariable('max_mark_age_ns'),
    price::DOUBLE,
    NULL
  ) AS price,
  price_asset
FROM asked
ASOF LEFT JOIN mark ON asked.instrument = mark.instrument AND asked.kind = mark.kind AND ends_ns >= at_ns
ORDER BY slot, asked.instrument

-- name: select-slot-prices
-- The prices of all assets in the parts in which there are positions to value.
SELECT slot, symbol, price
FROM slot_price
SEMI JOIN flow_position USING (slot)

-- name: create-slot-move
-- What became of one contract from the first snapshot to a part of the period, as in instrument_move but in whole
-- units. Contracts for which it is not known are left out.
CREATE TABLE slot_move (
  instrument VARCHAR NOT NULL,
  slot BIGINT NOT NULL,
  ratio DOUBLE NOT NULL,
  step DOUBLE NOT NULL
)

-- name: create-linked-return
-- The returns between flows, multiplied, of the accounts whose value is known just before each flow. Nothing is returned on
-- nothing: where an account was empty before its first flow that stretch is left out.
CREATE TABLE linked_return AS
WITH valued AS (
  SELECT account, slot, amount * price AS worth, flow * price AS flow, is_fresh OR (amount = 0 AND flow = 0) AS is_known
  FROM flow_cash
  JOIN slot_price USING (asset_id, slot)
  UNION ALL
  SELECT account, slot, (opening * ratio + quantity * step) * price AS worth, 0 AS flow, is_fresh AND step IS NOT NULL AS is_known
  FROM flow_position
  JOIN slot_price USING (asset_id, slot)
  LEFT JOIN slot_move USING (instrument, slot)
), summed AS (
  SELECT account, slot, sum(worth) AS worth, sum(flow) AS flow, bool_and(is_known) AS is_known
  FROM valued
  GROUP BY account, slot
), stretch AS (
  SELECT
    account,
    slot,
    worth,
    lag(worth + flow, 1, opening) OVER (PARTITION BY account ORDER BY slot) AS invested,
    is_known
  FROM summed
  JOIN account_worth USING (account)
  UNION ALL
  SELECT account, 1024 AS slot, closing AS worth, last_invested AS invested, true AS is_known
  FROM account_worth
  JOIN (SELECT account, max_by(worth + flow, slot) AS last_invested FROM summed GROUP BY account) USING (account)
), judged AS (
  SELECT
    account,
    abs(invested) <= 1e-9 AND abs(worth) <= 1e-9 AS is_empty,
    is_known AND (is_empty OR (invested > 1e-9 AND worth >= 0)) AS is_sound,
    if(is_empty OR NOT is_sound, 1, worth / invested) AS grown
  FROM stretch
)
SELECT account, product(grown) - 1 AS linked
FROM judged
GROUP BY account
HAVING bool_and(is_sound) AND NOT bool_and(is_empty)

-- section: returns

-- name: create-performance
-- Values, flows and returns of every account. time_weighted is the return between flows where these returns are known,
-- or where nothing came from outside. Else it is the return of Modified Dietz. method says which. money_weighted solves
-- opening · (1 + r) + Σ flow · (1 + r)^weight = closing by Newton's method. Both are null where what was invested is
-- not above 0.
CREATE TABLE performance AS
WITH flowed AS (
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
    if(opening + coalesce(weighted, 0) > 0, result / (opening + coalesce(weighted, 0)), NULL) AS dietz,
    flows,
    weights
  FROM account_worth
  LEFT JOIN flowed USING (account)
), solved AS (
  SELECT
    *,
    CASE
      WHEN dietz IS NULL OR flows IS NULL THEN dietz
      WHEN dietz <= -0.99 THEN NULL
      ELSE list_reduce(
        list_prepend(dietz, range(12)::DOUBLE[]),
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
  coalesce(linked, dietz) AS time_weighted,
  CASE
    WHEN linked IS NOT NULL OR (dietz IS NOT NULL AND flows IS NULL) THEN 'sub-periods'
    WHEN dietz IS NOT NULL THEN 'modified-dietz'
  END AS method,
  if(miss <= 1e-9 * (abs(opening) + abs(closing) + abs(net_flow) + 1), rate, NULL) AS money_weighted
FROM checked
LEFT JOIN linked_return USING (account)
ORDER BY account

-- name: write-performance
-- performance.parquet, by account.
COPY performance TO (getvariable('out_path')) (FORMAT parquet, COMPRESSION zstd)

-- name: write-performance-csv
-- performance.csv: the same rows.
COPY (
  SELECT * REPLACE (cell_text(account) AS account)
  FROM performance
) TO (getvariable('out_path')) (FORMAT csv, HEADER true, DELIMITER ',', QUOTE '"', ESCAPE '"', FORCE_QUOTE (account))

-- name: select-performance-summary
-- How many accounts have a return, and how they are spread.
SELECT
  count(*) AS accounts,
  count(time_weighted) AS with_return,
  count_if(method = 'sub-periods') AS linked,
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
