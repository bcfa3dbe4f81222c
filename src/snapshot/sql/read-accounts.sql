-- accounts.parquet in the order in which it was written.
SELECT user_id, asset_index, equity_units, debt_units, statement
FROM read_parquet(getvariable('accounts_pattern'))
