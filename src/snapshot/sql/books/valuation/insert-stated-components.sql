-- The stated amounts of users' accounts in proof units, each rounded up.
INSERT INTO component (account, bucket, asset_index, kind, reference, value_units, rounding)
SELECT
  account,
  bucket,
  asset_index,
  kind,
  reference,
  amount_units(amount, asset_unit),
  amount_rounding(amount, asset_unit)
FROM stated_component
SEMI JOIN valued_account USING (account)
JOIN asset_unit USING (asset_index)
WHERE amount <> 0
