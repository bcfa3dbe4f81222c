-- A future has no mark.
DELETE FROM marks
WHERE instrument = (SELECT instrument FROM plant_future)
RETURNING NULL::VARCHAR AS account, NULL::VARCHAR AS asset, instrument
