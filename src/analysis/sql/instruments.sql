-- The instruments of a sealed snapshot.

-- name: select-instruments
-- The terms and the prices in force of every instrument that users have a position in; amounts as floating point.
SELECT
  instrument,
  kind,
  underlying,
  settlement_index,
  concat_ws(' ', kind, underlying, contract_size, style, strike, expiry_ns, option_right) AS exact_terms,
  contract_size::DOUBLE AS contract_size,
  style,
  strike::DOUBLE AS strike,
  expiry_ns,
  option_right,
  mark_price::DOUBLE AS mark_price,
  mark_asset,
  delivery_price::DOUBLE AS delivery_price,
  delivery_asset,
  forward_price::DOUBLE AS forward_price,
  forward_asset,
  volatility::DOUBLE AS volatility,
  coalesce(rate::DOUBLE, 0::DOUBLE) AS rate,
  coalesce(day_count, 'act/365') AS day_count
FROM read_parquet(
  getvariable('instruments_pattern'),
  hive_partitioning = false,
  union_by_name = false,
  filename = false,
  binary_as_string = false
)
ORDER BY instrument
