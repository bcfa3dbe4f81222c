-- An asset has no price.
DELETE FROM prices
WHERE asset = (SELECT asset FROM plant_row)
RETURNING NULL::VARCHAR AS account, asset, NULL::VARCHAR AS instrument
