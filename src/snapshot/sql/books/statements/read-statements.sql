-- statements.parquet in the order in which it was written, with the hash of each.
SELECT
  user_id,
  encode(statement) AS statement,
  unhex(left(sha256(concat('solvent/statement/v1', chr(0), statement)), 62)) AS hash
FROM read_parquet(getvariable('statements_pattern'))
