-- A line for each debt that is written off with its user, which brings its bucket back to nothing.
INSERT INTO component BY NAME
SELECT
  account,
  bucket,
  asset_index,
  'write-off' AS kind,
  '' AS reference,
  -sum(value_units) AS value_units,
  0::HUGEINT AS rounding
FROM component
JOIN valued_account USING (account)
SEMI JOIN underwater_account USING (user_id)
GROUP BY account, bucket, asset_index
HAVING sum(value_units) < 0
