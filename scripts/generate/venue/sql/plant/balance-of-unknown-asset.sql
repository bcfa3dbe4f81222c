-- A balance is in an asset that is not listed.
INSERT INTO balances
SELECT account, 'NOPE' AS asset, 1 AS amount
FROM plant_row
RETURNING account, asset, NULL::VARCHAR AS instrument
