-- A row of the ledger is lost, from the middle of a holding's.
DELETE FROM ledger
WHERE reference = (SELECT reference FROM plant_row)
RETURNING account, asset, NULL::VARCHAR AS instrument
