-- Files that a snapshot seals for programs, beside the statements: every component as a row, the terms and the prices
-- in force of every instrument that users have, and what the house's own accounts hold. Parquet has no 128-bit
-- integers, and DuckDB would write them as floating point: proof units are decimals without fraction digits here.

-- name: write-components
-- components.parquet: the lines of all statements, by account. Quantity and entry price are of positions alone.
COPY (
  SELECT
    user_id,
    account,
    bucket,
    asset_index,
    kind,
    reference,
    instrument,
    if(instrument IS NULL, NULL, quantity)::DECIMAL(38, 18) AS quantity,
    entry_price::DECIMAL(38, 18) AS entry_price,
    value_units::DECIMAL(38, 0) AS value_units
  FROM component
  JOIN book_account USING (account)
  ORDER BY account, bucket, asset_index, kind, reference
) TO (getvariable('details_path')) (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)

-- name: write-instruments
-- instruments.parquet: the terms of every instrument that users have open positions in, and its prices in force. An
-- instrument that has expired has a delivery price from the expiry on. Others have prices that are not older than
-- permitted. rate and day_count are those of model prices, absent where the configuration allows none.
COPY (
  WITH last_mark AS (
    SELECT instrument, kind, arg_max(price, at_ns) AS price, arg_max(price_asset, at_ns) AS price_asset, max(at_ns) AS last_at_ns
    FROM mark
    SEMI JOIN held_instrument USING (instrument)
    WHERE at_ns <= getvariable('at_ns')
    GROUP BY instrument, kind
  ), in_force AS (
    SELECT last_mark.*
    FROM last_mark
    JOIN instrument USING (instrument)
    WHERE CASE
      WHEN coalesce(expiry_ns <= getvariable('at_ns'), false)
        THEN last_mark.kind = 'settlement' AND last_at_ns >= expiry_ns
      ELSE last_mark.kind <> 'settlement' AND getvariable('at_ns') - last_at_ns <= getvariable('max_mark_age_ns')
    END
  ), placed AS (
    SELECT
      instrument,
      any_value(price) FILTER (kind = 'mark') AS mark_price,
      any_value(price_asset) FILTER (kind = 'mark') AS mark_asset,
      any_value(last_at_ns) FILTER (kind = 'mark') AS mark_at_ns,
      any_value(price) FILTER (kind = 'settlement') AS delivery_price,
      any_value(price_asset) FILTER (kind = 'settlement') AS delivery_asset,
      any_value(last_at_ns) FILTER (kind = 'settlement') AS delivery_at_ns,
      any_value(price) FILTER (kind = 'forward') AS forward_price,
      any_value(price_asset) FILTER (kind = 'forward') AS forward_asset,
      any_value(last_at_ns) FILTER (kind = 'forward') AS forward_at_ns,
      any_value(price) FILTER (kind = 'volatility') AS volatility,
      any_value(last_at_ns) FILTER (kind = 'volatility') AS volatility_at_ns
    FROM in_force
    GROUP BY instrument
  )
  SELECT
    instrument.instrument,
    kind,
    underlying,
    settlement_index,
    contract_size,
    style,
    strike,
    expiry_ns,
    option_right,
    netted,
    placed.* EXCLUDE (instrument),
    getvariable('model_rate')::DECIMAL(38, 18) AS rate,
    getvariable('model_day_count')::VARCHAR AS day_count
  FROM instrument
  SEMI JOIN held_instrument USING (instrument)
  LEFT JOIN placed USING (instrument)
  ORDER BY instrument.instrument
) TO (getvariable('details_path')) (FORMAT parquet, COMPRESSION zstd)

-- name: write-house
-- house.parquet: the accounts that are no users', with their cash in proof units, rounded down; one without cash is a row
-- without an asset.
COPY (
  WITH held AS (
    SELECT
      account,
      asset_index,
      (-amount_units(-sum(amount), any_value(asset_unit)))::DECIMAL(38, 0) AS value_units
    FROM cash
    SEMI JOIN (SELECT account FROM book_account WHERE class <> 'user') AS house USING (account)
    JOIN asset_unit USING (asset_index)
    GROUP BY account, asset_index
    HAVING sum(amount) <> 0
  )
  SELECT account, class, asset_index, value_units
  FROM book_account
  LEFT JOIN held USING (account)
  WHERE class <> 'user'
  ORDER BY account, asset_index
) TO (getvariable('details_path')) (FORMAT parquet, COMPRESSION zstd)
