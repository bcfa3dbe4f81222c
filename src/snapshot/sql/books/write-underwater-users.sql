-- underwater.csv: what each user under water holds and owes, in proof units of that many decimals.
COPY (
  SELECT user_id, symbol AS asset, decimals, equity_units, debt_units
  FROM holding
  SEMI JOIN underwater_account USING (user_id)
  JOIN asset USING (asset_index)
  ORDER BY user_id, asset_index
) TO (getvariable('underwater_path')) (FORMAT csv, HEADER true)
