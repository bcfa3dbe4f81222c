-- An account belongs to no one.
DELETE FROM accounts
WHERE account = (SELECT account FROM plant_row)
RETURNING account, NULL::VARCHAR AS asset, NULL::VARCHAR AS instrument
