-- A balance is stated twice.
INSERT INTO balances
SELECT *
FROM balances
WHERE (account, asset) = (SELECT (account, asset) FROM plant_row)
RETURNING account, asset, NULL::VARCHAR AS instrument
