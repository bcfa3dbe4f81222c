-- The amount of a row of the ledger is another than it was.
UPDATE ledger
SET amount = amount + 0.01
WHERE reference = (SELECT reference FROM plant_row)
RETURNING account, asset, NULL::VARCHAR AS instrument
