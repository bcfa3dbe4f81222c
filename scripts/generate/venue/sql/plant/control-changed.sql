-- The control account of an asset has another amount than the accounts together.
UPDATE control
SET amount = amount - 0.01
WHERE asset = (SELECT asset FROM plant_row)
RETURNING NULL::VARCHAR AS account, asset, NULL::VARCHAR AS instrument
