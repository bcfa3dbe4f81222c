-- What the tests of valuation ask of the tables.

-- name: select-components
-- All components, in the order of a statement's lines.
SELECT
  account,
  bucket,
  asset_index,
  kind,
  reference,
  instrument,
  quantity,
  entry_price,
  value_units,
  rounding,
  terms,
  quote,
  conversion
FROM component
LEFT JOIN quoted_instrument USING (instrument)
ORDER BY account, bucket, asset_index, kind, reference

-- name: select-holdings
-- All holdings, by user and asset.
SELECT user_id, asset_index, equity_units, debt_units, equity_rounding, debt_rounding
FROM holding
ORDER BY user_id, asset_index
