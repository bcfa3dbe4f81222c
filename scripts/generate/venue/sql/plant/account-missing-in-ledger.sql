-- The ledger knows nothing of an account; nor does it begin with anything there.
DELETE FROM ledger
WHERE account = (SELECT account FROM plant_row)
RETURNING account, asset, NULL::VARCHAR AS instrument
