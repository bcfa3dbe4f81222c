-- A row of the ledger is there twice.
INSERT INTO ledger
SELECT *
FROM ledger
WHERE reference = (SELECT reference FROM plant_row)
RETURNING account, asset, NULL::VARCHAR AS instrument
