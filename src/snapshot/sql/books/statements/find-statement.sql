-- The statement of one user.
SELECT encode(statement) AS statement
FROM read_parquet(getvariable('statements_pattern'))
WHERE user_id = getvariable('user_id')
