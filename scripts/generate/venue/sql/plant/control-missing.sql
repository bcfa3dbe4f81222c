-- An asset has no control account.
DELETE FROM control
WHERE asset = (SELECT asset FROM plant_row)
RETURNING NULL::VARCHAR AS account, asset, NULL::VARCHAR AS instrument
