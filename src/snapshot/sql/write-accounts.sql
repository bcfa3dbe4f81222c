-- accounts.parquet: the holdings of each user, by user id (in the order of its UTF-8 bytes) and asset. An account with
-- nothing in it is one row without an asset. Each row of a user has the hash of their statement, null where there is none.
COPY (
  WITH account_row AS (
    SELECT user_id, asset_index, equity_units, debt_units
    FROM holding
    WHERE equity_units > 0 OR debt_units > 0
    UNION ALL
    SELECT user_id, NULL AS asset_index, 0::UBIGINT AS equity_units, 0::UBIGINT AS debt_units
    FROM holding
    GROUP BY user_id
    HAVING bool_and(holding.equity_units = 0 AND holding.debt_units = 0)
  )
  SELECT user_id, asset_index, equity_units, debt_units, hash AS statement
  FROM account_row
  LEFT JOIN statement USING (user_id)
  ORDER BY user_id, asset_index
) TO (getvariable('accounts_path')) (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)
