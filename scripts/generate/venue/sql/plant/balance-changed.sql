-- A user's balance is stated higher than the ledger makes it.
UPDATE balances
SET amount = amount + 0.01
WHERE (account, asset) = (SELECT (account, asset) FROM plant_row)
RETURNING account, asset, NULL::VARCHAR AS instrument
