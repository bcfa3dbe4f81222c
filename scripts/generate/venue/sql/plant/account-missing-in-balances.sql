-- The wallet system has forgotten an account.
DELETE FROM balances
WHERE account = (SELECT account FROM plant_row)
RETURNING account, asset, NULL::VARCHAR AS instrument
