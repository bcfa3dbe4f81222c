-- All components, in the order of a statement's lines.
SELECT
  account,
  bucket,
  asset_index,
  kind,
  reference,
  instrument,
  quantity::VARCHAR,
  price,
  price_asset,
  price_source,
  price_at_ns,
  entry_price,
  value_units,
  rounding
FROM component
ORDER BY account, bucket, asset_index, kind, reference
